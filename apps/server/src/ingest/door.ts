import type { EpochMs } from "@viaggio/journey-model"
import type { Db } from "../db/client.ts"
import { errorCode } from "../db/connect.ts"
import { addAliases, followAliases, lockAliases, noteKnown } from "../engine/merge-store.ts"
import type { Ports } from "../ports.ts"
import * as store from "./door-store.ts"
import { identitySlot, messageKey } from "./keys.ts"
import { type LinkingRules, linkingRules, usualRules } from "./linking.ts"
import { CallKind, type Identifier, IdentityKind, type Incoming } from "./message.ts"
import { type EventNames, MOST_NAMES } from "./names.ts"
import {
  type Claim,
  identityKey,
  type Known,
  type Person,
  type Resolution,
  resolvePeople,
} from "./resolve.ts"

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

/** How long the door trusts what it read of a workspace's rules. */
const RULES_MS = 5_000

/** Another request claimed one of our identities first, or a merge was agreed; the transaction is run again and finds it. */
class LostClaim extends Error {}

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
  const rules = new Map<number, { readAt: number; rules: LinkingRules; trustsLate: boolean }>()

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
    tx: Parameters<Parameters<Db["transaction"]>[0]>[0],
    arrivals: readonly Arrival[],
    nameIds: readonly (number | undefined)[],
  ): Promise<{ receipts: Receipt[]; haveMet: boolean }> => {
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
      if (nameIds[i] === undefined) receipts[i] = { kind: "rejected", field: "event", text: tooManyNames }
      return { arrival, nameId: nameIds[i] ?? 0, received, index: i, at: typeof time === "string" ? 0 : time }
    })
    const candidates = withoutCopies(
      timed.filter(t => receipts[t.index] === undefined),
      receipts,
    )
    const fresh = await noteSeen(tx, candidates, clock, receipts)
    const resolution = await resolve(tx, fresh, known)
    await writeIdentities(tx, resolution.claims, resolution.moves)
    await becomeKnown(tx, resolution.becomeKnown)
    if (resolution.merges.length > 0) await requestMerges(tx, resolution.merges)
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
    fresh: readonly Timed[],
    named: ReadonlyMap<string, Person>,
  ): Promise<Resolution> => {
    const events = fresh.map(t => ({
      workspace: t.arrival.workspace,
      identifiers: t.arrival.event.identifiers,
    }))
    await learnRules(tx, new Set(events.map(e => e.workspace)))
    return resolvePeople(
      events,
      { named, rulesOf: id => rules.get(id)?.rules ?? usualRules, ...(await whoMayMeet(tx, events, named)) },
      () => ports.newId(),
    )
  }

  const learnRules = async (tx: Tx, workspaces: ReadonlySet<number>): Promise<void> => {
    const now = ports.monotonicMs()
    const ids = [...workspaces].filter(id => !(now - (rules.get(id)?.readAt ?? -RULES_MS) < RULES_MS))
    if (ids.length === 0) return
    for (const row of await store.readRules(tx, { ids }))
      rules.set(row.id, {
        readAt: now,
        rules: linkingRules(row.linking ?? undefined),
        trustsLate: row.trust_late,
      })
  }

  /** Told as such, or so late that nobody should be written to because of it; a test clock may be far behind. */
  const isHistory = ({ arrival, at, received }: Timed): boolean =>
    arrival.event.mode === "history" ||
    (!arrival.sandbox &&
      arrival.internal !== true &&
      received - at > LATE_MS &&
      rules.get(arrival.workspace)?.trustsLate !== true)

  const requestMerges = async (tx: Tx, merges: Resolution["merges"]): Promise<void> => {
    const sorted = [...merges].sort((a, b) =>
      `${a.survivor.id}${a.loser.id}` < `${b.survivor.id}${b.loser.id}` ? -1 : 1,
    )
    await store.requestMerges(tx, {
      ids: sorted.map(() => ports.newId()),
      workspaces: sorted.map(m => m.workspace),
      survivor_buckets: sorted.map(m => m.survivor.bucket),
      survivors: sorted.map(m => m.survivor.id),
      loser_buckets: sorted.map(m => m.loser.bucket),
      losers: sorted.map(m => m.loser.id),
      states: sorted.map(m => (m.refused ? "refused" : "requested")),
      kinds: sorted.map(m => nameOfKind(m.kind)),
    })
  }

  return { append }
}

const tooManyNames = `event is a new name, and this workspace has ${MOST_NAMES} already: put what varies into the properties.`

type Tx = Parameters<Parameters<Db["transaction"]>[0]>[0]
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

/**
 * What must be known where an event names more than one profile, or gives one a new identifier: where their merges
 * lead, who has a user id, how many identifiers of a kind they have. Most events need none of it.
 */
const whoMayMeet = async (
  tx: Tx,
  events: readonly { workspace: number; identifiers: readonly Identifier[] }[],
  named: ReadonlyMap<string, Person>,
): Promise<Pick<Known, "ends" | "isKnownPerson" | "countOf">> => {
  const meeting = new Map<string, Person>()
  const linked = new Map<string, { person: Person; kind: number }>()
  for (const { workspace, identifiers } of events) {
    if (identifiers.length < 2) continue
    const present = identifiers.map(i => named.get(identityKey(workspace, i)))
    const people = present.filter(person => person !== undefined)
    if (people.length === 0 || present.every(person => person?.id === people[0]!.id)) continue
    for (const person of people) meeting.set(person.id, person)
    for (const [i, { kind }] of identifiers.entries())
      if (present[i] === undefined)
        for (const person of people) linked.set(`${person.id}:${kind}`, { person, kind })
  }
  if (meeting.size === 0) return { ends: new Map(), isKnownPerson: () => false, countOf: () => 0 }
  const columns = (people: readonly Person[]) => ({
    slots: people.map(p => p.bucket),
    profiles: people.map(p => p.id),
  })
  const links = [...linked.values()]
  const [paths, counts] = await Promise.all([
    followAliases(tx, columns([...meeting.values()])),
    links.length === 0
      ? []
      : store.countIdentities(tx, { ...columns(links.map(l => l.person)), kinds: links.map(l => l.kind) }),
  ])
  const ends = new Map(paths.map(row => [row.start_id, { id: row.id, bucket: row.bucket }]))
  const known = new Set(
    (await store.findKnownPeople(tx, columns([...ends.values()]))).map(row => row.profile_id),
  )
  const countOf = new Map(counts.map(row => [`${row.profile_id}:${row.kind}`, row.n]))
  return {
    ends,
    isKnownPerson: end => known.has(end.id),
    countOf: (profile, kind) => countOf.get(`${profile.id}:${kind}`) ?? 0,
  }
}

/** People who get a user id now: while this transaction lasts no merge may be agreed about them. */
const becomeKnown = async (tx: Tx, people: readonly Person[]): Promise<void> => {
  if (people.length === 0) return
  const columns = { slots: people.map(p => p.bucket), profiles: people.map(p => p.id) }
  await addAliases(tx, columns)
  const locked = await lockAliases(tx, columns)
  if (locked.some(row => row.went)) throw new LostClaim("a merge was agreed meanwhile")
  await noteKnown(tx, columns)
}

const nameOfKind = (kind: number): string =>
  Object.entries(IdentityKind).find(([, code]) => code === kind)?.[0] ?? "identity"

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

/** Reading takes no locks, so the order does not matter: sorting cost a fifth of the door's time. */
const findPeople = async (tx: Tx, arrivals: readonly Arrival[]): Promise<Map<string, Person>> => {
  const asked = new Set<string>()
  const columns = {
    slots: [] as number[],
    workspaces: [] as number[],
    kinds: [] as number[],
    keys: [] as string[],
  }
  for (const { workspace, event } of arrivals)
    for (const identifier of event.identifiers) {
      const key = identityKey(workspace, identifier)
      if (asked.has(key)) continue
      asked.add(key)
      columns.slots.push(identitySlot(workspace, identifier.kind, identifier.value))
      columns.workspaces.push(workspace)
      columns.kinds.push(identifier.kind)
      columns.keys.push(identifier.value)
    }
  if (asked.size === 0) return new Map()
  const rows = await store.findIdentities(tx, columns)
  return new Map(
    rows.map(row => [identityKey(row.workspace_id, row), { bucket: row.profile_bucket, id: row.profile_id }]),
  )
}

const writeIdentities = async (tx: Tx, claims: readonly Claim[], moves: readonly Claim[]): Promise<void> => {
  if (claims.length > 0) {
    const taken = await store.claimIdentities(tx, claimColumns(claims))
    if (taken.length < claims.length) throw new LostClaim("an identity was claimed by another request")
  }
  if (moves.length > 0) await store.moveIdentities(tx, claimColumns(moves))
}

/** In the order of the key, so that two doors never wait for each other in a ring. */
const claimColumns = (claims: readonly Claim[]) => {
  const rows = claims
    .map(({ workspace, identifier: { kind, value }, person }) => ({
      slot: identitySlot(workspace, kind, value),
      workspace,
      kind,
      value,
      person,
    }))
    .sort(
      (a, b) =>
        a.slot - b.slot || a.workspace - b.workspace || a.kind - b.kind || (a.value < b.value ? -1 : 1),
    )
  return {
    slots: rows.map(row => row.slot),
    workspaces: rows.map(row => row.workspace),
    kinds: rows.map(row => row.kind),
    keys: rows.map(row => row.value),
    buckets: rows.map(row => row.person.bucket),
    profiles: rows.map(row => row.person.id),
  }
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
