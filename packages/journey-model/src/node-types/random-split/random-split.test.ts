import { describe, expect, test } from "vitest"
import { momentOf } from "../../testing/moment.ts"
import { draw } from "../../values/draw.ts"
import type { Moment } from "../definition.ts"
import { type RandomSplitConfig, randomSplit } from "./random-split.ts"

const halves: RandomSplitConfig = {
  branches: [
    { id: "a", share: 0.5 },
    { id: "b", share: 0.5 },
  ],
  stickyTo: "customer",
}
const outcomeOf = (config: RandomSplitConfig, moment: Partial<Moment>): string => {
  const decision = randomSplit.decide(config)(momentOf(moment))
  return decision.kind === "leave" ? decision.outcome : decision.kind
}

const table: {
  name: string
  config?: Partial<RandomSplitConfig>
  moment: Partial<Moment>
  expected: string
}[] = [
  // draw("c1", "n1", "j1") = 0.6084…, draw("e2", "n1", "j1") = 0.2104…: pinned, for they may never change.
  { name: "a customer's draw", moment: {}, expected: "b" },
  {
    name: "the same at another visit of another entry",
    moment: { enrollment: "e9", visit: 7 },
    expected: "b",
  },
  {
    name: "an entry's draw",
    config: { stickyTo: "entry" },
    moment: { enrollment: "e2" },
    expected: "a",
  },
  {
    name: "shares are laid side by side",
    config: {
      branches: [
        { id: "a", share: 0.3 },
        { id: "b", share: 0.4 },
        { id: "c", share: 0.3 },
      ],
    },
    moment: {},
    expected: "b",
  },
]

describe("decide", () => {
  test.each(table)("$name", ({ config, moment, expected }) => {
    expect(outcomeOf({ ...halves, ...config }, moment)).toBe(expected)
  })
  test("says what was drawn", () => {
    const because = { leaf: "draw", value: draw("c1", "n1", "j1") }
    expect(randomSplit.decide(halves)(momentOf())).toMatchObject({ because })
  })
  test("gives each branch its share of many customers, in every journey anew", () => {
    const config: RandomSplitConfig = {
      branches: [
        { id: "a", share: 0.1 },
        { id: "b", share: 0.9 },
      ],
      stickyTo: "customer",
    }
    const inA = (journey: string) =>
      new Set(
        Array.from({ length: 10_000 }, (_, n) => `c${n}`).filter(
          customer => outcomeOf(config, { customer, journey }) === "a",
        ),
      )
    const first = inA("j1")
    const second = inA("j2")
    expect(first.size).toBeGreaterThan(900)
    expect(first.size).toBeLessThan(1100)
    const inBoth = [...first].filter(customer => second.has(customer)).length
    expect(inBoth).toBeGreaterThan(50)
    expect(inBoth).toBeLessThan(160)
  })
})

const checks: { name: string; branches: RandomSplitConfig["branches"]; expected: string[] }[] = [
  { name: "halves", branches: halves.branches, expected: [] },
  {
    name: "thirds, as far as four decimals go",
    branches: [
      { id: "a", share: 0.3333 },
      { id: "b", share: 0.3333 },
      { id: "c", share: 0.3334 },
    ],
    expected: [],
  },
  {
    name: "tenths, whose sum as doubles is not 1",
    branches: Array.from({ length: 10 }, (_, n) => ({ id: `b${n}`, share: 0.1 })),
    expected: [],
  },
  { name: "no branch", branches: [], expected: ["branches-missing"] },
  { name: "too little", branches: [{ id: "a", share: 0.9 }], expected: ["shares-sum"] },
  {
    name: "too much",
    branches: [
      { id: "a", share: 0.9 },
      { id: "b", share: 0.2 },
    ],
    expected: ["shares-sum"],
  },
  {
    name: "nothing, less than nothing, too fine",
    branches: [
      { id: "a", share: 0 },
      { id: "b", share: -0.5 },
      { id: "c", share: 0.33333 },
    ],
    expected: ["share-invalid", "share-invalid", "share-invalid"],
  },
  { name: "a name that is taken", branches: [{ id: "next", share: 1 }], expected: ["branch-id-reserved"] },
]

test.each(checks)("check: $name", ({ branches, expected }) => {
  const found = randomSplit.check({ branches, stickyTo: "customer" }, { node: "r", knowledge: {} })
  expect(found.map(({ id }) => id)).toEqual(expected)
})
