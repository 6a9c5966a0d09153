import type { Tx } from "../db/client.ts"
import { addAliases, followAliases, lockAliases, noteKnown } from "../engine/merge-store.ts"
import { identitySlot } from "./keys.ts"
import { type Identifier, IdentityKind } from "./message.ts"
import * as store from "./people-store.ts"
import { type Claim, identityKey, type Known, type MergeRequest, type Person } from "./resolve.ts"

/** Another request claimed one of our identities first, or a merge was agreed; the transaction is run again and finds it. */
export class LostClaim extends Error {}

/** What an event says of whom it is about. */
export type Named = { workspace: number; identifiers: readonly Identifier[] }

/** Reading takes no locks, so the order does not matter: sorting cost a fifth of the door's time. */
export const findPeople = async (tx: Tx, events: readonly Named[]): Promise<Map<string, Person>> => {
  const asked = new Set<string>()
  const columns = {
    slots: [] as number[],
    workspaces: [] as number[],
    kinds: [] as number[],
    keys: [] as string[],
  }
  for (const { workspace, identifiers } of events)
    for (const identifier of identifiers) {
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

export const writeIdentities = async (
  tx: Tx,
  claims: readonly Claim[],
  moves: readonly Claim[],
): Promise<void> => {
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

/**
 * What must be known where an event names more than one profile, or gives one a new identifier: where their merges
 * lead, who has a user id, how many identifiers of a kind they have. Most events need none of it.
 */
export const whoMayMeet = async (
  tx: Tx,
  events: readonly Named[],
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
export const becomeKnown = async (tx: Tx, people: readonly Person[]): Promise<void> => {
  if (people.length === 0) return
  const columns = { slots: people.map(p => p.bucket), profiles: people.map(p => p.id) }
  await addAliases(tx, columns)
  const locked = await lockAliases(tx, columns)
  if (locked.some(row => row.went)) throw new LostClaim("a merge was agreed meanwhile")
  await noteKnown(tx, columns)
}

const nameOfKind = (kind: number): string =>
  Object.entries(IdentityKind).find(([, code]) => code === kind)?.[0] ?? "identity"

/** Asks for merges, and writes refusals down so that they can be shown; in the order of the pairs. */
export const requestMerges = async (
  tx: Tx,
  merges: readonly MergeRequest[],
  newId: () => string,
): Promise<void> => {
  if (merges.length === 0) return
  const sorted = [...merges].sort((a, b) =>
    `${a.survivor.id}${a.loser.id}` < `${b.survivor.id}${b.loser.id}` ? -1 : 1,
  )
  await store.requestMerges(tx, {
    ids: sorted.map(() => newId()),
    workspaces: sorted.map(m => m.workspace),
    survivor_buckets: sorted.map(m => m.survivor.bucket),
    survivors: sorted.map(m => m.survivor.id),
    loser_buckets: sorted.map(m => m.loser.bucket),
    losers: sorted.map(m => m.loser.id),
    states: sorted.map(m => (m.refused ? "refused" : "requested")),
    kinds: sorted.map(m => nameOfKind(m.kind)),
  })
}
