import { answerOfStub, type CustomerTurn, type EpochMs, foldCustomer } from "@viaggio/journey-model"
import type { Db, Tx } from "../db/client.ts"
import { errorCode } from "../db/connect.ts"
import { InternalKind } from "../ingest/message.ts"
import type { EventNames } from "../ingest/names.ts"
import { addCounts } from "./clock-store.ts"
import * as store from "./engine-store.ts"
import { type Loaded, loadCustomers } from "./load.ts"
import { BULK_FROM, type Lagging, type Picked, type Place, pickLive, saveLagging, workedOf } from "./log.ts"
import { type EventRow, moveBulkCursor, readEvents } from "./log-store.ts"
import { forward } from "./mail-store.ts"
import { lookAgain } from "./merge-store.ts"
import { BatchRows } from "./save.ts"
import * as asides from "./set-aside-store.ts"
import type { WorldCache, Worlds } from "./worlds.ts"

/**
 * Most events, and most due enrollments, of one batch. It is smaller by itself where less is pending. Measured:
 * 2,000 is a sixth faster than 1,000 and takes a fifth less CPU a step.
 */
export const BATCH = 2_000

/** A bucket as its worker holds it; the cursors are the worker's own memory, checked against the locked row. */
export type Held = {
  bucket: number
  owner: string
  epoch: number
  live: Place
  bulk: Place
  /** Its jobs have just been carried out as far as they can be now. */
  jobsDone?: boolean
}

/** What a batch takes: the events of one log, and beside the live ones the timers of a clock. */
export type TimerChoice = {
  /** Imports and the like: no timers are run beside them. */
  log?: "bulk"
  clock: number
  /** Up to this instant; absent: up to the database's time. */
  upTo?: EpochMs
  /** The advance of a test clock that this is part of: what is done on its clock is counted for it. */
  advance?: { workspace: number; run: string }
}

export type BatchResult = {
  live: Place
  bulk: Place
  /** There are events in the bulk log. */
  bulkWaits: boolean
  events: number
  steps: number
  messages: number
  versions: Set<number>
  /** There may be more: the batch was full. */
  more: boolean
  /** `versions`: in which they were under way. */
  setAside: { workspace: number; profile: string; versions: number[]; error: string }[]
  /** Something was written for other buckets, or came from them: merging goes on. */
  mailed: boolean
}

/** The bucket belongs to another worker now; nothing was written. */
export class LostLease extends Error {}

/** Something was asked for a journey's customers here (resume, stop) and comes first; nothing was written. */
export class JobsFirst extends Error {}

/** The memory of the cursor was wrong (another process worked meanwhile); nothing was written. */
export class StaleCursor extends Error {
  readonly live: Place
  readonly bulk: Place
  constructor(live: Place, bulk: Place) {
    super("the cursor moved")
    this.live = live
    this.bulk = bulk
  }
}

export type BatchDeps = {
  db: Db
  names: EventNames
  worlds: WorldCache
  /** The version of the program, noted where it fails. */
  release: string
}

/** SQLSTATE classes that speak of the data: one customer is the cause and has to be found. */
const dataClasses = new Set(["22", "23", "54"])

/** A throw of our own while rows are made (an instant past the end of time) has no code and a customer as its cause too. */
export const isOfOneCustomer = (error: unknown): boolean => {
  if (error instanceof LostLease || error instanceof StaleCursor || error instanceof JobsFirst) return false
  const code = errorCode(error)
  return code === undefined || dataClasses.has(code.slice(0, 2))
}

/**
 * The statements of a batch are sent without waiting for one another. When one fails, those behind it fail with
 * 25P02 and may be heard first; the driver then puts the first error in its place, but only where it sees its own
 * error and not drizzle's around it.
 */
export const rethrowCause = (error: unknown): never => {
  throw error instanceof Error && error.cause !== undefined ? error.cause : error
}

/**
 * Works what is pending in one bucket: load, fold, save, in one transaction under the bucket's own row.
 * Timers run only when the log was read to its end, so lag of the engine never decides a race.
 */
export const workBatch = async (
  deps: BatchDeps,
  held: Held,
  timers: TimerChoice,
  first = BATCH,
): Promise<BatchResult> => {
  let most = first
  for (;;) {
    try {
      return await deps.db.transaction(tx => work(deps, tx, held, timers, most).catch(rethrowCause))
    } catch (error) {
      if (!isOfOneCustomer(error)) throw error
      if (most === 1)
        return await deps.db.transaction(tx =>
          work(deps, tx, held, timers, 1, String((error as Error).message)).catch(rethrowCause),
        )
      most = Math.max(1, Math.floor(most / 4))
    }
  }
}

const work = async (
  deps: BatchDeps,
  tx: Tx,
  held: Held,
  timers: TimerChoice,
  most: number,
  unsaveable?: string,
): Promise<BatchResult> => {
  const { bucket } = held
  const isBulk = timers.log === "bulk"
  const from = isBulk ? held.bulk : held.live
  const dueOf = (limit: number, except: number[]) =>
    store.readDue(tx, { bucket, clock: timers.clock, up_to: instantOf(timers.upTo), most: limit, except })
  // Read along with the events, although a log that is not read to its end leaves them for later: one wait less.
  const [row, window, early] = await Promise.all([
    store.lockBucket(tx, { bucket, owner: held.owner, epoch: held.epoch }).then(rows => rows[0]),
    readEvents(tx, { bucket, ...from, to: isBulk ? Number.MAX_SAFE_INTEGER : BULK_FROM - 1, most }),
    isBulk || unsaveable !== undefined ? undefined : dueOf(most, []),
  ])
  if (row === undefined) throw new LostLease(`bucket ${bucket} is no longer ours`)
  if (row.held) return nothingDone(held)
  if (row.jobs && held.jobsDone !== true) throw new JobsFirst(`jobs of bucket ${bucket} come first`)
  if (row.cursor_seq !== held.live.seq || row.bulk_seq !== held.bulk.seq)
    throw new StaleCursor({ on: row.cursor_on, seq: row.cursor_seq }, { on: row.bulk_on, seq: row.bulk_seq })
  const worlds = await deps.worlds.at(row.revision)
  const lagging = row.lagging ?? []
  const picked = isBulk
    ? takeAll(window, from, lagging)
    : await pickLive(tx, bucket, from, lagging, window, most, most < BATCH)
  const { events, behind } = picked
  await deps.names.learn(events.map(e => e.name_id))

  const isFull = picked.isFull || isBulk
  const upTo = timers.upTo ?? row.now
  const isEarlyEnough = early !== undefined && behind.size === 0
  const limit = unsaveable === undefined ? most : 1 - events.length
  const due = isFull ? [] : isEarlyEnough ? early : await dueOf(limit, [...behind.keys()])
  const stuck = new Set(row.stuck)
  const { running, paused } = splitPaused(due, worlds, stuck)
  const loaded = await loadCustomers(
    tx,
    bucket,
    workedOf(row),
    { events, due: running },
    worlds,
    deps.names,
    stuck,
  )

  const rows = new BatchRows({ now: row.now, today: row.today, turnSeq: row.turn_seq }, deps.names)
  const { advance } = timers
  const counts = { events: 0, steps: 0, messages: 0 }
  const aside: { loaded: Loaded; error: string }[] = []
  const passedOn = [...loaded.values()].filter(of => of.mergedInto !== undefined)
  for (const of of loaded.values()) {
    if (of.mergedInto !== undefined) continue
    let turn: CustomerTurn
    try {
      if (of.broken !== undefined) throw of.broken
      if (unsaveable !== undefined) throw new Error(unsaveable)
      turn = fold(of, row.now, timers, upTo, isFull || behind.has(of.workspace.id))
    } catch (error) {
      aside.push({ loaded: of, error: String((error as Error).stack ?? error).slice(0, 2_000) })
      continue
    }
    rows.add(of, turn)
    if (of.workspace.clock !== timers.clock) continue
    counts.events += of.events.length
    counts.steps += turn.steps.length
    counts.messages += turn.effects.length
  }
  const live = isBulk ? held.live : picked.cursor
  const bulk = isBulk ? picked.cursor : held.bulk
  const turns = rows.turnSeq
  const hasMoved = picked.cursor.seq !== from.seq || turns !== row.turn_seq
  await Promise.all([
    rows.save(tx, bucket),
    paused.length === 0 ? undefined : store.holdEnrollments(tx, { bucket, ids: paused }),
    aside.length === 0 ? undefined : setAside(tx, bucket, deps.release, aside, live, bulk),
    passedOn.length === 0 ? undefined : passOn(tx, bucket, passedOn),
    // What a batch did on the clock that is being moved.
    advance !== undefined && counts.events + counts.steps > 0
      ? addCounts(tx, { ...advance, bucket, ...counts })
      : undefined,
    hasMoved && !isBulk ? store.moveCursor(tx, { bucket, ...live, turns }) : undefined,
    hasMoved && isBulk ? moveBulkCursor(tx, { bucket, ...bulk, turns }) : undefined,
    isBulk ? undefined : saveLagging(tx, bucket, lagging, behind),
  ])
  return {
    live,
    bulk,
    bulkWaits: isBulk ? window.length === most : row.bulk_waits,
    events: events.length,
    steps: rows.steps,
    messages: rows.messages,
    versions: rows.versions,
    more: window.length === most || due.length === most || (!isBulk && behind.size > 0),
    setAside: aside.map(({ loaded: { workspace, customer }, error }) => ({
      workspace: workspace.id,
      profile: customer.id,
      versions: customer.enrollments.map(open => open.version),
      error,
    })),
    mailed: passedOn.length > 0 || events.some(event => event.kind === InternalKind.merged),
  }
}

const instantOf = (at: EpochMs | undefined) => (at === undefined ? null : new Date(at).toISOString())

/** The outcome of a batch that found or may do nothing. */
export const nothingDone = ({ live, bulk }: Held): BatchResult => ({
  live,
  bulk,
  bulkWaits: false,
  events: 0,
  steps: 0,
  messages: 0,
  versions: new Set(),
  more: false,
  setAside: [],
  mailed: false,
})

const takeAll = (window: EventRow[], from: Place, lagging: readonly Lagging[]): Picked => {
  const last = window.at(-1)
  return {
    events: window,
    cursor: last === undefined ? from : { on: last.recorded_on, seq: last.seq },
    behind: new Map(lagging.map(one => [one.workspace, one])),
    isFull: true,
  }
}

/**
 * On a test clock every stimulus happens at its own instant; on the real one it is as late as it is.
 * Timers of the other clock are not run, except those that stand before an event of their own customer.
 */
export const fold = (of: Loaded, now: EpochMs, timers: TimerChoice, upTo: EpochMs, isFull: boolean) => {
  const { stub } = of.workspace
  const isOwnClock = of.workspace.clock === timers.clock
  return foldCustomer(of.workspace.world, of.customer, of.stimuli, {
    ...(of.workspace.clock === 0 ? { now } : {}),
    ...(isOwnClock && !isFull ? { timersUpTo: upTo } : {}),
    ...(stub && { answer: call => answerOfStub(stub, call) }),
  })
}

/** Those whose journey is paused, or who were set aside themselves, keep their instant and wait. */
const splitPaused = (due: readonly store.DueRow[], worlds: Worlds, stuck: ReadonlySet<string>) => {
  const running: store.DueRow[] = []
  const paused: string[] = []
  for (const row of due) {
    const version = worlds.of(row.workspace_id)?.versions.get(row.version_id)
    if (version?.version.state === "running" && !stuck.has(row.profile_id)) running.push(row)
    else paused.push(row.id)
  }
  return { running, paused }
}

/** Sends the events of profiles that have merged after them, in their order, as they are. */
export const passOn = (tx: Tx, bucket: number, profiles: readonly Loaded[]) => {
  const rows = profiles
    .flatMap(of => of.events.map(event => ({ event, into: of.mergedInto! })))
    .sort((a, b) => a.event.seq - b.event.seq)
  return Promise.all([
    forward(tx, {
      bucket,
      seqs: rows.map(r => r.event.seq),
      days: rows.map(r => r.event.recorded_on),
      intos: rows.map(r => r.into),
    }),
    lookAgain(tx, { losers: profiles.map(of => of.customer.id) }),
  ])
}

const setAside = (
  tx: Tx,
  bucket: number,
  release: string,
  aside: readonly { loaded: Loaded; error: string }[],
  live: Place,
  bulk: Place,
) => {
  const firsts = aside.map(a => a.loaded.events[0])
  const isBulk = (event: EventRow | undefined) => event !== undefined && event.seq >= BULK_FROM
  return asides.setAside(tx, {
    bucket,
    release,
    profiles: aside.map(a => a.loaded.customer.id),
    workspaces: aside.map(a => a.loaded.workspace.id),
    errors: aside.map(a => a.error),
    days: firsts.map(first => (first === undefined || isBulk(first) ? live.on : first.recorded_on)),
    seqs: firsts.map(first => (first === undefined || isBulk(first) ? live.seq + 1 : first.seq)),
    bulk_days: firsts.map(first => (isBulk(first) ? first!.recorded_on : bulk.on)),
    bulk_seqs: firsts.map(first => (isBulk(first) ? first!.seq : bulk.seq + 1)),
  })
}
