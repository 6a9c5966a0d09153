import type { Journey } from "@viaggio/journey-model"
import { describe, expect, it } from "vitest"
import { pictureOfDiff } from "./picture-of-diff.ts"

const delay = (id: string, time = "P1D") => ({ id, type: "delay", version: 1, config: { for: time } })
const journey = (nodes: Journey["nodes"], ...edges: [string, string][]): Journey => ({
  format: 1,
  key: "k",
  name: "K",
  settings: { reentry: { mode: "once" } },
  nodes,
  edges: edges.map(([from, to]) => ({ from, outcome: "next", to })),
})
const before = journey([delay("a"), delay("b"), delay("c")], ["a", "b"], ["b", "c"])
const after = journey([delay("a", "P2D"), delay("c"), delay("d")], ["a", "c"], ["c", "d"])

describe("the picture of what changed", () => {
  it("holds what comes and what goes, each marked, with a place of its own", () => {
    const { picture } = pictureOfDiff(before, after)
    expect([...picture.marks]).toEqual([
      ["a", "changed"],
      ["d", "added"],
      ["b", "removed"],
    ])
    expect([...picture.edgeMarks]).toEqual([
      ["a.next", "changed"],
      ["c.next", "added"],
      ["b.next", "removed"],
    ])
    expect(picture.formerEdges).toEqual([{ from: "a", outcome: "next", to: "b" }])
    expect(new Set(Object.values(picture.journey.layout ?? {}).map(String)).size).toBe(4)
  })
  it("marks nothing where nothing was before", () => {
    const { picture } = pictureOfDiff(undefined, after)
    expect([...picture.marks, ...picture.edgeMarks]).toEqual([])
    expect(picture.journey.nodes).toEqual(after.nodes)
  })
})
