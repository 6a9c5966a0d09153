import { identityKey, profileBucket } from "./keys.ts"
import { type LinkingRules, usualRules } from "./linking.ts"
import { type Identifier, IdentityKind } from "./message.ts"

/** Where a person lives. */
export type Person = { bucket: number; id: string }

/** One identifier that is new, or that moves on to another person. */
export type Claim = { key: string; workspace: number; identifier: Identifier; person: Person }

/** Two profiles that an event named together. Refused: both are known people, or the kind does not join. */
export type MergeRequest = {
  workspace: number
  survivor: Person
  loser: Person
  kind: number
  refused: boolean
}

export type Resolution = {
  /** The profile whose log takes each event, in the order given. */
  people: Person[]
  claims: Claim[]
  moves: Claim[]
  merges: MergeRequest[]
  /** People of before who get a user id now: no merge may be agreed about them meanwhile. */
  becomeKnown: Person[]
}

/** What is known before the events: by identity, by agreement, by count. */
export type Known = {
  /** The profile that an identity names. */
  named: ReadonlyMap<string, Person>
  /** Where that profile's data is or will be; absent: there. */
  ends: ReadonlyMap<string, Person>
  /** Whether a person, by its end, has a user id. */
  isKnownPerson(end: Person): boolean
  /** How many values of a kind a profile has. */
  countOf(profile: Person, kind: number): number
  rulesOf(workspace: number): LinkingRules
}

export const nobodyKnown: Known = {
  named: new Map(),
  ends: new Map(),
  isKnownPerson: () => false,
  countOf: () => 0,
  rulesOf: () => usualRules,
}

/** What an event says of whom it is about; `keys`: those of the identities, in their order. */
export type Named = { workspace: number; identifiers: readonly Identifier[]; keys: readonly string[] }

export const namedBy = (workspace: number, identifiers: readonly Identifier[]): Named => ({
  workspace,
  identifiers,
  keys: identifiers.map(identifier => identityKey(workspace, identifier)),
})

/**
 * Says who each event is about, in the order of the events (pure; the database's part is handed in).
 *
 * The strongest identifier that names somebody decides. The event and its new identifiers go to the profile that
 * this identifier names, even when that profile has merged into another: only its log leads past all that it did
 * before. A new user id never joins a person who has another one. Two people named together are one: a merge is
 * asked for, unless both have a user id; then an anonymous id moves on to the person who uses it now.
 *
 * @param newProfileId the id of somebody new, by the key of the strongest identifier; undefined where all are blocked
 */
export const resolvePeople = (
  events: readonly Named[],
  known: Known,
  newProfileId: (strongest: string | undefined) => string,
): Resolution => new Resolver(known, newProfileId).resolve(events)

class Resolver {
  readonly #known: Known
  readonly #newProfileId: (strongest: string | undefined) => string
  readonly #named = new Map<string, Person>()
  readonly #made = new Set<string>()
  readonly #gotUserId = new Map<string, Person>()
  readonly #counts = new Map<string, number>()
  readonly #claims = new Map<string, Claim>()
  readonly #moves = new Map<string, Claim>()
  readonly #merges = new Map<string, MergeRequest>()

  constructor(known: Known, newProfileId: (strongest: string | undefined) => string) {
    this.#known = known
    this.#newProfileId = newProfileId
  }

  resolve(events: readonly Named[]): Resolution {
    return {
      people: events.map(event => this.#take(event)),
      claims: [...this.#claims.values()],
      moves: [...this.#moves.values()],
      merges: [...this.#merges.values()],
      becomeKnown: [...this.#gotUserId.values()].filter(person => !this.#made.has(person.id)),
    }
  }

  #take(event: Named): Person {
    const rules = this.#known.rulesOf(event.workspace)
    const { workspace, identifiers, keys } = rules.blocked.size === 0 ? event : without(rules.blocked, event)
    const person = this.#whoIs(identifiers, keys)
    const end = this.#endOf(person)
    for (const [i, key] of keys.entries()) {
      const present = this.#lookUp(key)
      if (present === undefined) this.#link(workspace, identifiers[i]!, key, person, rules)
      else if (this.#endOf(present).id !== end.id)
        this.#meet(workspace, identifiers[i]!, key, present, person, rules)
    }
    return person
  }

  #whoIs(identifiers: readonly Identifier[], keys: readonly string[]): Person {
    const named = keys.map(key => this.#lookUp(key))
    const bringsUserId = identifiers.some((i, n) => i.kind === IdentityKind.user_id && named[n] === undefined)
    let strongest: { kind: number; person: Person } | undefined
    for (const [i, { kind }] of identifiers.entries()) {
      const person = named[i]
      if (person === undefined || (strongest !== undefined && strongest.kind <= kind)) continue
      if (!(bringsUserId && this.#isKnown(this.#endOf(person)))) strongest = { kind, person }
    }
    if (strongest !== undefined) return strongest.person
    const id = this.#newProfileId(strongestOf(identifiers, keys))
    this.#made.add(id)
    return { id, bucket: profileBucket(id) }
  }

  #link(workspace: number, identifier: Identifier, key: string, person: Person, rules: LinkingRules): void {
    const countKey = `${person.id}:${identifier.kind}`
    const before = this.#made.has(person.id) ? 0 : this.#known.countOf(person, identifier.kind)
    const count = this.#counts.get(countKey) ?? before
    if (count >= (rules[identifier.kind]?.most ?? Number.POSITIVE_INFINITY)) return
    this.#counts.set(countKey, count + 1)
    this.#claims.set(key, { key, workspace, identifier, person })
    this.#named.set(key, person)
    if (identifier.kind === IdentityKind.user_id) {
      const end = this.#endOf(person)
      this.#gotUserId.set(end.id, end)
    }
  }

  /** Two people in one event. */
  #meet(
    workspace: number,
    identifier: Identifier,
    key: string,
    present: Person,
    person: Person,
    rules: LinkingRules,
  ): void {
    const [a, b] = [this.#endOf(person), this.#endOf(present)]
    const bothKnown = this.#isKnown(a) && this.#isKnown(b)
    const refused = bothKnown || rules[identifier.kind]?.joins === false
    if (bothKnown && identifier.kind === IdentityKind.anonymous_id) {
      this.#named.set(key, person)
      const claim = this.#claims.get(key)
      if (claim !== undefined) this.#claims.set(key, { ...claim, person })
      else this.#moves.set(key, { key, workspace, identifier, person })
    }
    const [survivor, loser] = a.id < b.id ? [a, b] : [b, a]
    const pair = `${survivor.id}:${loser.id}`
    const asked = this.#merges.get(pair)
    if (asked === undefined || (asked.refused && !refused))
      this.#merges.set(pair, { workspace, survivor, loser, kind: identifier.kind, refused })
  }

  #lookUp(key: string): Person | undefined {
    return this.#named.get(key) ?? this.#known.named.get(key)
  }

  #endOf(person: Person): Person {
    return this.#known.ends.get(person.id) ?? person
  }

  #isKnown(end: Person): boolean {
    return this.#gotUserId.has(end.id) || (!this.#made.has(end.id) && this.#known.isKnownPerson(end))
  }
}

const strongestOf = (identifiers: readonly Identifier[], keys: readonly string[]): string | undefined => {
  let strongest = 0
  for (let i = 1; i < keys.length; i += 1)
    if (identifiers[i]!.kind < identifiers[strongest]!.kind) strongest = i
  return keys[strongest]
}

/** The event without the values that name nobody in its workspace. */
const without = (blocked: ReadonlySet<string>, { workspace, identifiers }: Named): Named =>
  namedBy(
    workspace,
    identifiers.filter(identifier => !blocked.has(identifier.value.toLowerCase())),
  )
