import { type EpochMs, formatInstant } from "@viaggio/journey-model"
import type { Advance } from "../answers.ts"
import type { Db } from "../db/client.ts"
import { readHeld } from "../db/held.ts"
import type { Ports } from "../ports.ts"
import { Refusal } from "../refusal.ts"
import { type Advances, orderAdvance } from "./advances.ts"
import * as store from "./clock-store.ts"

/** The call answers `done: false` after so long; called again, it goes on. */
const MOST_MS = 60_000
const WAIT_MS = 10

type SandboxLike = { id: number; sandbox: boolean; clock: number; clockNow?: EpochMs | undefined }

/**
 * Moves a sandbox's test clock. Each bucket runs its stimuli in the order of their instants up to `to`, each at
 * its own instant; the clock stands at `to` only when nothing is left to do before it, in whosever bucket.
 */
export const createClock = (deps: { db: Db; ports: Ports; advances: Advances }) => {
  const get = async (workspace: SandboxLike): Promise<{ sandbox: boolean; now: EpochMs }> => ({
    sandbox: workspace.sandbox,
    now:
      (workspace.sandbox ? await store.readTestClock(deps.db, workspace.id) : undefined) ?? deps.ports.now(),
  })

  /** Waits until an advance is over; one that takes too long is cut short, so that the next call can go on. */
  const waitFor = async (workspace: number, run: string, deadline: number): Promise<boolean> => {
    for (;;) {
      const [row] = await store.readAdvance(deps.db, { workspace })
      if (row?.run !== run) return false
      if (!row.is_open) return row.done
      if (deps.ports.monotonicMs() >= deadline)
        await store.closeAdvance(deps.db, { workspace, run, done: false })
      else await deps.ports.sleep(WAIT_MS)
    }
  }

  return {
    get,
    async advance(workspace: SandboxLike, to: EpochMs): Promise<Advance> {
      if (!workspace.sandbox)
        throw new Refusal(
          "conflict",
          "Only a sandbox has a clock that can be moved; this workspace runs in real time.",
        )
      const deadline = deps.ports.monotonicMs() + MOST_MS
      const { id, clock } = workspace
      if ((await readHeld(deps.db, {}))[0]?.held === true)
        throw new Refusal(
          "conflict",
          "This installation was restored from a backup and waits for its owner; the Status page says what for.",
        )
      const ordered = await orderAdvance(deps.db, { workspace: id, clock, to, run: deps.ports.newId() })
      if (ordered.kind === "backwards")
        throw new Refusal(
          "unprocessable",
          `The clock stands at ${formatInstant(ordered.now)} and moves only forward.`,
        )
      if (ordered.kind === "busy")
        throw new Refusal(
          "conflict",
          `The clock of this sandbox is being moved to ${formatInstant(ordered.target)} already.`,
        )
      if (ordered.kind === "done")
        return { now: formatInstant(to), events: 0, steps: 0, messages: 0, done: true }
      const { run } = ordered.advance
      await deps.advances.work(ordered.advance, ordered.due, deadline)
      const done = await waitFor(id, run, deadline)
      const [[counts], { now }] = await Promise.all([
        store.readCounts(deps.db, { workspace: id, run }),
        get(workspace),
      ])
      return { now: formatInstant(now), ...counts!, done }
    },
  }
}
