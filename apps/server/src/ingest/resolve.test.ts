import { describe, expect, it } from "vitest"
import { type Identifier, IdentityKind } from "./message.ts"
import { identityKey, type Person, resolvePeople } from "./resolve.ts"

const user = (value: string): Identifier => ({ kind: IdentityKind.user_id, value })
const email = (value: string): Identifier => ({ kind: IdentityKind.email, value })
const anonymous = (value: string): Identifier => ({ kind: IdentityKind.anonymous_id, value })
const person = (id: string): Person => ({ id, bucket: 1 })

const workspace = 7
const ada = person("0001")
const guest = person("0002")

type Case = {
  name: string
  known: [Identifier, Person][]
  knownPeople: Person[]
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
    expected: { people: ["new1"], claims: ["second→new1"], moves: ["a→new1"], merges: [] },
  },
  {
    name: "a shared e-mail address joins nobody who has a user id, and does not move",
    known: [[email("family@x"), ada]],
    knownPeople: [ada],
    events: [[user("second"), email("family@x")]],
    expected: { people: ["new1"], claims: ["second→new1"], moves: [], merges: [] },
  },
  {
    name: "a known user on a device that was a visitor's: a merge is asked for, the lower id survives",
    known: [
      [user("u"), guest],
      [anonymous("a"), ada],
    ],
    knownPeople: [guest],
    events: [[user("u"), anonymous("a")]],
    expected: { people: ["0002"], claims: [], moves: ["a→0002"], merges: ["0001←0002"] },
  },
  {
    name: "a known user on another known user's device: nobody is merged",
    known: [
      [user("u"), guest],
      [anonymous("a"), ada],
    ],
    knownPeople: [guest, ada],
    events: [[user("u"), anonymous("a")]],
    expected: { people: ["0002"], claims: [], moves: ["a→0002"], merges: [] },
  },
]

describe("who an event is about", () => {
  it.each(cases)("$name", ({ known, knownPeople, events, expected }) => {
    let made = 0
    const resolution = resolvePeople(
      events.map(identifiers => ({ workspace, identifiers })),
      new Map(known.map(([identifier, who]) => [identityKey(workspace, identifier), who])),
      who => knownPeople.some(k => k.id === who.id),
      () => {
        made += 1
        return `new${made}`
      },
    )
    expect({
      people: resolution.people.map(p => p.id),
      claims: resolution.claims.map(c => `${c.identifier.value}→${c.person.id}`),
      moves: resolution.moves.map(c => `${c.identifier.value}→${c.person.id}`),
      merges: resolution.merges.map(m => `${m.survivor.id}←${m.loser.id}`),
    }).toEqual(expected)
  })
})
