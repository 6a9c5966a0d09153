import { createHash } from "node:crypto"
import { Worker } from "node:worker_threads"
import { createDice, type Dice } from "../testing/dice.ts"

/** `outcome`: what became of it in a word, so that a run can say whether its inputs got anywhere. */
export type Fed = { outcome: string | number; wrong?: string | undefined }

/** Something that takes inputs: `feed` makes one from the dice and gives it. */
export type Target = { name: string; share: number; feed(dice: Dice): Promise<Fed> }

/** How often each target had each outcome. */
export type Outcomes = Record<string, Record<string, number>>
export type Finding = { target: string; input: number; text: string }

/** An input that takes longer is a hang in the making. */
const SLOW_MS = 2_000
const DEAD_MS = 60_000
const MOST_FINDINGS = 20

/**
 * Feeds each target its share of `inputs`. Every input has a seed of its own, made from the run's seed, the target and
 * its number, so that one input can be had again without those before it.
 */
export const fuzz = async (
  targets: readonly Target[],
  options: { inputs: number; seed: number; only?: string; from?: number },
): Promise<{ outcomes: Outcomes; findings: Finding[] }> => {
  const watchdog = watch()
  const findings: Finding[] = []
  const shares = targets.reduce((sum, target) => sum + target.share, 0)
  const outcomes: Outcomes = {}
  try {
    for (const target of targets) {
      if (options.only !== undefined && options.only !== target.name) continue
      const count = Math.ceil((options.inputs * target.share) / shares)
      for (let input = options.from ?? 0; input < count && findings.length < MOST_FINDINGS; input += 1) {
        const { outcome, wrong } = await feedOne(target, input, options.seed, watchdog)
        outcomes[target.name] ??= {}
        outcomes[target.name]![outcome] = (outcomes[target.name]![outcome] ?? 0) + 1
        if (wrong !== undefined) findings.push({ target: target.name, input, text: wrong.slice(0, 1_500) })
      }
    }
  } finally {
    await watchdog.stop()
  }
  return { outcomes, findings }
}

const feedOne = async (target: Target, input: number, seed: number, watchdog: Watchdog): Promise<Fed> => {
  watchdog.look(`${target.name}, input ${input}, seed ${seed}`)
  const digest = createHash("sha256").update(`${seed}:${target.name}:${input}`).digest()
  const startedAt = process.cpuUsage()
  try {
    const fed = await target.feed(createDice(digest.readUInt32LE()))
    const ms = Math.round(process.cpuUsage(startedAt).user / 1_000)
    return ms > SLOW_MS ? { ...fed, wrong: fed.wrong ?? `took ${ms} ms` } : fed
  } catch (error) {
    return { outcome: "threw", wrong: `threw ${(error as Error)?.stack ?? error}` }
  }
}

type Watchdog = { look(at: string): void; stop(): Promise<unknown> }

/** A thread that ends the process when one input does not end, and says which; the main thread cannot. */
const watch = (): Watchdog => {
  const source = `
    const { parentPort } = require("node:worker_threads")
    let at = "nothing", since = Date.now()
    parentPort.on("message", text => { at = text; since = Date.now() })
    setInterval(() => {
      if (Date.now() - since < ${DEAD_MS}) return
      require("node:fs").writeSync(2, "hangs at " + at + "\\n")
      process.kill(process.pid, "SIGKILL")
    }, 1000)`
  const worker = new Worker(source, { eval: true })
  return { look: at => worker.postMessage(at), stop: () => worker.terminate() }
}
