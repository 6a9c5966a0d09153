import { profileBucket } from "./keys.ts"
import { type Identifier, IdentityKind } from "./message.ts"

/** Where a person lives. */
export type Person = { bucket: number; id: string }

/** One identifier that is new, or that moves on to another person. */
export type Claim = { key: string; workspace: number; identifier: Identifier; person: Person }

export type MergeRequest = { workspace: number; survivor: Person; loser: Person }

export type Resolution = {
  /** The person of each event, in the order given. */
  people: Person[]
  claims: Claim[]
  moves: Claim[]
  merges: MergeRequest[]
}

export const identityKey = (workspace: number, { kind, value }: Identifier): string =>
  `${workspace}:${kind}:${value}`

/**
 * Says who each event is about, in the order of the events (pure; the database's part is handed in).
 *
 * The strongest identifier that names somebody decides. New identifiers are linked to that person, but a new
 * user id never joins a person who has another one. An anonymous id that belonged to somebody else moves on to
 * the person who uses it now; when that somebody was not a known person, a merge of the two is asked for.
 *
 * @param known identity key → person, for every identifier in `events` that exists
 * @param isKnownPerson whether a person has a user id
 */
export const resolvePeople = (
  events: readonly { workspace: number; identifiers: readonly Identifier[] }[],
  known: ReadonlyMap<string, Person>,
  isKnownPerson: (person: Person) => boolean,
  newProfileId: () => string,
): Resolution => {
  const named = new Map<string, Person>()
  const gotUserId = new Set<string>()
  const claims = new Map<string, Claim>()
  const moves = new Map<string, Claim>()
  const merges = new Map<string, MergeRequest>()
  const lookUp = (key: string) => named.get(key) ?? known.get(key)
  const hasUserId = (person: Person) => gotUserId.has(person.id) || isKnownPerson(person)

  const people = events.map(({ workspace, identifiers }) => {
    const person = whoIs(workspace, identifiers)
    for (const identifier of identifiers) {
      const key = identityKey(workspace, identifier)
      const present = lookUp(key)
      if (present === undefined) {
        claims.set(key, { key, workspace, identifier, person })
        named.set(key, person)
        if (identifier.kind === IdentityKind.user_id) gotUserId.add(person.id)
      } else if (present.id !== person.id && identifier.kind === IdentityKind.anonymous_id) {
        moveOn(workspace, identifier, key, present, person)
      }
    }
    return person
  })
  return {
    people,
    claims: [...claims.values()],
    moves: [...moves.values()],
    merges: [...merges.values()],
  }

  function whoIs(workspace: number, identifiers: readonly Identifier[]): Person {
    const bringsNewUserId = identifiers.some(
      i => i.kind === IdentityKind.user_id && lookUp(identityKey(workspace, i)) === undefined,
    )
    for (const identifier of [...identifiers].sort((a, b) => a.kind - b.kind)) {
      const person = lookUp(identityKey(workspace, identifier))
      if (person !== undefined && !(bringsNewUserId && hasUserId(person))) return person
    }
    const id = newProfileId()
    return { id, bucket: profileBucket(id) }
  }

  function moveOn(workspace: number, identifier: Identifier, key: string, from: Person, to: Person): void {
    named.set(key, to)
    const claim = claims.get(key)
    if (claim !== undefined) claims.set(key, { ...claim, person: to })
    else moves.set(key, { key, workspace, identifier, person: to })
    if (hasUserId(from)) return
    const [survivor, loser] = from.id < to.id ? [from, to] : [to, from]
    merges.set(`${survivor.id}:${loser.id}`, { workspace, survivor, loser })
  }
}
