import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { conditions, noon, views } from "../testing/arbitraries.ts"
import type { Json } from "../values/json.ts"
import { sentenceIds } from "../values/sentence-ids.ts"
import type { Comparison, Condition } from "./condition.ts"
import { isContradiction } from "./contradiction.ts"
import { describeCondition } from "./describe.ts"
import { evaluate } from "./evaluate.ts"
import type { EventFact, View } from "./facts.ts"

const dayMs = 86_400_000

const viewOf = (attributes: { [name: string]: Json }, past: EventFact[] = []): View => ({
  customer: "c1",
  attributes,
  context: {},
  now: noon,
  enteredAt: noon - dayMs,
  entry: { name: "Account Created", at: noon - dayMs, properties: { cart: "c1" }, messageId: "entry" },
  events: name => past.filter(event => event.name === name),
  digest: name => {
    const times = past.filter(event => event.name === name).map(event => event.at)
    return times.length === 0
      ? undefined
      : { count: times.length, firstAt: Math.min(...times), lastAt: Math.max(...times) }
  },
})

const order = (at: number, properties = {}): EventFact => ({
  name: "Order",
  at,
  properties,
  messageId: `m${at}`,
})

describe("comparisons", () => {
  const table: [name: string, value: Json | undefined, comparison: Comparison, expected: boolean][] = [
    ["exists, present", "", { is: "exists" }, true],
    ["exists, null", null, { is: "exists" }, false],
    ["missing, absent", undefined, { is: "missing" }, true],
    ["missing, null", null, { is: "missing" }, true],
    ["missing, empty text", "", { is: "missing" }, false],
    ["equal text", "IT", { is: "equals", value: "IT" }, true],
    ["case matters", "it", { is: "equals", value: "IT" }, false],
    ["text by NFC", "e\u0301", { is: "equals", value: "é" }, true],
    ["text is no number", "42", { is: "equals", value: 42 }, false],
    ["zero and minus zero", -0, { is: "equals", value: 0 }, true],
    ["list element by element", [1, "a"], { is: "equals", value: [1, "a"] }, true],
    ["list of another order", ["a", 1], { is: "equals", value: [1, "a"] }, false],
    ["missing equals nothing", undefined, { is: "equals", value: "IT" }, false],
    ["contains", "abc", { is: "contains", value: "b" }, true],
    ["a list does not contain text", ["abc"], { is: "contains", value: "abc" }, false],
    ["starts with", "abc", { is: "starts-with", value: "ab" }, true],
    ["ends with", "abc", { is: "ends-with", value: "bc" }, true],
    ["includes", ["x", 2], { is: "includes", value: 2 }, true],
    ["text includes nothing", "x2", { is: "includes", value: "2" }, false],
    ["greater", 5, { is: "greater", value: 5 }, false],
    ["at least", 5, { is: "at-least", value: 5 }, true],
    ["less", 4.9, { is: "less", value: 5 }, true],
    ["at most", 5, { is: "at-most", value: 5 }, true],
    ["text is no greater number", "9", { is: "greater", value: 5 }, false],
    ["a date as midnight UTC", "2026-01-02", { is: "after", value: "2026-01-01T23:59:59.999Z" }, true],
    ["not before itself", "2026-01-02", { is: "before", value: "2026-01-02T00:00:00Z" }, false],
    ["no such date", "2026-02-30", { is: "before", value: "2027-01-01" }, false],
    ["one of", "SM", { is: "one-of", value: ["IT", "SM"] }, true],
    ["one of, other type", "1", { is: "one-of", value: [1] }, false],
    ["within the last, now", "2026-06-01T12:00:00Z", { is: "within-last", value: "P1D" }, true],
    ["within the last, its far end", "2026-05-31T12:00:00Z", { is: "within-last", value: "P1D" }, false],
    ["within the next, now", "2026-06-01T12:00:00Z", { is: "within-next", value: "P1D" }, false],
    ["within the next, its far end", "2026-06-02T12:00:00Z", { is: "within-next", value: "P1D" }, true],
    ["by reference", "c1", { is: "equals", value: { ref: "entry.properties.cart" } }, true],
    ["reference to nothing", "c1", { is: "equals", value: { ref: "entry.properties.none" } }, false],
  ]
  test.each(table)("%s", (_, value, comparison, expected) => {
    const condition: Condition = { kind: "profile", path: "x", ...comparison }
    const view = viewOf(value === undefined ? {} : { x: value })
    expect(evaluate(condition, view).value).toBe(expected)
    expect(evaluate({ kind: "not", of: condition }, view).value).toBe(!expected)
  })
})

describe("what happened", () => {
  const past = [order(noon - 2 * dayMs, { total: 10 }), order(noon - dayMs, { total: 60 }), order(noon)]
  const count = (rest: object): Condition => ({ kind: "event-count", event: "Order", ...rest })
  const table: [name: string, condition: Condition, expected: boolean][] = [
    ["ever, all of them", count({ atLeast: 3, atMost: 3 }), true],
    ["never", { kind: "event-count", event: "Refund", atMost: 0 }, true],
    ["a period leaves out its far end", count({ period: "P1D", atLeast: 2 }), false],
    ["a period takes in now", count({ period: "P1D", atLeast: 1 }), true],
    ["since the entry leaves out its instant", count({ period: "since-entry", atMost: 1 }), true],
    [
      "only those that fit",
      count({ atLeast: 1, atMost: 1, where: { kind: "property", path: "total", is: "greater", value: 50 } }),
      true,
    ],
    [
      "the first",
      { kind: "event-time", event: "Order", which: "first", is: "before", value: "2026-05-31" },
      true,
    ],
    [
      "the last",
      { kind: "event-time", event: "Order", which: "last", is: "within-last", value: "PT1S" },
      true,
    ],
    ["no first", { kind: "event-time", event: "Refund", which: "first", is: "missing" }, true],
  ]
  test.each(table)("%s", (_, condition, expected) => {
    expect(evaluate(condition, viewOf({}, past)).value).toBe(expected)
  })
})

describe("because", () => {
  const italian: Condition = { kind: "profile", path: "country", is: "equals", value: "IT" }
  const vip: Condition = { kind: "profile", path: "vip", is: "equals", value: true }
  test("names the leaf that settles a group, with the value it saw", () => {
    const view = viewOf({ country: "FR", vip: true })
    expect(evaluate({ kind: "all", of: [vip, italian] }, view).because).toEqual({
      leaf: "profile.country",
      value: "FR",
    })
    expect(evaluate({ kind: "any", of: [italian, vip] }, view).because).toEqual({
      leaf: "profile.vip",
      value: true,
    })
    expect(evaluate({ kind: "not", of: italian }, viewOf({})).because).toEqual({ leaf: "profile.country" })
    expect(evaluate({ kind: "any", of: [] }, view)).toEqual({ value: false, because: { leaf: "never" } })
  })
})

describe("sentences", () => {
  test("is not says that it may be unknown", () => {
    const not: Condition = {
      kind: "not",
      of: { kind: "profile", path: "country", is: "equals", value: "IT" },
    }
    expect(describeCondition(not)).toEqual({
      id: "compare.not.equals",
      values: { subject: { id: "subject.profile", values: { path: "country" } }, value: "IT" },
    })
  })
  test("every sentence is in the list, with the values that it names", () => {
    const visit = (value: Json): void => {
      if (Array.isArray(value)) {
        for (const part of value) visit(part)
      } else if (typeof value === "object" && value !== null && "id" in value) {
        const names = sentenceIds[String(value.id)]
        expect(names, String(value.id)).toBeDefined()
        expect(Object.keys(value.values as object).sort()).toEqual([...(names ?? [])].sort())
        for (const part of Object.values(value.values as { [name: string]: Json })) visit(part)
      }
    }
    fc.assert(fc.property(conditions, condition => visit(describeCondition(condition))))
  })
})

describe("laws", () => {
  test("a group is its parts, and not is not", () => {
    fc.assert(
      fc.property(fc.array(conditions, { maxLength: 3 }), views, (of, view) => {
        const parts = of.map(part => evaluate(part, view).value)
        expect(evaluate({ kind: "all", of }, view).value).toBe(parts.every(Boolean))
        expect(evaluate({ kind: "any", of }, view).value).toBe(parts.some(Boolean))
        expect(evaluate({ kind: "not", of: { kind: "all", of } }, view).value).toBe(!parts.every(Boolean))
      }),
    )
  })
  test("what is called a contradiction holds for nobody", () => {
    fc.assert(
      fc.property(conditions, conditions, views, (a, b, view) => {
        const holds = evaluate(a, view).value && !evaluate(b, view).value
        if (holds) {
          const demands = [
            { condition: a, holds: true },
            { condition: b, holds: false },
          ]
          expect(isContradiction(demands)).toBe(false)
        }
      }),
      { numRuns: 2000 },
    )
  })
})

describe("contradictions", () => {
  const profile = (rest: Comparison): Condition => ({ kind: "profile", path: "x", ...rest })
  const both = (a: Condition, b: Condition) =>
    isContradiction([{ condition: { kind: "all", of: [a, b] }, holds: true }])
  const table: [name: string, a: Condition, b: Condition, expected: boolean][] = [
    ["two values", profile({ is: "equals", value: "IT" }), profile({ is: "equals", value: "FR" }), true],
    ["a value and none", profile({ is: "equals", value: "IT" }), profile({ is: "missing" }), true],
    [
      "a value and a list without it",
      profile({ is: "equals", value: 1 }),
      profile({ is: "one-of", value: [2] }),
      true,
    ],
    ["bounds that cross", profile({ is: "greater", value: 5 }), profile({ is: "at-most", value: 5 }), true],
    ["bounds that touch", profile({ is: "at-least", value: 5 }), profile({ is: "at-most", value: 5 }), false],
    ["text and number", profile({ is: "contains", value: "a" }), profile({ is: "less", value: 5 }), true],
    [
      "dates that cross",
      profile({ is: "after", value: "2026-02-01" }),
      profile({ is: "before", value: "2026-01-01" }),
      true,
    ],
    ["two patterns", profile({ is: "contains", value: "a" }), profile({ is: "contains", value: "b" }), false],
    [
      "counts that cross",
      { kind: "event-count", event: "Order", atLeast: 2 },
      { kind: "event-count", event: "Order", atMost: 1 },
      true,
    ],
    [
      "counts of different events",
      { kind: "event-count", event: "Order", atLeast: 2 },
      { kind: "event-count", event: "View", atMost: 1 },
      false,
    ],
    [
      "itself and not itself",
      profile({ is: "contains", value: "a" }),
      { kind: "not", of: profile({ is: "contains", value: "a" }) },
      true,
    ],
  ]
  test.each(table)("%s", (_, a, b, expected) => expect(both(a, b)).toBe(expected))
})
