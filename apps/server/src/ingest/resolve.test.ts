import { describe, expect, it } from "vitest"
import { identityKey, profileBucket, profileIdOf } from "./keys.ts"
import { linkingRules } from "./linking.ts"
import { type Identifier, IdentityKind } from "./message.ts"
import { type Known, namedBy, nobodyKnown, type Person, resolvePeople } from "./resolve.ts"

const user = (value: string): Identifier => ({ kind: IdentityKind.user_id, value })
const email = (value: string): Identifier => ({ kind: IdentityKind.email, value })
const anonymous = (value: string): Identifier => ({ kind: IdentityKind.anonymous_id, value })
const card = (value: string): Identifier => ({ kind: IdentityKind.loyalty_card, value })
const person = (id: string): Person => ({ id, bucket: 1 })

const workspace = 7
const ada = person("0001")
const guest = person("0002")

type Case = {
  name: string
  known: [Identifier, Person][]
  knownPeople: Person[]
  /** Merges agreed before: who went where. */
  went?: [Person, Person][]
  more?: Partial<Known>
  events: Identifier[][]
  expected: { people: string[]; claims: string[]; moves: string[]; merges: string[] }
}

const cases: Case[] = [
  {
    name: "nobody is known: one new person gets all identifiers",
    known: [],
    knownPeople: [],
    events: [[user("u"), email("e"), anonymous("a")]],
    expected: { people: ["new1"], claims: ["u→new1", "e→new1", "a→new1"], moves: [], merges: [] },
  },
  {
    name: "a later event of the same request finds the person whom an earlier one made",
    known: [],
    knownPeople: [],
    events: [[anonymous("a")], [user("u"), anonymous("a")], [user("u")]],
    expected: { people: ["new1", "new1", "new1"], claims: ["a→new1", "u→new1"], moves: [], merges: [] },
  },
  {
    name: "a visitor who signs up stays the same person",
    known: [[anonymous("a"), guest]],
    knownPeople: [],
    events: [[user("u"), anonymous("a")]],
    expected: { people: ["0002"], claims: ["u→0002"], moves: [], merges: [] },
  },
  {
    name: "a new user id never joins a person who has another one; the anonymous id moves on",
    known: [[anonymous("a"), ada]],
    knownPeople: [ada],
    events: [[user("second"), anonymous("a")]],
    expected: { people: ["new1"], claims: ["second→new1"], moves: ["a→new1"], merges: ["0001×new1"] },
  },
  {
    name: "a shared e-mail address joins nobody who has a user id, and does not move",
    known: [[email("family@x"), ada]],
    knownPeople: [ada],
    events: [[user("second"), email("family@x")]],
    expected: { people: ["new1"], claims: ["second→new1"], moves: [], merges: ["0001×new1"] },
  },
  {
    name: "a known user on a device that was a visitor's: a merge is asked for, the lower id survives",
    known: [
      [user("u"), guest],
      [anonymous("a"), ada],
    ],
    knownPeople: [guest],
    events: [[user("u"), anonymous("a")]],
    expected: { people: ["0002"], claims: [], moves: [], merges: ["0001←0002"] },
  },
  {
    name: "a known user on another known user's device: nobody is merged",
    known: [
      [user("u"), guest],
      [anonymous("a"), ada],
    ],
    knownPeople: [guest, ada],
    events: [[user("u"), anonymous("a")]],
    expected: { people: ["0002"], claims: [], moves: ["a→0002"], merges: ["0001×0002"] },
  },
  {
    name: "a card joins two visitors; the stronger identifier says whose log it goes to",
    known: [
      [card("c"), guest],
      [anonymous("a"), ada],
    ],
    knownPeople: [],
    events: [[card("c"), anonymous("a")]],
    expected: { people: ["0002"], claims: [], moves: [], merges: ["0001←0002"] },
  },
  {
    name: "a profile that has merged still takes what its identifiers bring; nobody is asked for twice",
    known: [
      [anonymous("a"), guest],
      [user("u"), ada],
    ],
    knownPeople: [ada],
    went: [[guest, ada]],
    events: [[anonymous("a")], [user("u"), anonymous("a")], [email("e"), anonymous("a")]],
    expected: { people: ["0002", "0001", "0002"], claims: ["e→0002"], moves: [], merges: [] },
  },
  {
    name: "who has merged into a known person is known too: a new user id does not join",
    known: [[anonymous("a"), guest]],
    knownPeople: [ada],
    went: [[guest, ada]],
    events: [[user("second"), anonymous("a")]],
    expected: { people: ["new1"], claims: ["second→new1"], moves: ["a→new1"], merges: ["0001×new1"] },
  },
  {
    name: "a kind that may not join leaves both as they are, and says so",
    known: [
      [user("u"), ada],
      [email("family@x"), guest],
    ],
    knownPeople: [ada],
    more: { rulesOf: () => linkingRules({ kinds: { email: { joins: false } } }) },
    events: [[user("u"), email("family@x")]],
    expected: { people: ["0001"], claims: [], moves: [], merges: ["0001×0002"] },
  },
  {
    name: "one value more than a person may have is not linked",
    known: [[user("u"), ada]],
    knownPeople: [ada],
    more: {
      rulesOf: () => linkingRules({ kinds: { anonymous_id: { most: 3 } } }),
      countOf: () => 2,
    },
    events: [
      [user("u"), anonymous("a")],
      [user("u"), anonymous("b")],
    ],
    expected: { people: ["0001", "0001"], claims: ["a→0001"], moves: [], merges: [] },
  },
  {
    name: "a blocked value names nobody",
    known: [
      [user("u"), ada],
      [card("0000"), guest],
    ],
    knownPeople: [ada],
    more: { rulesOf: () => linkingRules({ blocked: ["0000"] }) },
    events: [[user("u"), card("0000")]],
    expected: { people: ["0001"], claims: [], moves: [], merges: [] },
  },
]

describe("who an event is about", () => {
  it.each(cases)("$name", ({ known, knownPeople, went = [], more, events, expected }) => {
    let made = 0
    const resolution = resolvePeople(
      events.map(identifiers => namedBy(workspace, identifiers)),
      {
        ...nobodyKnown,
        named: new Map(known.map(([identifier, who]) => [identityKey(workspace, identifier), who])),
        ends: new Map(went.map(([from, to]) => [from.id, to])),
        isKnownPerson: who => knownPeople.some(k => k.id === who.id),
        ...more,
      },
      () => {
        made += 1
        return `new${made}`
      },
    )
    expect({
      people: resolution.people.map(p => p.id),
      claims: resolution.claims.map(c => `${c.identifier.value}→${c.person.id}`),
      moves: resolution.moves.map(c => `${c.identifier.value}→${c.person.id}`),
      merges: resolution.merges.map(m => `${m.survivor.id}${m.refused ? "×" : "←"}${m.loser.id}`),
    }).toEqual(expected)
  })
})

it("makes the id of somebody new from the strongest identifier, the same each time", () => {
  const asked: (string | undefined)[] = []
  const idOf = (key: string | undefined): string => {
    asked.push(key)
    return key === undefined ? "by chance" : profileIdOf(key)
  }
  const rules = linkingRules({ blocked: ["till"] })
  const known: Known = { ...nobodyKnown, rulesOf: () => rules }
  const events = [[anonymous("a"), email("e"), user("u")], [anonymous("b"), email("f")], [card("till")]].map(
    identifiers => namedBy(workspace, identifiers),
  )
  const people = resolvePeople(events, known, idOf).people.map(p => p.id)
  expect(asked).toEqual([identityKey(workspace, user("u")), identityKey(workspace, email("f")), undefined])
  expect(resolvePeople(events, known, idOf).people.map(p => p.id)).toEqual(people)
  for (const id of people.slice(0, 2))
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  const buckets = Array.from({ length: 3_200 }, (_, i) => profileBucket(profileIdOf(`7:1:user-${i}`)))
  for (let bucket = 0; bucket < 32; bucket += 1)
    expect(buckets.filter(b => b === bucket).length).toBeGreaterThan(60)
})
