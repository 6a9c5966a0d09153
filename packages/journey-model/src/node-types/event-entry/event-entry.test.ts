import { expect, test } from "vitest"
import { momentOf } from "../../testing/moment.ts"
import type { Knowledge } from "../../values/known.ts"
import { type EventEntryConfig, eventEntry } from "./event-entry.ts"

test("lets everybody who was admitted go on", () => {
  const config = eventEntry.schema.parse({ event: "Account Created" })
  expect(config).toEqual({ event: "Account Created", maxAge: "P1D" })
  expect(eventEntry.decide(config)(momentOf())).toEqual({ kind: "leave", outcome: "next" })
})

const knowledge: Knowledge = {
  events: { "Account Created": { properties: { plan: "text" } } },
  attributes: { country: "text" },
}

const table: { name: string; config: EventEntryConfig; expected: string[] }[] = [
  { name: "fine", config: { event: "Account Created", maxAge: "P1D" }, expected: [] },
  { name: "no event", config: { event: "", maxAge: "P1D" }, expected: ["event-missing"] },
  {
    name: "an unseen event",
    config: { event: "Cart Filled", maxAge: "P1D" },
    expected: ["event-never-seen"],
  },
  {
    name: "a mistyped event",
    config: { event: "Acount Created", maxAge: "P1D" },
    expected: ["event-mistyped"],
  },
  {
    name: "an unseen property",
    config: {
      event: "Account Created",
      maxAge: "P1D",
      where: { kind: "property", path: "tariff", is: "equals", value: "free" },
    },
    expected: ["property-never-seen"],
  },
  {
    name: "a mistyped property",
    config: {
      event: "Account Created",
      maxAge: "P1D",
      where: { kind: "property", path: "plam", is: "equals", value: "free" },
    },
    expected: ["property-mistyped"],
  },
  {
    name: "a mistyped attribute",
    config: {
      event: "Account Created",
      maxAge: "P1D",
      audience: { kind: "profile", path: "Contry", is: "exists" },
    },
    expected: ["attribute-mistyped"],
  },
  {
    name: "text that was never a number",
    config: {
      event: "Account Created",
      maxAge: "P1D",
      where: { kind: "property", path: "plan", is: "equals", value: 1 },
    },
    expected: ["type-mismatch"],
  },
  {
    name: "an unseen attribute of the audience",
    config: {
      event: "Account Created",
      maxAge: "P1D",
      audience: { kind: "profile", path: "town", is: "exists" },
    },
    expected: ["attribute-never-seen"],
  },
  {
    name: "an audience that nobody is in",
    config: {
      event: "Account Created",
      maxAge: "P1D",
      audience: {
        kind: "all",
        of: [
          { kind: "profile", path: "country", is: "equals", value: "IT" },
          { kind: "profile", path: "country", is: "missing" },
        ],
      },
    },
    expected: ["condition-never-true"],
  },
]

test.each(table)("check: $name", ({ config, expected }) => {
  const found = eventEntry.check(config, { node: "start", knowledge })
  expect(found.map(({ id }) => id)).toEqual(expected)
})
