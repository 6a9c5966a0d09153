import type { Tx } from "../db/client.ts"
import { errorCode } from "../db/connect.ts"
import { copyText } from "../db/copy.ts"
import { addAliases, followAliases, lockAliases, noteKnown } from "../engine/merge-store.ts"
import { identityKey, slotOfIdentity } from "./keys.ts"
import { IdentityKind } from "./message.ts"
import * as store from "./people-store.ts"
import type { Claim, Known, MergeRequest, Named, Person, Resolution } from "./resolve.ts"

/** Another request claimed one of our identities first, or a merge was agreed; the transaction is run again and finds it. */
export class LostClaim extends Error {}

/** Who is named by the identities of a batch, and where those lie. */
export type Found = { named: Map<string, Person>; slots: ReadonlyMap<string, number> }

/** Reading takes no locks, so the order does not matter; what lies together is asked together. */
export const findPeople = async (tx: Tx, events: readonly Named[]): Promise<Found> => {
  const slots = new Map<string, number>()
  const groups = new Map<number, { slot: number; workspace: number; kind: number; values: string[] }>()
  for (const { workspace, identifiers, keys } of events)
    for (const [i, { kind, value }] of identifiers.entries()) {
      const key = keys[i]!
      if (slots.has(key)) continue
      const slot = slotOfIdentity(key)
      slots.set(key, slot)
      const place = (workspace * KINDS + kind) * SLOTS + slot
      const group = groups.get(place)
      if (group === undefined) groups.set(place, { slot, workspace, kind, values: [value] })
      else group.values.push(value)
    }
  if (slots.size === 0) return { named: new Map(), slots }
  const asked = [...groups.values()]
  const rows = await store.findIdentities(tx, {
    slots: asked.map(group => group.slot),
    workspaces: asked.map(group => group.workspace),
    kinds: asked.map(group => group.kind),
    ...rangesOf(asked.map(group => group.values.length)),
    keys: asked.flatMap(group => group.values),
  })
  const named = new Map<string, Person>()
  for (const row of rows)
    named.set(identityKey(row.workspace_id, row), { bucket: row.profile_bucket, id: row.profile_id })
  return { named, slots }
}

/** More than there are, so that each place has a number of its own. */
const KINDS = 16
const SLOTS = 32

/** Where each of so many parts begins and ends in a list of all, counted from 1. */
export const rangesOf = (lengths: readonly number[]): { froms: number[]; tos: number[] } => {
  let end = 0
  const tos = lengths.map(length => {
    end += length
    return end
  })
  return { froms: tos.map((to, i) => to - lengths[i]! + 1), tos }
}

export const writeIdentities = async (
  tx: Tx,
  { claims, moves }: Pick<Resolution, "claims" | "moves">,
  slots: Found["slots"],
): Promise<void> => {
  if (claims.length > 0) {
    let rows = ""
    for (const { slot, claim } of inOrder(claims, slots)) {
      const { workspace, identifier, person } = claim
      rows += `${slot}\t${workspace}\t${identifier.kind}\t${copyText(identifier.value)}\t${person.bucket}\t${person.id}\n`
    }
    await orLost(store.claimIdentities(tx, rows))
  }
  if (moves.length > 0) {
    const rows = inOrder(moves, slots)
    await store.moveIdentities(tx, {
      slots: rows.map(row => row.slot),
      workspaces: rows.map(row => row.claim.workspace),
      kinds: rows.map(row => row.claim.identifier.kind),
      keys: rows.map(row => row.claim.identifier.value),
      buckets: rows.map(row => row.claim.person.bucket),
      profiles: rows.map(row => row.claim.person.id),
    })
  }
}

/** In the order of the key, so that two doors never wait for each other in a ring. */
const inOrder = (claims: readonly Claim[], slots: Found["slots"]): { slot: number; claim: Claim }[] =>
  claims
    .map(claim => ({ slot: slots.get(claim.key)!, claim }))
    .sort((a, b) => a.slot - b.slot || (a.claim.key < b.claim.key ? -1 : 1))

/** A key that somebody else has written since we looked is no fault: the transaction is run again and finds it. */
export const orLost = async (writing: Promise<void>): Promise<void> => {
  try {
    await writing
  } catch (error) {
    if (errorCode(error) === UNIQUE_VIOLATION) throw new LostClaim("another request was faster")
    throw error
  }
}

const UNIQUE_VIOLATION = "23505"

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
  for (const { identifiers, keys } of events) {
    if (identifiers.length < 2 || areOnePerson(keys, named)) continue
    const present = keys.map(key => named.get(key))
    const people = present.filter(person => person !== undefined)
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

/** All of these identities name the same profile, or none names one: nothing can come of it. */
const areOnePerson = (keys: readonly string[], named: ReadonlyMap<string, Person>): boolean => {
  const first = named.get(keys[0]!)
  return keys.every(key => named.get(key)?.id === first?.id)
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
