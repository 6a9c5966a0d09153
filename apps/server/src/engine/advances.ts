import type { EpochMs } from "@viaggio/journey-model"
import type { Db } from "../db/client.ts"
import type { Dispatcher } from "../effects/dispatcher.ts"
import type { Ports } from "../ports.ts"
import * as store from "./clock-store.ts"
import { CONCURRENT, type Worker } from "./worker.ts"

/** After so many steps an advance is cut short: a journey that goes round and round would never end. */
const MOST_STEPS = 10_000_000
/** Between two looks at what the other processes still have to do. */
const WAIT_MS = 5
const LONGEST_WAIT_MS = 50
/** How long a process works its own buckets before it looks at the order again. */
const SLICE_MS = 1_000
/** The safety net under the signals. */
const POLL_MS = 250

export type Advance = Pick<store.AdvanceRow, "run" | "clock" | "target"> & { workspace: number }

export type Advances = {
  /** Carries out what this process can, until the advance is finished by whomever; `deadline` in monotonic ms. */
  work(advance: Advance, due: readonly store.DueBucket[] | undefined, deadline: number): Promise<void>
  /** Looks for advances that others have ordered or left behind. */
  look(): void
  start(): void
  stop(): Promise<void>
}

/**
 * One process' part in moving test clocks. Each works the buckets it owns; whoever finds that nothing is left in
 * any bucket sets the clock. So an advance outlives the process that ordered it.
 */
export const createAdvances = (deps: {
  db: Db
  ports: Ports
  worker: Worker
  dispatcher: Dispatcher
  /** Goes on with the merging of people; answers whether there was anything. */
  merge(): Promise<boolean>
  /** Other processes have buckets in which something is due. */
  onElsewhere(): void
  log: { error(error: unknown, text: string): void }
}): Advances => {
  const running = new Map<string, { over: Promise<void>; deadline: number }>()
  let stopping = false
  let looking = false
  let timer: NodeJS.Timeout | undefined

  const work: Advances["work"] = (advance, due, deadline) => {
    const present = running.get(advance.run)
    if (present !== undefined) {
      present.deadline = Math.min(present.deadline, deadline)
      return present.over
    }
    const entry = { over: Promise.resolve(), deadline }
    running.set(advance.run, entry)
    entry.over = carryOut(advance, due, entry).finally(() => running.delete(advance.run))
    return entry.over
  }

  const carryOut = async (
    advance: Advance,
    first: readonly store.DueBucket[] | undefined,
    entry: { readonly deadline: number },
  ): Promise<void> => {
    const wanted = { workspace: advance.workspace, clock: advance.clock, to: advance.target }
    let due = first ?? (await store.findDueBuckets(deps.db, wanted))
    let waitMs = WAIT_MS
    let told = false
    while (!stopping && deps.ports.monotonicMs() < entry.deadline) {
      const owned = new Set(deps.worker.owned())
      const mine = due.filter(row => owned.has(row.bucket))
      if (!told && mine.length < due.length) {
        deps.onElsewhere()
        told = true
      }
      const moved = mine.length > 0 && (await workOwn(advance, mine, entry.deadline))
      if (moved || due.length === 0) {
        const left = await finish(deps.db, advance)
        if (left === undefined) return
        due = left
        waitMs = WAIT_MS
      } else {
        await deps.ports.sleep(waitMs)
        waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2)
        const row = (await store.readAdvance(deps.db, { workspace: advance.workspace }))[0]
        if (row?.run !== advance.run || !row.is_open) return
        due = await store.findDueBuckets(deps.db, wanted)
      }
    }
  }

  /** Works the due buckets of this process, and sends what came of it. Answers whether anything moved. */
  const workOwn = async (
    advance: Advance,
    mine: readonly store.DueBucket[],
    deadline: number,
  ): Promise<boolean> => {
    const until = Math.min(deadline, deps.ports.monotonicMs() + SLICE_MS)
    const mayGoOn = () => !stopping && deps.ports.monotonicMs() < until
    const choice = {
      clock: advance.clock,
      upTo: advance.target,
      advance: { workspace: advance.workspace, run: advance.run },
    }
    let did = mine.some(row => row.merging) && (await deps.merge()) ? 1 : 0
    let messages = mine.filter(row => row.messages).length
    const left = mine.filter(row => row.work).map(row => row.bucket)
    // Every batch holds a connection and may need another one for a moment; all at once would wait for each other.
    const drainSome = async () => {
      for (let bucket = left.pop(); bucket !== undefined && mayGoOn(); bucket = left.pop()) {
        const part = await deps.worker.drain(bucket, choice, mayGoOn)
        did += part.events + part.steps
        messages += part.messages
      }
    }
    await Promise.all(Array.from({ length: CONCURRENT }, drainSome))
    if (messages > 0) await deps.dispatcher.drain(advance.clock)
    return did + messages > 0
  }

  const look = () => {
    if (looking || stopping) return
    looking = true
    store
      .readOpenAdvances(deps.db, {})
      .then(rows => {
        for (const { workspace_id: workspace, run, clock, target } of rows)
          work({ workspace, run, clock, target }, undefined, Number.POSITIVE_INFINITY).catch(failed)
      })
      .catch(failed)
      .finally(() => {
        looking = false
      })
  }
  const failed = (error: unknown) =>
    deps.log.error(error, "a test clock could not be moved and will be tried again")

  return {
    work,
    look,
    start() {
      timer = setInterval(look, POLL_MS)
      timer.unref()
    },
    async stop() {
      stopping = true
      clearInterval(timer)
      await Promise.allSettled([...running.values()].map(entry => entry.over))
    },
  }
}

/**
 * Sets the clock when nothing is left to do in any bucket, and closes the advance; one that has gone on for too
 * many steps is closed as it is.
 * @returns what is still due; undefined when the advance is over
 */
const finish = (db: Db, { workspace, run, clock, target }: Advance) =>
  db.transaction(async tx => {
    const [, [row], [counts]] = await Promise.all([
      store.lockClock(tx, { workspace }),
      store.readAdvance(tx, { workspace }),
      store.readCounts(tx, { workspace, run }),
    ])
    if (row?.run !== run || !row.is_open) return undefined
    const due = await store.findDueBuckets(tx, { workspace, clock, to: target })
    const isOver = due.length === 0
    if (!isOver && counts!.steps < MOST_STEPS) return due
    await Promise.all([
      isOver ? store.setTestClock(tx, workspace, target) : undefined,
      store.closeAdvance(tx, { workspace, run, done: isOver }),
    ])
    return undefined
  })

/** Orders an advance, or does it at once where nothing is due. */
export type Ordered =
  | { kind: "done" }
  | { kind: "backwards"; now: EpochMs }
  | { kind: "busy"; target: EpochMs }
  | { kind: "ordered"; advance: Advance; due: store.DueBucket[] }

/** One at a time per sandbox: whoever finds another one under way to the same instant joins it. */
export const orderAdvance = (
  db: Db,
  { workspace, clock, to, run }: { workspace: number; clock: number; to: EpochMs; run: string },
): Promise<Ordered> =>
  db.transaction(async (tx): Promise<Ordered> => {
    const [[standing], [row]] = await Promise.all([
      store.lockClock(tx, { workspace }),
      store.readAdvance(tx, { workspace }),
    ])
    const now = standing!.now
    if (to < now) return { kind: "backwards", now }
    if (row?.is_open === true && row.target !== to) return { kind: "busy", target: row.target }
    const due = await store.findDueBuckets(tx, { workspace, clock, to })
    const advance = { workspace, clock, target: to, run: row?.is_open === true ? row.run : run }
    if (row?.is_open === true) return { kind: "ordered", advance, due }
    if (due.length === 0) {
      await store.setTestClock(tx, workspace, to)
      return { kind: "done" }
    }
    await Promise.all([
      store.commitLazily(tx, {}),
      store.openAdvance(tx, { workspace, run, clock, target: to }),
    ])
    return { kind: "ordered", advance, due }
  })
