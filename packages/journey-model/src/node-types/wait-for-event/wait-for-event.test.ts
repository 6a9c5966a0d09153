import { describe, expect, test } from "vitest"
import type { EventFact } from "../../conditions/facts.ts"
import { at, dayMs, eventOf, hourMs, minuteMs, momentOf } from "../../testing/moment.ts"
import type { Decision, Moment } from "../definition.ts"
import type { WaitForEventConfig } from "./config.ts"
import { waitForEvent } from "./wait-for-event.ts"

const waitOf = (changes: Partial<WaitForEventConfig> = {}): WaitForEventConfig => ({
  branches: [
    {
      id: "ordered",
      event: "Order",
      where: { kind: "property", path: "cart", is: "equals", value: { ref: "entry.properties.cart" } },
    },
    { id: "left", event: "Unsubscribed" },
  ],
  timeout: "P3D",
  since: "arrival",
  ...changes,
})

const entry = eventOf("Cart", at - hourMs, { cart: "c1" })
const mine = eventOf("Order", at - 10 * minuteMs, { cart: "c1" })
const earlier = eventOf("Unsubscribed", at - 20 * minuteMs)
const other = eventOf("Order", at - 30 * minuteMs, { cart: "c2" })
const atEntry = eventOf("Unsubscribed", at - hourMs)

const leave = (outcome: string, event: EventFact): Decision => ({
  kind: "leave",
  outcome,
  because: { leaf: `event(${event.name})`, value: event.messageId },
})
const untilTimeout: Decision = { kind: "park", wakeAt: at + 3 * dayMs }

const table: {
  name: string
  config?: Partial<WaitForEventConfig>
  moment?: Partial<Moment> & { past?: EventFact[] }
  expected: Decision
}[] = [
  { name: "on arrival, stays until the timeout", expected: untilTimeout },
  { name: "on arrival, does not look back", moment: { past: [mine] }, expected: untilTimeout },
  { name: "never: stays without an end", config: { timeout: "never" }, expected: { kind: "park" } },
  {
    name: "in a late turn, the timeout counts from the real time",
    moment: { base: at + hourMs },
    expected: { kind: "park", wakeAt: at + hourMs + 3 * dayMs },
  },
  {
    name: "since entry: an event between entry and arrival counts",
    config: { since: "entry" },
    moment: { past: [other, mine] },
    expected: leave("ordered", mine),
  },
  {
    name: "since entry: the earliest wins, whatever the order of branches",
    config: { since: "entry" },
    moment: { past: [mine, earlier] },
    expected: leave("left", earlier),
  },
  {
    name: "since entry: one at the very instant of the entry does not count",
    config: { since: "entry" },
    moment: { past: [atEntry] },
    expected: untilTimeout,
  },
  {
    name: "since entry: the entry event itself never counts",
    config: { since: "entry", branches: [{ id: "again", event: "Cart" }] },
    moment: { past: [{ ...entry, at: at - minuteMs }], entry: { ...entry, at: at - minuteMs } },
    expected: untilTimeout,
  },
  {
    name: "since a node: only after the latest arrival there",
    config: { since: { node: "mail" } },
    moment: { past: [earlier, mine], arrivals: { mail: at - 15 * minuteMs } },
    expected: leave("ordered", mine),
  },
  {
    name: "since a node that was not passed: as from arrival",
    config: { since: { node: "mail" } },
    moment: { past: [earlier, mine] },
    expected: untilTimeout,
  },
  {
    name: "an event that fits a branch",
    moment: { cause: "event", event: mine, arrivedAt: at - dayMs, wakeAt: at + dayMs },
    expected: leave("ordered", mine),
  },
  {
    name: "an event that fits no branch",
    moment: { cause: "event", event: other, arrivedAt: at - dayMs, wakeAt: at + dayMs },
    expected: { kind: "park", wakeAt: at + dayMs },
  },
  {
    name: "an event at the very instant of the timeout wins",
    moment: { cause: "event", event: mine, wakeAt: at },
    expected: leave("ordered", mine),
  },
  {
    name: "an event after the timeout's instant comes too late",
    moment: { cause: "event", event: mine, wakeAt: at - 1 },
    expected: { kind: "park", wakeAt: at - 1 },
  },
  {
    name: "the timeout",
    moment: { cause: "time", wakeAt: at },
    expected: { kind: "leave", outcome: "timeout" },
  },
]

describe("decide", () => {
  test.each(table)("$name", ({ config, moment, expected }) => {
    expect(waitForEvent.decide(waitOf(config))(momentOf({ entry, ...moment }))).toEqual(expected)
  })
})

describe("the rest", () => {
  test("outcomes: branches, then timeout unless it never comes", () => {
    expect(waitForEvent.outcomes(waitOf())).toEqual(["ordered", "left", "timeout"])
    expect(waitForEvent.outcomes(waitOf({ timeout: "never" }))).toEqual(["ordered", "left"])
  })
  test("only a look-back needs history, and none from before the entry", () => {
    expect(waitForEvent.needs(waitOf()).history.size).toBe(0)
    const { history } = waitForEvent.needs(waitOf({ since: "entry" }))
    expect([...history.keys()]).toEqual(["Order", "Unsubscribed"])
    expect(history.get("Order")).toEqual({ lookBackMs: null, sinceEntryOnly: true })
  })
  test("check: a branch that an earlier one of the same event hides", () => {
    const branches = [
      { id: "any", event: "Order" },
      {
        id: "big",
        event: "Order",
        where: { kind: "property", path: "total", is: "greater", value: 9 } as const,
      },
      { id: "view", event: "View" },
    ]
    const found = waitForEvent.check(waitOf({ branches }), { node: "w", knowledge: {} })
    expect(found).toMatchObject([{ id: "branch-hidden", node: "w", outcome: "big", values: { by: "any" } }])
  })
})
