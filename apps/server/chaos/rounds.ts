import { setTimeout as pause } from "node:timers/promises"
import { createDice } from "../testing/dice.ts"
import type { Faults } from "./checks.ts"
import { POOL, startFleet, Victim } from "./fleet.ts"
import { type Inspection, inspect, publishPassage } from "./inspect.ts"
import { openShop } from "./shoppers.ts"
import { startSink } from "./sink.ts"

export type Report = Inspection & {
  seed: number
  kills: Record<Victim, number>
  shoppers: number
  events: number
  retries: number
}

const ADMIN_KEY = "the-key-of-the-crash-test"
/** A kill comes at a random moment of this span after its predecessor's successor was ready. */
const LONGEST_WAIT_MS = 1_500

/** All four in every four rounds, in a random order. */
const schedule = (rounds: number, shuffle: <T>(list: readonly T[]) => T[]): Victim[] =>
  Array.from({ length: Math.ceil(rounds / 4) }, () => shuffle(Object.values(Victim)))
    .flat()
    .slice(0, rounds)

/** Kills real processes at random moments while people shop, then looks whether all is as it was promised. */
export const runRounds = async (options: {
  rounds: number
  seed: number
  perSecond: number
  say(line: string): void
}): Promise<Report> => {
  const { rounds, seed, say } = options
  const dice = createDice(seed)
  const faults: Faults = []
  const note = (fault: string) => {
    say(fault)
    faults.push(fault.slice(0, 2_000))
  }
  const sink = await startSink(createDice(seed + 1))
  const fleet = await startFleet({
    dice,
    smtpUrl: sink.url,
    adminKey: ADMIN_KEY,
    onLost: error => note(error.message),
  })
  try {
    await publishPassage(fleet.databaseUrl, ADMIN_KEY)
    const shop = openShop({
      dice: createDice(seed + 2),
      perSecond: options.perSecond,
      writeKey: ADMIN_KEY,
      doors: fleet.doors,
      onBroken: error => note(`a customer was turned away: ${error.message}`),
    })
    const kills = { worker: 0, web: 0, postgres: 0, connection: 0 }
    for (const [i, victim] of schedule(rounds, dice.shuffle).entries()) {
      const waitMs = dice.between(100, LONGEST_WAIT_MS)
      await pause(waitMs)
      const startedAt = performance.now()
      await fleet.kill(victim)
      kills[victim] += 1
      const took = Math.round(performance.now() - startedAt)
      say(`round ${i + 1}: ${victim} killed after ${waitMs} ms, all there again after ${took} ms`)
    }
    await pause(LONGEST_WAIT_MS)
    await shop.close()
    const mostDoubles = kills.worker * POOL
    const found = await inspect(fleet.databaseUrl, ADMIN_KEY, { sink, shop, mostDoubles })
    for (const fault of found.faults) note(fault)
    if (faults.length > 0) say(fleet.output().slice(-5_000))
    return {
      ...found,
      seed,
      kills,
      shoppers: shop.done.length,
      events: shop.accepted.size,
      retries: shop.retries(),
      faults,
    }
  } finally {
    await fleet.stop()
    await sink.close()
  }
}
