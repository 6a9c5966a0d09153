import type { EpochMs } from "@viaggio/journey-model"
import type { Db, Tx } from "../db/client.ts"
import { errorCode } from "../db/connect.ts"
import type { Ports } from "../ports.ts"
import * as store from "./door-store.ts"
import { messageKey } from "./keys.ts"
import { CallKind, type Incoming } from "./message.ts"
import { type EventNames, MOST_NAMES } from "./names.ts"
import {
  becomeKnown,
  findPeople,
  LostClaim,
  type Named,
  requestMerges,
  whoMayMeet,
  writeIdentities,
} from "./people.ts"
import { type Person, type Resolution, resolvePeople } from "./resolve.ts"
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
    const nameIds = await names.idsWithin(
      arrivals.map(({ workspace, event, internal }) => ({
        workspace,
        name: event.name,
        isOurs: internal === true || event.kind !== CallKind.track,
      })),
    )
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

  const appendOnce = async (
    tx: Tx,
    arrivals: readonly Arrival[],
    nameIds: readonly (number | undefined)[],
  ): Promise<{ receipts: Receipt[]; haveMet: boolean }> => {
    const [clock, testClocks, known] = await Promise.all([
      store.readClock(tx, {}).then(rows => rows[0]!),
      readTestClocks(tx, arrivals),
      findPeople(tx, arrivals.map(namedBy)),
    ])
    const receipts = new Array<Receipt>(arrivals.length)
    const timed = arrivals.map((arrival, i) => {
      const received = testClocks.get(arrival.workspace) ?? Math.floor(clock.now)
      const time = timeOf(arrival, received)
      if (typeof time === "string") receipts[i] = { kind: "rejected", field: "timestamp", text: time }
      if (nameIds[i] === undefined) receipts[i] = { kind: "rejected", field: "event", text: tooManyNames }
      return { arrival, nameId: nameIds[i] ?? 0, received, index: i, at: typeof time === "string" ? 0 : time }
    })
    const candidates = withoutCopies(
      timed.filter(t => receipts[t.index] === undefined),
      receipts,
    )
    const fresh = await noteSeen(tx, candidates, clock, receipts)
    const resolution = await resolve(
      tx,
      fresh.map(t => namedBy(t.arrival)),
      known,
    )
    await writeIdentities(tx, resolution.claims, resolution.moves)
    await becomeKnown(tx, resolution.becomeKnown)
    await requestMerges(tx, resolution.merges, () => ports.newId())
    const people = resolution.people.map((person, i) => fresh[i]!.arrival.person ?? person)
    await insert(
      tx,
      fresh.map(timed => ({ ...timed, isHistory: isHistory(timed) })),
      people,
    )
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
      () => ports.newId(),
    )
  }

  /** Told as such, or so late that nobody should be written to because of it; a test clock may be far behind. */
  const isHistory = ({ arrival, at, received }: Timed): boolean =>
    arrival.event.mode === "history" ||
    (!arrival.sandbox &&
      arrival.internal !== true &&
      received - at > LATE_MS &&
      !rules.of(arrival.workspace).trustsLate)

  return { append }
}

const namedBy = ({ workspace, event }: Arrival): Named => ({ workspace, identifiers: event.identifiers })

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

const withoutCopies = (timed: readonly Timed[], receipts: Receipt[]): Timed[] => {
  const ids = new Set<string>()
  return timed.filter(({ arrival, index }) => {
    const id = `${arrival.workspace}:${arrival.event.messageId}`
    if (ids.has(id)) receipts[index] = { kind: "duplicate" }
    return !ids.has(id) && ids.add(id) !== undefined
  })
}

const readTestClocks = async (tx: Tx, arrivals: readonly Arrival[]): Promise<Map<number, EpochMs>> => {
  const ids = [...new Set(arrivals.filter(a => a.sandbox).map(a => a.workspace))]
  if (ids.length === 0) return new Map()
  const rows = await store.readTestClocks(tx, { ids })
  return new Map(rows.map(row => [row.id, Math.floor(row.now)]))
}

const noteSeen = async (
  tx: Tx,
  candidates: readonly Timed[],
  clock: { today: string; days: string[] },
  receipts: Receipt[],
): Promise<Timed[]> => {
  if (candidates.length === 0) return []
  const keys = candidates.map(c => messageKey(c.arrival.workspace, c.arrival.event.messageId))
  const rows = await store.noteSeen(tx, {
    slots: keys.map(k => k.slot),
    workspaces: candidates.map(c => c.arrival.workspace),
    hashes: keys.map(k => k.hash),
    today: clock.today,
    days: clock.days,
    copies: clock.days.length,
  })
  const noted = new Set(rows.map(row => row.message_hash))
  return candidates.filter((candidate, i) => {
    const isNew = noted.has(keys[i]!.hash)
    if (!isNew) receipts[candidate.index] = { kind: "duplicate" }
    return isNew
  })
}

/** `isHistory`: it changes what is known of the customer, and nothing that happens to them. */
const insert = async (
  tx: Tx,
  fresh: readonly (Timed & { isHistory: boolean })[],
  people: readonly Person[],
): Promise<void> => {
  if (fresh.length === 0) return
  const buckets = [...new Set(people.map(p => p.bucket))].sort((a, b) => a - b)
  const heads = await store.lockHeads(tx, { buckets })
  const next = new Map(
    heads.map(h => [h.bucket, { live: Number(h.head_seq), bulk: Number(h.bulk_seq), day: h.today }]),
  )
  const used = { live: new Set<number>(), bulk: new Set<number>() }
  const seqs = people.map((p, i) => {
    const log = fresh[i]!.arrival.event.mode === "history" ? "bulk" : "live"
    used[log].add(p.bucket)
    return ++next.get(p.bucket)![log]
  })
  const headsOf = (log: "live" | "bulk") => {
    const own = buckets.filter(b => used[log].has(b))
    return {
      buckets: own,
      days: own.map(b => next.get(b)!.day),
      seqs: own.map(b => next.get(b)![log]),
    }
  }
  await Promise.all([
    used.live.size === 0 ? undefined : store.moveHeads(tx, headsOf("live")),
    used.bulk.size === 0 ? undefined : store.moveBulkHeads(tx, headsOf("bulk")),
    store.appendEvents(tx, {
      days: people.map(p => next.get(p.bucket)!.day),
      buckets: people.map(p => p.bucket),
      seqs,
      workspaces: fresh.map(f => f.arrival.workspace),
      profiles: people.map(p => p.id),
      kinds: fresh.map(f => f.arrival.event.kind),
      names: fresh.map(f => f.nameId),
      occurred: fresh.map(f => new Date(f.at).toISOString()),
      received: fresh.map(f => new Date(f.received).toISOString()),
      messages: fresh.map(f => f.arrival.event.messageId),
      modes: fresh.map(f => (f.isHistory ? 1 : 0)),
      bodies: fresh.map(f => f.arrival.event.body),
    }),
  ])
}
