import type { Journey } from "@viaggio/journey-model"
import { describe, expect, it } from "vitest"
import { laneOf } from "./edge-lane.ts"

const branches = ["a", "b"].map(id => ({ id, when: { kind: "profile", path: id, is: "exists" } }))
const delay = (id: string) => ({ id, type: "delay", version: 1, config: { for: "P1D" } })

/** A split over two delays, and its else that passes them on the way to the exit. */
const journey = (layout: Journey["layout"]): Journey => ({
  format: 1,
  key: "k",
  name: "K",
  settings: { reentry: { mode: "once" } },
  nodes: [
    { id: "split", type: "split", version: 1, config: { branches } },
    delay("left"),
    delay("right"),
    { id: "exit", type: "exit", version: 1, config: { reason: "done" } },
  ],
  edges: [
    { from: "split", outcome: "a", to: "left" },
    { from: "split", outcome: "b", to: "right" },
    { from: "split", outcome: "else", to: "exit" },
  ],
  ...(layout ? { layout } : {}),
})

describe("the lane of an edge over several rows", () => {
  const placed = journey({ split: [0, 0], left: [-130, 140], right: [130, 140], exit: [-130, 280] })

  it("runs in the gap between the cards that stand in its way", () =>
    expect(laneOf(placed, "split", "else", "exit")).toBe(110))

  it("is none from one row to the next", () => expect(laneOf(placed, "split", "a", "left")).toBeUndefined())

  it("goes round where the cards stand without a gap", () => {
    const dense = journey({ split: [0, 0], left: [-130, 140], right: [100, 140], exit: [-130, 280] })
    expect(laneOf(dense, "split", "else", "exit")).toBe(-150)
  })

  it("is none where nothing is in the way", () => {
    const apart = journey({ split: [0, 0], left: [-130, 500], right: [130, 500], exit: [0, 400] })
    expect(laneOf(apart, "split", "else", "exit")).toBeUndefined()
  })
})
