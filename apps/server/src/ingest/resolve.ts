import { profileBucket } from "./keys.ts"
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

export const identityKey = (workspace: number, { kind, value }: Identifier): string =>
  `${workspace}:${kind}:${value}`

type Event = { workspace: number; identifiers: readonly Identifier[] }

/**
 * Says who each event is about, in the order of the events (pure; the database's part is handed in).
 *
 * The strongest identifier that names somebody decides. The event and its new identifiers go to the profile that
 * this identifier names, even when that profile has merged into another: only its log leads past all that it did
 * before. A new user id never joins a person who has another one. Two people named together are one: a merge is
 * asked for, unless both have a user id; then an anonymous id moves on to the person who uses it now.
 */
export const resolvePeople = (
  events: readonly Event[],
  known: Known,
  newProfileId: () => string,
): Resolution => new Resolver(known, newProfileId).resolve(events)

class Resolver {
  readonly #known: Known
  readonly #newProfileId: () => string
  readonly #named = new Map<string, Person>()
  readonly #made = new Set<string>()
  readonly #gotUserId = new Map<string, Person>()
  readonly #counts = new Map<string, number>()
  readonly #claims = new Map<string, Claim>()
  readonly #moves = new Map<string, Claim>()
  readonly #merges = new Map<string, MergeRequest>()

  constructor(known: Known, newProfileId: () => string) {
    this.#known = known
    this.#newProfileId = newProfileId
  }

  resolve(events: readonly Event[]): Resolution {
    return {
      people: events.map(event => this.#take(event)),
      claims: [...this.#claims.values()],
      moves: [...this.#moves.values()],
      merges: [...this.#merges.values()],
      becomeKnown: [...this.#gotUserId.values()].filter(person => !this.#made.has(person.id)),
    }
  }

  #take({ workspace, identifiers: all }: Event): Person {
    const rules = this.#known.rulesOf(workspace)
    const identifiers =
      rules.blocked.size === 0 ? all : all.filter(i => !rules.blocked.has(i.value.toLowerCase()))
    const keyOf = (identifier: Identifier) => identityKey(workspace, identifier)
    const person = this.#whoIs(workspace, identifiers)
    const end = this.#endOf(person)
    for (const identifier of identifiers) {
      const key = keyOf(identifier)
      const present = this.#lookUp(key)
      if (present === undefined) this.#link(workspace, identifier, key, person, rules)
      else if (this.#endOf(present).id !== end.id)
        this.#meet(workspace, identifier, key, present, person, rules)
    }
    return person
  }

  #whoIs(workspace: number, identifiers: readonly Identifier[]): Person {
    const bringsUserId = identifiers.some(
      i => i.kind === IdentityKind.user_id && this.#lookUp(identityKey(workspace, i)) === undefined,
    )
    for (const identifier of [...identifiers].sort((a, b) => a.kind - b.kind)) {
      const person = this.#lookUp(identityKey(workspace, identifier))
      if (person !== undefined && !(bringsUserId && this.#isKnown(this.#endOf(person)))) return person
    }
    const id = this.#newProfileId()
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
