import { type EpochMs, formatInstant } from "@viaggio/journey-model"
import type { Advance } from "../answers.ts"
import type { Db } from "../db/client.ts"
import type { Dispatcher } from "../effects/dispatcher.ts"
import type { Ports } from "../ports.ts"
import { Refusal } from "../refusal.ts"
import * as store from "./clock-store.ts"
import { CONCURRENT, type Worker } from "./worker.ts"

/** The call answers `done: false` after so long; called again, it goes on. */
const MOST_MS = 60_000
const MOST_STEPS = 10_000_000
const WAIT_MS = 5

type SandboxLike = { id: number; sandbox: boolean; clock: number; clockNow?: EpochMs | undefined }

/**
 * Moves a sandbox's test clock. Each bucket runs its stimuli in the order of their instants up to `to`, each at
 * its own instant; the clock stands at `to` only when nothing is left to do before it.
 */
export const createClock = (deps: { db: Db; ports: Ports; worker: Worker; dispatcher: Dispatcher }) => {
  const moving = new Set<number>()

  const get = async (workspace: SandboxLike): Promise<{ sandbox: boolean; now: EpochMs }> => ({
    sandbox: workspace.sandbox,
    now:
      (workspace.sandbox ? await store.readTestClock(deps.db, workspace.id) : undefined) ?? deps.ports.now(),
  })

  /** Waits until every bucket's worker has taken in what stood in the logs at this moment. */
  const consumeLog = async (deadline: number): Promise<boolean> => {
    const heads = await store.readBehind(deps.db, {})
    if (heads.length === 0) return true
    deps.worker.wake(heads.map(h => h.bucket))
    const targets = new Map(heads.map(h => [h.bucket, h.head_seq]))
    for (;;) {
      const behind = await store.readBehind(deps.db, {})
      if (!behind.some(b => b.cursor_seq < (targets.get(b.bucket) ?? 0))) return true
      if (deps.ports.monotonicMs() > deadline) return false
      await deps.ports.sleep(WAIT_MS)
    }
  }

  const run = async (workspace: SandboxLike, to: EpochMs): Promise<Advance> => {
    const deadline = deps.ports.monotonicMs() + MOST_MS
    const sum = { events: 0, steps: 0, messages: 0 }
    const mayGoOn = () => deps.ports.monotonicMs() < deadline && sum.steps < MOST_STEPS
    // Every batch holds a connection and may need another one for a moment; all at once would wait for each other.
    const drainSome = async (buckets: number[]) => {
      for (let bucket = buckets.pop(); bucket !== undefined && mayGoOn(); bucket = buckets.pop()) {
        const part = await deps.worker.drain(bucket, { clock: workspace.clock, upTo: to }, mayGoOn)
        sum.events += part.events
        sum.steps += part.steps
        sum.messages += part.messages
      }
    }
    let done = await consumeLog(deadline)
    while (done) {
      const due = await store.findDueBuckets(deps.db, workspace.clock, to)
      if (due.length === 0) break
      const before = sum.events + sum.steps
      const buckets = due.map(row => row.bucket)
      await Promise.all(Array.from({ length: CONCURRENT }, () => drainSome(buckets)))
      done = mayGoOn()
      // Nothing moved: another process has the buckets, or a bucket was busy with its jobs.
      if (sum.events + sum.steps === before) await deps.ports.sleep(WAIT_MS)
    }
    await deps.dispatcher.drain(workspace.clock)
    if (done) await store.setTestClock(deps.db, workspace.id, to)
    const { now } = await get(workspace)
    return { now: formatInstant(now), ...sum, done }
  }

  return {
    get,
    async advance(workspace: SandboxLike, to: EpochMs): Promise<Advance> {
      if (!workspace.sandbox)
        throw new Refusal(
          "conflict",
          "Only a sandbox has a clock that can be moved; this workspace runs in real time.",
        )
      if (moving.has(workspace.id))
        throw new Refusal("conflict", "The clock of this sandbox is being moved already.")
      moving.add(workspace.id)
      try {
        const { now } = await get(workspace)
        if (to < now)
          throw new Refusal(
            "unprocessable",
            `The clock stands at ${formatInstant(now)} and moves only forward.`,
          )
        return await run(workspace, to)
      } finally {
        moving.delete(workspace.id)
      }
    },
  }
}
