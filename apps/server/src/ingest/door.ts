import type { EpochMs } from "@viaggio/journey-model"
import type { Db } from "../db/client.ts"
import type { Ports } from "../ports.ts"
import * as store from "./door-store.ts"
import { identitySlot, messageKey } from "./keys.ts"
import type { Identifier, Incoming } from "./message.ts"
import type { EventNames } from "./names.ts"
import { type Claim, identityKey, type Person, resolvePeople } from "./resolve.ts"

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

/** Another request claimed one of our identities first; the transaction is run again and finds it. */
class LostClaim extends Error {}

export type Door = { append(arrivals: readonly Arrival[]): Promise<Receipt[]> }

/**
 * Appends events durably: one transaction that claims identities, notes message ids, then locks the heads of
 * the buckets and inserts, each in the order of its key, so that two doors never wait for each other in a ring.
 * It touches no row that a worker locks.
 */
export const createDoor = (deps: { db: Db; ports: Ports; names: EventNames }): Door => {
  const { db, ports, names } = deps

  const append = async (arrivals: readonly Arrival[]): Promise<Receipt[]> => {
    const nameIds = await names.idsOf(arrivals.map(a => ({ workspace: a.workspace, name: a.event.name })))
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await db.transaction(tx => appendOnce(tx, arrivals, nameIds))
      } catch (error) {
        if (!(error instanceof LostClaim) || attempt === CLAIM_TRIES) throw error
      }
    }
  }

  const appendOnce = async (
    tx: Parameters<Parameters<Db["transaction"]>[0]>[0],
    arrivals: readonly Arrival[],
    nameIds: readonly number[],
  ): Promise<Receipt[]> => {
    const [clock, testClocks, known] = await Promise.all([
      store.readClock(tx, {}).then(rows => rows[0]!),
      readTestClocks(tx, arrivals),
      findPeople(tx, arrivals),
    ])
    const receipts = new Array<Receipt>(arrivals.length)
    const timed = arrivals.map((arrival, i) => {
      const received = testClocks.get(arrival.workspace) ?? Math.floor(clock.now)
      const time = timeOf(arrival, received)
      if (typeof time === "string") receipts[i] = { kind: "rejected", field: "timestamp", text: time }
      return { arrival, nameId: nameIds[i]!, received, index: i, at: typeof time === "string" ? 0 : time }
    })
    const candidates = withoutCopies(
      timed.filter(t => receipts[t.index] === undefined),
      receipts,
    )
    const fresh = await noteSeen(tx, candidates, clock, receipts)
    const resolution = await resolve(tx, fresh, known)
    await writeIdentities(tx, resolution.claims, resolution.moves)
    if (resolution.merges.length > 0) await requestMerges(tx, resolution.merges)
    const people = resolution.people.map((person, i) => fresh[i]!.arrival.person ?? person)
    await insert(tx, fresh, people)
    for (const [i, { index, at }] of fresh.entries())
      receipts[index] = { kind: "accepted", bucket: people[i]!.bucket, occurredAt: at }
    return receipts
  }

  const resolve = async (tx: Tx, fresh: readonly Timed[], known: Map<string, Person>) => {
    const joinable = new Map<string, Person>()
    for (const { arrival } of fresh) {
      const { identifiers } = arrival.event
      if (identifiers.length < 2) continue
      for (const i of identifiers) {
        const person = known.get(identityKey(arrival.workspace, i))
        if (person !== undefined && i.kind !== 1) joinable.set(person.id, person)
      }
    }
    const people = [...joinable.values()]
    const knownPeople = new Set<string>()
    if (people.length > 0)
      for (const row of await store.findKnownPeople(tx, {
        buckets: people.map(p => p.bucket),
        profiles: people.map(p => p.id),
      }))
        knownPeople.add(row.profile_id)
    return resolvePeople(
      fresh.map(t => ({ workspace: t.arrival.workspace, identifiers: t.arrival.event.identifiers })),
      known,
      person => knownPeople.has(person.id),
      () => ports.newId(),
    )
  }

  const requestMerges = (tx: Tx, merges: ReturnType<typeof resolvePeople>["merges"]) =>
    store.requestMerges(tx, {
      ids: merges.map(() => ports.newId()),
      workspaces: merges.map(m => m.workspace),
      survivor_buckets: merges.map(m => m.survivor.bucket),
      survivors: merges.map(m => m.survivor.id),
      loser_buckets: merges.map(m => m.loser.bucket),
      losers: merges.map(m => m.loser.id),
    })

  return { append }
}

type Tx = Parameters<Parameters<Db["transaction"]>[0]>[0]
type Timed = { arrival: Arrival; nameId: number; received: EpochMs; index: number; at: EpochMs }

/** When it happened: the sender's time, corrected for a wrong clock, within what can be believed. A sentence says why not. */
const timeOf = (arrival: Arrival, received: EpochMs): EpochMs | string => {
  const said = arrival.event.occurredAt
  if (said === undefined) return received
  if (arrival.sandbox)
    return said > received
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

const identityColumns = (items: readonly { workspace: number; identifier: Identifier }[]) => {
  const rows = items
    .map((item, index) => ({
      ...item,
      index,
      slot: identitySlot(item.workspace, item.identifier.kind, item.identifier.value),
    }))
    .sort(
      (a, b) =>
        a.slot - b.slot ||
        a.workspace - b.workspace ||
        a.identifier.kind - b.identifier.kind ||
        (a.identifier.value < b.identifier.value ? -1 : 1),
    )
  return {
    order: rows.map(row => row.index),
    columns: {
      slots: rows.map(row => row.slot),
      workspaces: rows.map(row => row.workspace),
      kinds: rows.map(row => row.identifier.kind),
      keys: rows.map(row => row.identifier.value),
    },
  }
}

const findPeople = async (tx: Tx, arrivals: readonly Arrival[]): Promise<Map<string, Person>> => {
  const wanted = new Map<string, { workspace: number; identifier: Identifier }>()
  for (const { workspace, event } of arrivals)
    for (const identifier of event.identifiers)
      wanted.set(identityKey(workspace, identifier), { workspace, identifier })
  const rows = await store.findIdentities(tx, identityColumns([...wanted.values()]).columns)
  return new Map(
    rows.map(row => [identityKey(row.workspace_id, row), { bucket: row.profile_bucket, id: row.profile_id }]),
  )
}

const writeIdentities = async (tx: Tx, claims: readonly Claim[], moves: readonly Claim[]): Promise<void> => {
  const columnsOf = (items: readonly Claim[]) => {
    const { order, columns } = identityColumns(items)
    return {
      ...columns,
      buckets: order.map(i => items[i]!.person.bucket),
      profiles: order.map(i => items[i]!.person.id),
    }
  }
  if (claims.length > 0) {
    const taken = await store.claimIdentities(tx, columnsOf(claims))
    if (taken.length < claims.length) throw new LostClaim("an identity was claimed by another request")
  }
  if (moves.length > 0) await store.moveIdentities(tx, columnsOf(moves))
}

const insert = async (tx: Tx, fresh: readonly Timed[], people: readonly Person[]): Promise<void> => {
  if (fresh.length === 0) return
  const buckets = [...new Set(people.map(p => p.bucket))].sort((a, b) => a - b)
  const heads = await store.lockHeads(tx, { buckets })
  const next = new Map(heads.map(h => [h.bucket, { seq: Number(h.head_seq), day: h.today }]))
  const seqs = people.map(p => {
    const head = next.get(p.bucket)!
    head.seq += 1
    return head.seq
  })
  await Promise.all([
    store.moveHeads(tx, {
      buckets,
      days: buckets.map(b => next.get(b)!.day),
      seqs: buckets.map(b => next.get(b)!.seq),
    }),
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
      bodies: fresh.map(f => f.arrival.event.body),
    }),
  ])
}
