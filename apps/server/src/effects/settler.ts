import type { EpochMs } from "@viaggio/journey-model"
import type { Db } from "../db/client.ts"
import type { Arrival } from "../ingest/door.ts"
import { profileBucket } from "../ingest/keys.ts"
import type { Incoming } from "../ingest/message.ts"
import type { Ports } from "../ports.ts"
import { backOffMs } from "./back-off.ts"
import * as store from "./dispatch-store.ts"
import {
  type EffectHandler,
  type EffectHandlers,
  type Ended,
  type FinalResult,
  RefusedReason,
  type SendResult,
  type Withheld,
} from "./handler.ts"
import type { Done, Held, Turn } from "./provider-queue.ts"
import type { SentJournal } from "./sent-journal.ts"

/** A send may take this long after it was marked; then somebody else may try. */
export const CLAIM_SECONDS = 120
/** A claim is not used in its last seconds: by then another process may have taken the message. */
export const MARGIN_MS = 5_000
const MOST_ATTEMPTS = 12
/** How long a message is tried for at all, as long as mail servers keep theirs. */
const LONGEST_MS = 4 * 24 * 3_600_000

export type Settler = { turn: Turn; eventsOf(clock: number): number }

type Job = {
  done: readonly Done[]
  next: readonly Held[]
  resolve(withheld: Map<string, SendResult>): void
  reject(error: unknown): void
}

/**
 * The dispatcher's writes: what many queues bring while one turn is being written goes into the next one. Before a
 * final result is noted, the customer's log has it.
 */
export const createSettler = (deps: {
  db: Db
  ports: Ports
  handlers: EffectHandlers
  append(arrivals: readonly Arrival[]): Promise<unknown>
  onSettled(versions: Set<number>): void
  /** Notes what leaves outside of the database, at the same time as it is marked in the database. */
  journal?: Pick<SentJournal, "before" | "notTaken">
}): Settler => {
  const { db, ports, handlers } = deps
  const random = () => Buffer.from(ports.randomBytes(2)).readUInt16BE() / 65_536
  const appended = new Map<number, number>()
  let jobs: Job[] = []
  let isWriting = false

  const run = async (): Promise<void> => {
    isWriting = true
    while (jobs.length > 0) {
      const batch = jobs
      jobs = []
      try {
        const withheld = await write(
          batch.flatMap(job => job.done),
          batch.flatMap(job => job.next),
        )
        for (const job of batch) job.resolve(withheld)
      } catch (error) {
        deps.journal?.notTaken(batch.flatMap(job => realIds(job.next)))
        for (const job of batch) job.reject(error)
      }
    }
    isWriting = false
  }

  /** Answers what is not to be sent, by message; a claim that is lost is another process' by now. */
  const write = async (done: readonly Done[], next: readonly Held[]): Promise<Map<string, SendResult>> => {
    const now = ports.now()
    const ends = done.map(one => endOf(one, handlerOf(one.held), now, random()))
    await tell(ends)
    const leaving = realIds(next)
    deps.journal?.notTaken(ends.flatMap(end => (isUntaken(end) ? [end.held.row.id] : [])))
    const noting = leaving.length === 0 ? undefined : deps.journal?.before(leaving)
    // Heard below; a turn that fails first must not leave it unheard.
    noting?.catch(() => undefined)
    const [marked, ...suppressions] = await Promise.all([
      store.turnMessages(db, {
        claims: ends.map(e => e.held.row.claim),
        buckets: ends.map(e => e.held.row.bucket),
        ids: ends.map(e => e.held.row.id),
        states: ends.map(e => e.state),
        attempts: ends.map(e => e.attempts),
        sent: ends.map(e => e.sent),
        tries: ends.map(e => e.again),
        errors: ends.map(e => e.error),
        reasons: ends.map(e => e.reason),
        bounced: ends.map(e => (e.reason === RefusedReason.bounced ? 1 : 0)),
        providers: ends.map(e => (e.held.row.clock === 0 ? e.held.provider : e.held.row.provider)),
        next_claims: next.map(n => n.row.claim),
        next_buckets: next.map(n => n.row.bucket),
        next_ids: next.map(n => n.row.id),
        seconds: CLAIM_SECONDS,
      }),
      ...[...handlers].map(([channel, handler]) => {
        const own = next.flatMap(({ row }) => (row.channel === channel ? [row] : []))
        return own.length === 0 ? undefined : handler.suppressionsOf?.(own)
      }),
    ])
    await noting
    await followMerges(db, marked)
    const deadline = ports.monotonicMs() + CLAIM_SECONDS * 1_000 - MARGIN_MS
    const rows = new Map(marked.map(row => [row.id, row]))
    const results = new Map<string, SendResult>()
    for (const held of next) {
      const { row, context } = held
      const look = rows.get(row.id)
      context.deadline = deadline
      const listed = suppressions.flatMap(found => found?.get(row.id) ?? [])
      const withheld =
        look?.ended === "stopped"
          ? stopped
          : look?.skipped
            ? skipped
            : look && handlerOf(held).withholds?.(row, context, look, listed)
      if (look === undefined) results.set(row.id, { kind: "not tried" })
      else if (look.left_before) results.set(row.id, { kind: "sent" })
      else if (withheld !== undefined) results.set(row.id, { kind: "refused", ...withheld })
    }
    if (ends.length > 0) deps.onSettled(new Set(ends.map(e => e.held.row.version_id)))
    return results
  }

  const handlerOf = (held: Held): EffectHandler => handlers.get(held.row.channel)!

  /** What came to its end goes into the customers' logs first. */
  const tell = async (ends: readonly End[]): Promise<void> => {
    const final = ends.filter(e => e.final !== undefined)
    if (final.length === 0) return
    const arrivals: Arrival[] = []
    for (const [channel, handler] of handlers) {
      const ended: Ended[] = final.flatMap(({ held, final }) =>
        held.row.channel === channel ? [{ row: held.row, context: held.context, result: final! }] : [],
      )
      if (ended.length === 0) continue
      await handler.beforeSettle?.(ended)
      for (const one of ended)
        for (const event of listOf(handler.eventOf?.(one))) arrivals.push(arrivalOf(one, event))
    }
    if (arrivals.length === 0) return
    await deps.append(arrivals)
    for (const { held } of final)
      appended.set(held.row.clock, (appended.get(held.row.clock) ?? 0) + arrivals.length)
  }

  return {
    turn: (done, next) =>
      new Promise((resolve, reject) => {
        jobs.push({ done, next, resolve, reject })
        if (!isWriting) void run()
      }),
    eventsOf: clock => appended.get(clock) ?? 0,
  }
}

/** Longer chains of merges than this do not come about between a decision and its send. */
const MOST_MERGES = 5

/** Those who have become part of another profile since: that one's word counts. */
const followMerges = async (db: Db, marked: readonly store.MarkedRow[]): Promise<void> => {
  for (let i = 0; i < MOST_MERGES; i += 1) {
    const merged = marked.filter(row => row.merged_into !== null)
    if (merged.length === 0) return
    const ids = [...new Set(merged.map(row => row.merged_into!))]
    const found = await store.findConsents(db, { buckets: ids.map(profileBucket), ids })
    const byId = new Map(found.map(row => [row.id, row]))
    for (const row of merged) {
      const {
        unsubscribed = null,
        unsubscribed_at = null,
        merged_into = null,
      } = byId.get(row.merged_into!) ?? {}
      Object.assign(row, { unsubscribed, unsubscribed_at, merged_into })
    }
  }
}

const stopped: Withheld = {
  reason: RefusedReason.stopped,
  error: "The journey was stopped before the message left.",
}

const skipped: Withheld = {
  reason: RefusedReason.skipped,
  error: "It was due between a backup and its restore, and was skipped then.",
}

/** What leaves the house: not what happens in a sandbox. */
const realIds = (held: readonly Held[]): string[] =>
  held.flatMap(({ row }) => (row.clock === 0 ? [row.id] : []))

/** Nobody took it, so another life of this installation may send it. */
const isUntaken = (end: End): boolean => end.held.row.clock === 0 && end.state !== store.MessageCode.sent

const listOf = (events: Incoming | readonly Incoming[] | undefined): readonly Incoming[] =>
  events === undefined ? [] : Array.isArray(events) ? events : [events as Incoming]

/** About the person of the message, at the instant at which a sandbox's message was decided. */
const arrivalOf = ({ row, context }: Ended, event: Incoming): Arrival => ({
  workspace: row.workspace_id,
  sandbox: context.workspace.sandbox,
  internal: true,
  event: context.workspace.sandbox ? { ...event, occurredAt: row.queued_at } : event,
  person: { bucket: row.bucket, id: row.profile_id },
})

type End = {
  held: Held
  state: number
  attempts: number
  sent: string | null
  again: string | null
  error: string | null
  reason: RefusedReason | null
  final?: FinalResult
}

const instant = (at: EpochMs) => new Date(at).toISOString()

/** What a result means for its message. */
const endOf = ({ held, result }: Done, handler: EffectHandler, now: EpochMs, random: number): End => {
  const { row, context } = held
  const { sandbox } = context.workspace
  const end = { held, attempts: row.attempts, sent: null, again: null, error: null, reason: null }
  switch (result.kind) {
    case "sent":
      return {
        ...end,
        state: store.MessageCode.sent,
        sent: instant(sandbox ? row.queued_at : now),
        final: result,
      }
    case "refused": {
      const reason = result.reason ?? (result.bounce ? RefusedReason.bounced : RefusedReason.provider)
      return { ...end, state: store.MessageCode.refused, error: result.error, reason, final: result }
    }
    case "not tried":
      return { ...end, state: store.MessageCode.queued, attempts: row.attempts - 1 }
    case "later": {
      const most = handler.mostAttempts?.(row)
      const isFree = result.overload === true && most === undefined
      if ((!isFree && row.attempts >= (most ?? MOST_ATTEMPTS)) || row.age_ms > LONGEST_MS) {
        const final: FinalResult = {
          kind: "refused",
          error: result.error,
          reason: RefusedReason.attempts,
          ...(result.answer === undefined ? {} : { answer: result.answer }),
        }
        return {
          ...end,
          state: store.MessageCode.refused,
          error: result.error,
          reason: RefusedReason.attempts,
          final,
        }
      }
      const wait = Math.max(backOffMs(row.attempts, random), result.retryAfterMs ?? 0)
      return {
        ...end,
        state: store.MessageCode.queued,
        attempts: isFree ? row.attempts - 1 : row.attempts,
        // What waits for nothing outside need not wait: a sandbox's tries follow one another at once.
        again: instant(sandbox ? now : now + wait),
        error: result.error,
      }
    }
  }
}
