import type { EpochMs } from "@viaggio/journey-model"
import type { Db, Tx } from "../db/client.ts"
import { errorCode } from "../db/connect.ts"
import { copyText } from "../db/copy.ts"
import { instantText } from "../engine/instant-text.ts"
import type { Ports } from "../ports.ts"
import * as store from "./door-store.ts"
import { messageKey, profileIdOf } from "./keys.ts"
import { CallKind, type Incoming } from "./message.ts"
import { type EventNames, MOST_NAMES } from "./names.ts"
import {
  becomeKnown,
  findPeople,
  LostClaim,
  orLost,
  rangesOf,
  requestMerges,
  whoMayMeet,
  writeIdentities,
} from "./people.ts"
import { type Named, namedBy, type Person, type Resolution, resolvePeople } from "./resolve.ts"
import { createRules } from "./rules.ts"

/**
 * One event at the door with the workspace of its write key. `person`: who it is about where that is known
 * already; its identifiers are empty then.
 */
export type Arrival = {
  workspace: number
  sandbox: boolean
  sentAt?: EpochMs
  event: Incoming
  person?: Person
  /** It came from an effect, at an instant that a sandbox's clock may only be on its way to. */
  internal?: true
}

/** What became of an arrival. */
export type Receipt =
  | { kind: "accepted"; bucket: number; occurredAt: EpochMs }
  | { kind: "duplicate" }
  | { kind: "rejected"; field: string; text: string }

/** Oldest time an event may claim; older ones are clamped to it. */
const OLDEST_MS = 30 * 24 * 3600 * 1000
/** A sender whose clock is further off than this has its times corrected by the difference. */
const SKEW_MS = 60_000
const CLAIM_TRIES = 5
/** So long before and after midnight on Sunday message ids go into both weeks. */
const WEEKS_MEET_MINUTES = 5

/** What arrives later than this after it happened is history, where the workspace does not trust late senders. */
const LATE_MS = 24 * 3600 * 1000

/** SQLSTATE of a deadlock and of a lost serialisation: nothing was written, and once more will do. */
const tryAgain = new Set(["40P01", "40001"])

export type Door = { append(arrivals: readonly Arrival[]): Promise<Receipt[]> }

/**
 * Appends events durably: one transaction that claims identities, notes message ids, then locks the heads of
 * the buckets and inserts, each in the order of its key, so that two doors never wait for each other in a ring.
 * It touches no row that a worker locks.
 */
export const createDoor = (deps: {
  db: Db
  ports: Ports
  names: EventNames
  /** Two people are to be merged. */
  onMeeting?: () => void
}): Door => {
  const { db, ports, names } = deps
  const rules = createRules(() => ports.monotonicMs())

  const append = async (arrivals: readonly Arrival[]): Promise<Receipt[]> => {
    const nameIds = await namesOf(arrivals)
    for (let attempt = 1; ; attempt += 1) {
      try {
        const { receipts, haveMet } = await db.transaction(tx => appendOnce(tx, arrivals, nameIds))
        if (haveMet) deps.onMeeting?.()
        return receipts
      } catch (error) {
        const mayHelp = error instanceof LostClaim || tryAgain.has(errorCode(error) ?? "")
        if (!mayHelp || attempt === CLAIM_TRIES) throw error
      }
    }
  }

  const namesOf = async (arrivals: readonly Arrival[]): Promise<(number | undefined)[]> => {
    const ids = arrivals.map(({ workspace, event }) => names.idOf(workspace, event.name))
    if (!ids.includes(undefined)) return ids
    return names.idsWithin(
      arrivals.map(({ workspace, event, internal }) => ({
        workspace,
        name: event.name,
        isOurs: internal === true || event.kind !== CallKind.track,
      })),
    )
  }

  const appendOnce = async (
    tx: Tx,
    arrivals: readonly Arrival[],
    nameIds: readonly (number | undefined)[],
  ): Promise<{ receipts: Receipt[]; haveMet: boolean }> => {
    const named = arrivals.map(({ workspace, event }) => namedBy(workspace, event.identifiers))
    const [clock, testClocks, found] = await Promise.all([
      store.readClock(tx, { apart: WEEKS_MEET_MINUTES }).then(rows => rows[0]!),
      readTestClocks(tx, arrivals),
      findPeople(tx, named),
    ])
    const receipts = new Array<Receipt>(arrivals.length)
    const timed: Timed[] = []
    for (const [index, arrival] of arrivals.entries()) {
      const received = testClocks.get(arrival.workspace) ?? clock.now
      const at = timeOf(arrival, received)
      const nameId = nameIds[index]
      if (nameId === undefined) receipts[index] = { kind: "rejected", field: "event", text: tooManyNames }
      else if (typeof at === "string") receipts[index] = { kind: "rejected", field: "timestamp", text: at }
      else timed.push({ arrival, nameId, received, index, at })
    }
    const fresh = await withoutSeen(tx, timed, clock.weeks, receipts)
    const resolution = await resolve(
      tx,
      fresh.map(t => named[t.index]!),
      found.named,
    )
    await writeIdentities(tx, resolution, found.slots)
    await becomeKnown(tx, resolution.becomeKnown)
    await requestMerges(tx, resolution.merges, () => ports.newId())
    const people = resolution.people.map((person, i) => fresh[i]!.arrival.person ?? person)
    await insert(tx, fresh, people)
    for (const [i, { index, at }] of fresh.entries())
      receipts[index] = { kind: "accepted", bucket: people[i]!.bucket, occurredAt: at }
    return { receipts, haveMet: resolution.merges.some(m => !m.refused) }
  }

  const resolve = async (
    tx: Tx,
    events: readonly Named[],
    named: ReadonlyMap<string, Person>,
  ): Promise<Resolution> => {
    await rules.learn(tx, new Set(events.map(e => e.workspace)))
    return resolvePeople(
      events,
      { named, rulesOf: id => rules.of(id).linking, ...(await whoMayMeet(tx, events, named)) },
      key => (key === undefined ? ports.newId() : profileIdOf(key)),
    )
  }

  /** Told as such, or so late that nobody should be written to because of it; a test clock may be far behind. */
  const isHistory = ({ arrival, at, received }: Timed): boolean =>
    arrival.event.mode === "history" ||
    (!arrival.sandbox &&
      arrival.internal !== true &&
      received - at > LATE_MS &&
      !rules.of(arrival.workspace).trustsLate)

  /** The numbers of the logs are given out under the locks of their heads, so that they become visible in order. */
  const insert = async (tx: Tx, fresh: readonly Timed[], people: readonly Person[]): Promise<void> => {
    if (fresh.length === 0) return
    const buckets = [...new Set(people.map(p => p.bucket))].sort((a, b) => a - b)
    const heads = new Map<number, Head>()
    for (const { bucket, head_seq, bulk_seq, today } of await store.lockHeads(tx, { buckets }))
      heads.set(bucket, { live: Number(head_seq), bulk: Number(bulk_seq), day: today, rows: "" })
    const used = { live: new Set<number>(), bulk: new Set<number>() }
    for (const [i, timed] of fresh.entries()) {
      const { id, bucket } = people[i]!
      const { workspace, event } = timed.arrival
      const head = heads.get(bucket)!
      const log = event.mode === "history" ? "bulk" : "live"
      used[log].add(bucket)
      const seq = ++head[log]
      const mode = isHistory(timed) ? 1 : 0
      head.rows += `${head.day}\t${bucket}\t${seq}\t${workspace}\t${id}\t${event.kind}\t${timed.nameId}\t${instantText(timed.at)}\t${instantText(timed.received)}\t${copyText(event.messageId)}\t${mode}\t${copyText(event.body)}\n`
    }
    const headsOf = (log: "live" | "bulk") => {
      const own = buckets.filter(b => used[log].has(b))
      return { buckets: own, days: own.map(b => heads.get(b)!.day), seqs: own.map(b => heads.get(b)![log]) }
    }
    if (used.live.size > 0) await store.moveHeads(tx, headsOf("live"))
    if (used.bulk.size > 0) await store.moveBulkHeads(tx, headsOf("bulk"))
    await store.appendEvents(tx, buckets.map(b => heads.get(b)!.rows).join(""))
  }

  return { append }
}

/** The last numbers of a bucket's two logs, the day of what is appended now, and its rows. */
type Head = { live: number; bulk: number; day: string; rows: string }

const tooManyNames = `event is a new name, and this workspace has ${MOST_NAMES} already: put what varies into the properties.`

type Timed = { arrival: Arrival; nameId: number; received: EpochMs; index: number; at: EpochMs }

/** When it happened: the sender's time, corrected for a wrong clock, within what can be believed. A sentence says why not. */
const timeOf = (arrival: Arrival, received: EpochMs): EpochMs | string => {
  const said = arrival.event.occurredAt
  if (said === undefined) return received
  if (arrival.sandbox)
    return said > received && arrival.internal !== true
      ? `timestamp is after the sandbox's test clock (${new Date(received).toISOString()}). Move the clock on first, or leave the timestamp out.`
      : Math.max(said, received - OLDEST_MS)
  const skew = arrival.sentAt === undefined ? 0 : received - arrival.sentAt
  const corrected = Math.abs(skew) > SKEW_MS ? said + skew : said
  return Math.min(received, Math.max(corrected, received - OLDEST_MS))
}

const readTestClocks = async (tx: Tx, arrivals: readonly Arrival[]): Promise<Map<number, EpochMs>> => {
  const ids = [...new Set(arrivals.filter(a => a.sandbox).map(a => a.workspace))]
  if (ids.length === 0) return new Map()
  const rows = await store.readTestClocks(tx, { ids })
  return new Map(rows.map(row => [row.id, Math.floor(row.now)]))
}

/** Those whose message id nobody has sent before, noted as seen. */
const withoutSeen = async (
  tx: Tx,
  timed: readonly Timed[],
  weeks: readonly string[],
  receipts: Receipt[],
): Promise<Timed[]> => {
  if (timed.length === 0) return []
  const slots = new Map<number, string[]>()
  const asked = new Set<string>()
  const hashes = timed.map(({ arrival, index }) => {
    const { slot, hash } = messageKey(arrival.workspace, arrival.event.messageId)
    if (asked.has(hash)) receipts[index] = { kind: "duplicate" }
    else {
      asked.add(hash)
      const present = slots.get(slot)
      if (present === undefined) slots.set(slot, [hash])
      else present.push(hash)
    }
    return hash
  })
  const inOrder = [...slots].sort(([a], [b]) => a - b)
  for (const [, ofSlot] of inOrder) ofSlot.sort()
  const known = new Set<string>()
  const seen = await store.findSeen(tx, {
    slots: inOrder.map(([slot]) => slot),
    ...rangesOf(inOrder.map(([, ofSlot]) => ofSlot.length)),
    hashes: inOrder.flatMap(([, ofSlot]) => ofSlot),
    first: weeks[0]!,
    last: weeks.at(-1)!,
  })
  for (const { hash } of seen) known.add(hash)
  let rows = ""
  for (const [slot, ofSlot] of inOrder)
    for (const hash of ofSlot)
      if (!known.has(hash)) for (const week of weeks) rows += `${slot}\t${hash}\t${week}\n`
  if (rows !== "") await orLost(store.noteSeen(tx, rows))
  return timed.filter(({ index }, i) => {
    if (known.has(hashes[i]!)) receipts[index] = { kind: "duplicate" }
    return receipts[index] === undefined
  })
}
