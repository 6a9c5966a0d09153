import {
  type CustomerTurn,
  type Enrollment,
  type EpochMs,
  foldCustomer,
  type OpenEnrollment,
  step,
} from "@viaggio/journey-model"
import type { Tx } from "../db/client.ts"
import {
  type BatchDeps,
  type BatchResult,
  fold,
  type Held,
  isOfOneCustomer,
  LostLease,
  nothingDone,
  passOn,
  rethrowCause,
} from "./batch.ts"
import { readTestClock } from "./clock-store.ts"
import * as engine from "./engine-store.ts"
import { type Loaded, loadCustomers } from "./load.ts"
import { BULK_FROM, workedOf } from "./log.ts"
import type { EventRow } from "./log-store.ts"
import { BatchRows } from "./save.ts"
import * as store from "./set-aside-store.ts"
import type { LiveVersion } from "./worlds.ts"

/** Events of one customer in one transaction, while nothing goes wrong. */
const CHUNK = 500

/** What a replay reached: the row of the bucket, and the customer with what comes next. */
type Reached = {
  row: engine.BucketRow
  stuck: store.StuckRow
  of: Loaded | undefined
  events: EventRow[]
  isLast: boolean
  /** Up to when the customer's timers run. */
  upTo: EpochMs
}

/**
 * Tries the customers of a bucket again for whom somebody has asked, each by a fold of their own over all that
 * reached them since, in order, under the bucket's fence. Those who fail again stay set aside.
 */
export const workAsked = async (
  deps: BatchDeps,
  held: Held,
  onWorked: (result: BatchResult) => void,
  onFailed: (profile: string, error: string) => void,
): Promise<void> => {
  for (const { profile_id: profile, asked } of await store.readAsked(deps.db, { bucket: held.bucket })) {
    await store.noteTry(deps.db, { bucket: held.bucket, profile, release: deps.release })
    const error = await tryOne(deps, held, profile, asked === store.Asked.skip, onWorked).catch(
      async reason => {
        // Not this customer's fault: it is tried again, here or by the bucket's next worker.
        await store.ask(deps.db, { bucket: held.bucket, profile, asked })
        throw reason
      },
    )
    if (error === undefined) continue
    await store.noteError(deps.db, { bucket: held.bucket, profile, error })
    onFailed(profile, error)
  }
}

/** Answers with the error of the first stimulus that cannot be worked; undefined when all is done. */
const tryOne = async (
  deps: BatchDeps,
  held: Held,
  profile: string,
  maySkip: boolean,
  onWorked: (result: BatchResult) => void,
): Promise<string | undefined> => {
  const within = <T>(work: (tx: Tx) => Promise<T>) => deps.db.transaction(tx => work(tx).catch(rethrowCause))
  let skips = maySkip ? 1 : 0
  for (let most = CHUNK; ; ) {
    try {
      const { result, isOver } = await within(tx => replay(deps, tx, held, profile, most))
      onWorked(result)
      if (isOver) return undefined
    } catch (error) {
      if (!isOfOneCustomer(error)) throw error
      if (most > 1) most = 1
      else if (skips > 0) {
        skips -= 1
        onWorked(await within(tx => skipNext(deps, tx, held, profile, error)))
      } else return String((error as Error).stack ?? error).slice(0, 2_000)
    }
  }
}

const reach = async (
  deps: BatchDeps,
  tx: Tx,
  held: Held,
  profile: string,
  most: number,
): Promise<Reached | undefined> => {
  const { bucket } = held
  const [row] = await engine.lockBucket(tx, { bucket, owner: held.owner, epoch: held.epoch })
  if (row === undefined) throw new LostLease(`bucket ${bucket} is no longer ours`)
  const [stuck] = await store.lockStuck(tx, { bucket, profile })
  if (stuck === undefined) return undefined
  const events = await store.readEventsOf(tx, {
    bucket,
    profile,
    on: stuck.first_on < stuck.bulk_on ? stuck.first_on : stuck.bulk_on,
    from: stuck.first_seq,
    to: workedOf(row).live(stuck.workspace_id),
    bulk_from: stuck.bulk_seq,
    bulk_to: row.bulk_seq,
    most,
  })
  await deps.names.learn(events.map(event => event.name_id))
  const isLast = events.length < most
  if (isLast) await store.releaseTimers(tx, { bucket, profile })
  const worlds = await deps.worlds.at(row.revision)
  const due = [{ id: "", profile_id: profile, workspace_id: stuck.workspace_id, version_id: 0 }]
  const worked = { live: () => stuck.first_seq - 1, bulk: stuck.bulk_seq - 1 }
  const loaded = await loadCustomers(tx, bucket, worked, { events, due }, worlds, deps.names)
  const of = loaded.get(profile)
  const clock = of?.workspace.clock ?? 0
  const upTo = clock === 0 ? row.now : ((await readTestClock(deps.db, stuck.workspace_id)) ?? row.now)
  return { row, stuck, of, events, isLast, upTo }
}

const optionsOf = ({ of, row }: Reached) => (of?.workspace.clock === 0 ? { now: row.now } : {})

/** The next part of what reached a customer; at its end the customer is one like any other again. */
const replay = async (
  deps: BatchDeps,
  tx: Tx,
  held: Held,
  profile: string,
  most: number,
): Promise<{ result: BatchResult; isOver: boolean }> => {
  const reached = await reach(deps, tx, held, profile, most)
  if (reached === undefined) return { result: nothingDone(held), isOver: true }
  const { of, events, isLast, upTo } = reached
  if (of?.broken !== undefined) throw of.broken
  const isGone = of?.mergedInto !== undefined
  if (isGone) await passOn(tx, held.bucket, [of])
  const turn =
    of === undefined || isGone
      ? undefined
      : fold(of, reached.row.now, { clock: of.workspace.clock }, upTo, !isLast)
  const result = await save(deps, tx, held, reached, turn)
  if (isLast) await store.removeStuck(tx, { bucket: held.bucket, profile })
  else await goOnAfter(tx, held.bucket, profile, events.at(-1)!)
  return { result: { ...result, mailed: isGone }, isOver: isLast }
}

/** Notes how far a customer has caught up, in the log that the event is of. */
const goOnAfter = (tx: Tx, bucket: number, profile: string, { recorded_on: on, seq }: EventRow) =>
  (seq < BULK_FROM ? store.moveStuck : store.moveStuckBulk)(tx, { bucket, profile, on, seq: seq + 1 })

const save = async (
  deps: BatchDeps,
  tx: Tx,
  held: Held,
  { row, of }: Reached,
  turn: CustomerTurn | undefined,
): Promise<BatchResult> => {
  const { bucket } = held
  if (of === undefined || turn === undefined) return nothingDone(held)
  const rows = new BatchRows({ now: row.now, today: row.today, turnSeq: row.turn_seq }, deps.names)
  rows.add(of, turn)
  await rows.save(tx, bucket)
  if (rows.turnSeq !== row.turn_seq)
    await engine.moveCursor(tx, { bucket, on: row.cursor_on, seq: row.cursor_seq, turns: rows.turnSeq })
  return { ...nothingDone(held), steps: rows.steps, messages: rows.messages, versions: rows.versions }
}

/**
 * Leaves out what cannot be worked: the enrollment whose row or wait breaks, which ends with an error, or else the
 * event, which stays in the log without effect.
 */
const skipNext = async (
  deps: BatchDeps,
  tx: Tx,
  held: Held,
  profile: string,
  error: unknown,
): Promise<BatchResult> => {
  const reached = await reach(deps, tx, held, profile, 1)
  if (reached?.of === undefined) return nothingDone(held)
  const { of, events } = reached
  const breaking = await breakingEnrollment(tx, held.bucket, reached)
  const event = events[0]
  if (breaking !== undefined)
    return save(
      deps,
      tx,
      held,
      reached,
      endBroken(of, breaking, reached.upTo, String((error as Error).message)),
    )
  if (event === undefined) throw error
  await goOnAfter(tx, held.bucket, profile, event)
  return nothingDone(held)
}

/** The enrollment that cannot be read, or whose wait before the next event cannot be ended. */
const breakingEnrollment = async (
  tx: Tx,
  bucket: number,
  reached: Reached,
): Promise<OpenEnrollment | undefined> => {
  const of = reached.of!
  const event = reached.events[0]
  if (of.broken !== undefined) {
    const rows = await engine.loadOpenEnrollments(tx, { bucket, ids: [of.customer.id] })
    const read = new Set(of.customer.enrollments.map(({ enrollment }) => enrollment.id))
    for (const row of rows) {
      const version = of.workspace.versions.get(row.version_id)
      if (version === undefined || read.has(row.id.replaceAll("-", ""))) continue
      const enrollment = unreadable(row, version)
      of.customer.enrollments.push({ version: version.id, enrollment })
      return { version: version.id, enrollment }
    }
  }
  const until =
    event === undefined ? reached.upTo : Math.max(event.occurred_at, of.customer.lastStimulusAt) - 1
  const fails = (enrollments: OpenEnrollment[]): boolean => {
    try {
      const customer = { ...of.customer, enrollments }
      foldCustomer(of.workspace.world, customer, [], { ...optionsOf(reached), timersUpTo: until })
      return false
    } catch {
      return true
    }
  }
  const due = of.customer.enrollments.filter(({ enrollment }) => (enrollment.wakeAt ?? Infinity) <= until)
  // Where no wait fails by itself and no event is there, one of those that are due cannot be saved.
  return due.find(open => fails([open])) ?? (event === undefined ? due[0] : undefined)
}

const unreadable = (row: engine.EnrollmentRow, { version }: LiveVersion): Enrollment => ({
  id: row.id.replaceAll("-", ""),
  node: (version.program.nodes[row.node] ?? version.program.nodes[0]!).id,
  visit: row.visit,
  enteredAt: row.entered_at,
  arrivedAt: row.arrived_at,
  entry: { name: "", at: row.entered_at, messageId: "", properties: {} },
  arrivals: {},
  context: {},
})

/** Ends one enrollment by the interpreter's own step, as an error of the engine. */
const endBroken = (of: Loaded, open: OpenEnrollment, now: EpochMs, error: string): CustomerTurn => {
  const { program } = of.workspace.versions.get(open.version)!.version
  const at = Math.max(of.customer.lastStimulusAt, open.enrollment.arrivedAt)
  const facts = {
    customer: of.customer.id,
    attributes: of.customer.attributes,
    digest: () => undefined,
    events: () => [],
  }
  const stimulus = { kind: "removed", reason: "engine-error", error, at, now: Math.max(now, at) } as const
  const turn = step(program, open.enrollment, stimulus, facts)
  // The event that may come next is not part of this turn.
  of.events.length = 0
  return {
    customer: of.customer,
    entered: [],
    touched: [{ version: open.version, enrollment: turn.enrollment }],
    steps: turn.steps.map(one => ({ version: open.version, step: one })),
    effects: [],
    notAdmitted: [],
  }
}
