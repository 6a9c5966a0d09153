import { describe, expect, test } from "vitest"
import { delay, draftOf, entryBy, exit, splitBy } from "../testing/drafts.ts"
import { dayMs } from "../testing/moment.ts"
import { start } from "../testing/store.ts"
import { chanceOf } from "./chance.ts"
import { compileShape, eventShapes, madeUpPeople } from "./people.ts"

const journeyAsking = (when: object, entry: object = {}) =>
  draftOf(
    [entryBy("Signup", entry), splitBy("s", when), delay("d"), exit("x")],
    [
      ["start", "next", "s"],
      ["s", "yes", "d"],
      ["s", "else", "x"],
      ["d", "next", "x"],
    ],
  )

const peopleOf = (when: object) =>
  madeUpPeople(journeyAsking(when), { base: { email: "ann@example.com" }, seed: 1, startAt: start })

describe("made-up people", () => {
  test("have each value that is asked about, and some have none, in about equal shares", () => {
    const people = peopleOf({ kind: "profile", path: "address.country", is: "one-of", value: ["IT", "SM"] })
    const counts = new Map<unknown, number>()
    for (const { attributes } of people) {
      const { country } = attributes.address as { country?: string }
      counts.set(country, (counts.get(country) ?? 0) + 1)
    }
    expect(new Set(counts.keys())).toEqual(new Set(["IT", "SM", undefined]))
    for (const count of counts.values()) expect(count).toBeGreaterThan(people.length / 5)
  })
  test("stand on both sides of a number", () => {
    const people = peopleOf({ kind: "profile", path: "points", is: "at-least", value: 100 })
    expect(new Set(people.map(({ attributes }) => attributes.points))).toEqual(new Set([99, 100, 101]))
  })
  test("can all be written to, also where the journey asks about the address", () => {
    const people = peopleOf({ kind: "profile", path: "email", is: "exists" })
    expect(people.every(({ attributes }) => attributes.email === "ann@example.com")).toBe(true)
  })
  test("have done before what is counted, some of them", () => {
    const people = peopleOf({ kind: "event-count", event: "Order", period: "P90D", atLeast: 1 })
    const times = people.map(({ past }) => past.length)
    expect(Math.min(...times)).toBe(0)
    expect(times.filter(count => count > 0).length).toBeGreaterThan(people.length / 4)
    const all = people.flatMap(({ past }) => past)
    expect(all.every(({ name, at }) => name === "Order" && at <= start - dayMs)).toBe(true)
  })
  test("are one where nothing is asked about them", () => {
    expect(peopleOf({ kind: "entry", path: "total", is: "exists" })).toEqual([
      { attributes: { email: "ann@example.com" }, past: [] },
    ])
  })
})

describe("events", () => {
  const where = {
    kind: "property",
    path: "cart",
    is: "equals",
    value: { ref: "entry.properties.cart_id" },
  }
  test("bring what is asked of them over their base, and references as their customer has them", () => {
    const journey = journeyAsking(
      { kind: "event-count", event: "Order", where, atLeast: 1 },
      { where: { kind: "property", path: "plan", is: "equals", value: "free" } },
    )
    const shapes = eventShapes(journey, { baseOf: event => ({ of: event }), startAt: start })
    expect(Object.keys(shapes).sort()).toEqual(["Order", "Signup"])
    const made = (event: string) => {
      const make = compileShape(shapes[event])
      return Array.from({ length: 60 }, (_, index) =>
        make(chanceOf(1, index), ref => (ref === "entry.properties.cart_id" ? "c7" : undefined)),
      )
    }
    expect(new Set(made("Signup").map(({ plan }) => plan))).toEqual(new Set(["free", undefined]))
    expect(new Set(made("Order").map(({ cart }) => cart))).toEqual(new Set(["c7", undefined]))
    expect(made("Order").every(properties => properties.of === "Order")).toBe(true)
    expect(shapes.Signup?.base).toEqual({ of: "Signup" })
  })
  test("of which nothing is known bring nothing", () => {
    expect(compileShape(undefined)(1, () => undefined)).toEqual({})
  })
})
