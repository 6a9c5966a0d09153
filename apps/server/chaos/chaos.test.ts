import { expect, it } from "vitest"
import { runRounds } from "./rounds.ts"

/** Ten short rounds by themselves; `npm run chaos` asks for a hundred. A seed brings the same kills again. */
const rounds = Number(process.env.CHAOS_ROUNDS ?? 10)
const perSecond = Number(process.env.CHAOS_PER_SECOND ?? 15)
const seed = Number(process.env.CHAOS_SEED ?? Math.floor(Math.random() * 2 ** 31))

it(
  `loses nothing and does nothing twice in ${rounds} rounds of kill -9 (seed ${seed})`,
  async () => {
    const report = await runRounds({ rounds, seed, perSecond, say: line => console.log(line) })
    console.log(JSON.stringify(report, null, 2))
    expect(report.faults).toEqual([])
    expect(report.shoppers).toBeGreaterThan(100)
    expect(report.merges).toBeGreaterThan(50)
  },
  300_000 + rounds * 30_000,
)
