import type { Condition } from "@viaggio/journey-model"
import { describe, expect, it } from "vitest"
import { fromGroup, peel, toGroup, withOperator } from "./tree.ts"

const italian: Condition = { kind: "profile", path: "country", is: "equals", value: "IT" }
const vip: Condition = { kind: "profile", path: "vip", is: "equals", value: true }

describe("the tree behind the condition builder", () => {
  it.each<[string, Condition]>([
    ["a leaf", italian],
    ["a negated leaf", { kind: "not", of: italian }],
    ["all", { kind: "all", of: [italian, vip] }],
    ["any of one", { kind: "any", of: [italian] }],
    ["none of", { kind: "not", of: { kind: "any", of: [italian, vip] } }],
    ["nested", { kind: "all", of: [italian, { kind: "any", of: [vip, { kind: "not", of: italian }] }] }],
  ])("shows and writes %s unchanged", (_name, tree) => {
    expect(fromGroup(toGroup(tree))).toEqual(tree)
  })

  it("lets two nots cancel out", () => {
    expect(peel({ kind: "not", of: { kind: "not", of: italian } })).toEqual({
      negated: false,
      inner: italian,
    })
  })

  it("asks nothing when the last row is gone", () => {
    expect(fromGroup({ mode: "any", negated: true, items: [] })).toBeUndefined()
  })

  it.each([
    ["equals to one-of", { is: "equals", value: "IT" } as const, "one-of", { is: "one-of", value: ["IT"] }],
    [
      "one-of to equals",
      { is: "one-of", value: ["IT", "SM"] } as const,
      "equals",
      { is: "equals", value: "IT" },
    ],
    ["anything to exists", { is: "equals", value: "IT" } as const, "exists", { is: "exists" }],
    [
      "a duration to a date",
      { is: "within-last", value: "P7D" } as const,
      "before",
      { is: "before", value: "" },
    ],
    [
      "a duration to a duration",
      { is: "within-last", value: "P3D" } as const,
      "within-next",
      { is: "within-next", value: "P3D" },
    ],
  ] as const)("keeps what fits from %s", (_name, before, is, after) => {
    expect(withOperator(before as never, is)).toEqual(after)
  })
})
