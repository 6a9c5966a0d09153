import { describe, expect, test } from "vitest"
import { at, eventOf, momentOf } from "../../testing/moment.ts"
import type { Moment } from "../definition.ts"
import { type UpdateProfileConfig, updateProfile } from "./update-profile.ts"

const entry = eventOf("Cart", at, { cart_id: "c1", gift: null, items: [1, 2] })

const table: {
  name: string
  config: Partial<UpdateProfileConfig>
  moment?: Partial<Moment>
  expected: object
}[] = [
  {
    name: "writes constants of every type",
    config: {
      set: [
        { attribute: "welcomed", value: true },
        { attribute: "score", value: 3 },
        { attribute: "tags", value: ["a", "b"] },
        { attribute: "name", value: "Zoe\u0308" },
      ],
    },
    expected: { traits: { welcomed: true, score: 3, tags: ["a", "b"], name: "Zo\u00eb" } },
  },
  {
    name: "writes what a reference finds, with its type",
    config: {
      set: [
        { attribute: "last_cart", value: { ref: "entry.properties.cart_id" } },
        { attribute: "bought", value: { ref: "entry.properties.items" } },
        { attribute: "seen_at", value: { ref: "entry.at" } },
        { attribute: "lead", value: { ref: "context.lead_id" } },
      ],
    },
    moment: { context: { lead_id: 7 } },
    expected: { traits: { last_cart: "c1", bought: [1, 2], seen_at: "2026-06-01T12:00:00.000Z", lead: 7 } },
  },
  {
    name: "leaves alone what has no value, and says so",
    config: {
      set: [
        { attribute: "city", value: { ref: "profile.address.city" } },
        { attribute: "gift", value: { ref: "entry.properties.gift" } },
        { attribute: "welcomed", value: true },
      ],
    },
    expected: {
      traits: { welcomed: true },
      because: { leaf: "profile.address.city, entry.properties.gift" },
    },
  },
  {
    name: "looks everything up before it writes",
    config: {
      set: [
        { attribute: "a", value: { ref: "profile.b" } },
        { attribute: "b", value: { ref: "profile.a" } },
      ],
    },
    moment: { attributes: { a: 1, b: 2 } },
    expected: { traits: { a: 2, b: 1 } },
  },
  { name: "removes", config: { unset: ["trial_until"] }, expected: { traits: { trial_until: null } } },
  {
    name: "a dot inside a name is part of it",
    config: { set: [{ attribute: "a\\.b", value: 1 }], unset: ["c\\.d"] },
    expected: { traits: { "a.b": 1, "c.d": null } },
  },
]

describe("decide", () => {
  test.each(table)("$name", ({ config, moment, expected }) => {
    const whole = { set: [], unset: [], ...config }
    expect(updateProfile.decide(whole)(momentOf({ entry, ...moment }))).toEqual({
      kind: "leave",
      outcome: "next",
      ...expected,
    })
  })
})

const checks: { name: string; config: Partial<UpdateProfileConfig>; expected: [string, string][] }[] = [
  { name: "nothing to do", config: {}, expected: [["update-empty", "/set"]] },
  {
    name: "no attribute",
    config: { set: [{ attribute: "", value: 1 }] },
    expected: [["attribute-missing", "/set/0/attribute"]],
  },
  {
    name: "a part of an attribute",
    config: { set: [{ attribute: "address.city", value: 1 }], unset: ["a.b"] },
    expected: [
      ["attribute-nested", "/set/0/attribute"],
      ["attribute-nested", "/unset/0"],
    ],
  },
  {
    name: "written and removed",
    config: { set: [{ attribute: "a", value: 1 }], unset: ["a"] },
    expected: [["attribute-written-twice", "/unset/0"]],
  },
  {
    name: "a reference to nowhere",
    config: { set: [{ attribute: "a", value: { ref: "basket.id" } }] },
    expected: [["ref-unknown", "/set/0/value/ref"]],
  },
  {
    name: "context that nothing sets",
    config: { set: [{ attribute: "a", value: { ref: "context.lead_id" } }] },
    expected: [["context-never-set", "/set/0/value/ref"]],
  },
]

test.each(checks)("check: $name", ({ config, expected }) => {
  const found = updateProfile.check({ set: [], unset: [], ...config }, { node: "u", knowledge: {} })
  expect(found.map(problem => [problem.id, problem.at])).toEqual(expected)
})

test("describe: what is written and what goes", () => {
  const ids = [
    { set: [], unset: [] },
    { set: [{ attribute: "a", value: 1 }], unset: [] },
    { set: [], unset: ["a"] },
    { set: [{ attribute: "a", value: 1 }], unset: ["b"] },
  ].map(config => updateProfile.describe(config).id)
  expect(ids).toEqual([
    "node.update-profile.empty",
    "node.update-profile",
    "node.update-profile.unset",
    "node.update-profile.both",
  ])
})
