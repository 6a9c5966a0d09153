import { expect, test } from "vitest"
import { at, eventOf, hourMs, momentOf } from "../../testing/moment.ts"
import type { Decision, Moment } from "../definition.ts"
import { type SplitConfig, split } from "./split.ts"

const config: SplitConfig = {
  branches: [
    { id: "italian", when: { kind: "profile", path: "country", is: "equals", value: "IT" } },
    {
      id: "looked",
      when: { kind: "event-count", event: "Product Viewed", period: "since-entry", atLeast: 1 },
    },
  ],
}

const viewed = eventOf("Product Viewed", at - hourMs / 2)

const table: { name: string; moment: Partial<Moment> & { past?: (typeof viewed)[] }; expected: Decision }[] =
  [
    {
      name: "takes the first branch that holds",
      moment: { attributes: { country: "IT" }, past: [viewed] },
      expected: { kind: "leave", outcome: "italian", because: { leaf: "profile.country", value: "IT" } },
    },
    {
      name: "takes a later branch when the first does not hold",
      moment: { attributes: { country: "FR" }, past: [viewed] },
      expected: { kind: "leave", outcome: "looked", because: { leaf: "count(Product Viewed)", value: 1 } },
    },
    {
      name: "takes else, and says why the last branch did not hold",
      moment: { attributes: {} },
      expected: { kind: "leave", outcome: "else", because: { leaf: "count(Product Viewed)", value: 0 } },
    },
  ]

test.each(table)("$name", ({ moment, expected }) => {
  expect(split.decide(config)(momentOf(moment))).toEqual(expected)
})

const country = (value: string) => ({ kind: "profile", path: "country", is: "equals", value }) as const
const checks: { name: string; branches: SplitConfig["branches"]; expected: string[] }[] = [
  { name: "no branch", branches: [], expected: ["branches-missing"] },
  {
    name: "a name that is taken",
    branches: [{ id: "else", when: country("IT") }],
    expected: ["branch-id-reserved"],
  },
  {
    name: "two of one name",
    branches: [
      { id: "a", when: country("IT") },
      { id: "a", when: country("FR") },
    ],
    expected: ["branch-id-duplicate"],
  },
  {
    name: "a branch hidden by an earlier one",
    branches: [
      { id: "a", when: { kind: "profile", path: "country", is: "one-of", value: ["IT", "SM"] } },
      { id: "b", when: country("IT") },
    ],
    expected: ["branch-hidden"],
  },
  {
    name: "a branch hidden by two together",
    branches: [
      { id: "a", when: { kind: "profile", path: "age", is: "less", value: 30 } },
      { id: "b", when: { kind: "profile", path: "age", is: "at-least", value: 30 } },
      { id: "c", when: { kind: "profile", path: "age", is: "equals", value: 42 } },
    ],
    expected: ["branch-hidden"],
  },
  {
    name: "a contradiction",
    branches: [{ id: "a", when: { kind: "all", of: [country("IT"), country("FR")] } }],
    expected: ["branch-never-true"],
  },
  {
    name: "everybody",
    branches: [{ id: "a", when: { kind: "any", of: [country("IT"), { kind: "not", of: country("IT") }] } }],
    expected: ["else-never-taken"],
  },
  {
    name: "a number where text is needed",
    branches: [{ id: "a", when: { kind: "profile", path: "age", is: "contains", value: 4 } }],
    expected: ["comparison-wrong-type"],
  },
  {
    name: "a reference to nowhere",
    branches: [{ id: "a", when: { kind: "profile", path: "x", is: "equals", value: { ref: "basket.id" } } }],
    expected: ["ref-unknown"],
  },
  {
    name: "a count without bounds",
    branches: [{ id: "a", when: { kind: "event-count", event: "Order" } }],
    expected: ["count-bounds-missing", "else-never-taken"],
  },
  {
    name: "context that nothing sets",
    branches: [{ id: "a", when: { kind: "context", path: "lead", is: "exists" } }],
    expected: ["context-never-set"],
  },
]

test.each(checks)("check: $name", ({ branches, expected }) => {
  expect(split.check({ branches }, { node: "s", knowledge: {} }).map(({ id }) => id)).toEqual(expected)
})

test("check: nested too deeply", () => {
  let when: SplitConfig["branches"][number]["when"] = country("IT")
  for (let depth = 0; depth < 8; depth++) when = { kind: "not", of: when }
  const found = split.check({ branches: [{ id: "a", when }] }, { node: "s", knowledge: {} })
  expect(found).toMatchObject([
    { id: "condition-too-deep", at: "/branches/0/when", values: { depth: 9, limit: 8 } },
  ])
})
