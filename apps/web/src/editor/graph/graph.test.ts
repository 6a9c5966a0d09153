import type { Journey } from "@viaggio/journey-model"
import { describe, expect, it } from "vitest"
import { cardBox, toPlace } from "./card-boxes.ts"
import { cardWidth, outcomeX } from "./card-geometry.ts"
import { graphOf } from "./graph-index.ts"
import { type Direction, neighbour } from "./graph-walk.ts"

const wait = { branches: [{ id: "ordered", event: "Order Completed" }], timeout: "P3D", since: "arrival" }

const journey: Journey = {
  format: 1,
  key: "welcome",
  name: "Welcome",
  settings: { reentry: { mode: "once" } },
  nodes: [
    { id: "loose", type: "exit", version: 1, config: { reason: "loose" } },
    { id: "start", type: "event-entry", version: 1, config: { event: "Account Created", maxAge: "P1D" } },
    { id: "wait", type: "wait-for-event", version: 1, config: wait },
    { id: "bought", type: "exit", version: 1, config: { reason: "bought" } },
    { id: "pause", type: "delay", version: 1, config: { for: "P1D" } },
  ],
  edges: [
    { from: "start", outcome: "next", to: "wait" },
    { from: "wait", outcome: "timeout", to: "pause" },
    { from: "wait", outcome: "ordered", to: "bought" },
    { from: "pause", outcome: "next", to: "wait" },
  ],
  layout: { start: [0, 0], wait: [0, 140], bought: [-180, 280], pause: [180, 280], loose: [600, 280] },
}

describe("the graph of a journey", () => {
  it("is read from the entry in branch order, with detached nodes at the end", () => {
    expect(graphOf(journey).order).toEqual(["start", "wait", "bought", "pause", "loose"])
  })

  it("knows the ways back", () => {
    expect([...graphOf(journey).back]).toEqual(["pause.next"])
  })

  it("shows a dangling outcome behind the declared ones", () => {
    const dangling = {
      ...journey,
      edges: [...journey.edges, { from: "start", outcome: "gone", to: "loose" }],
    }
    expect(graphOf(dangling).outcomes.get("start")).toEqual(["next", "gone"])
  })

  it("is built once for each document", () => {
    expect(graphOf(journey)).toBe(graphOf(journey))
  })
})

describe("arrow keys", () => {
  it.each<[string, Direction, string | undefined]>([
    ["start", "next", "wait"],
    ["start", "previous", undefined],
    ["wait", "next", "bought"],
    ["wait", "previous", "start"],
    ["bought", "right", "pause"],
    ["pause", "left", "bought"],
    ["pause", "next", "wait"],
    ["pause", "right", "loose"],
    ["loose", "left", "pause"],
    ["bought", "next", undefined],
  ])("from %s %s is %s", (from, direction, to) => {
    expect(neighbour(journey, from, direction)).toBe(to)
  })
})

describe("cards", () => {
  it("with many outcomes reach out on both sides of their place, and a drop gives the place back", () => {
    const branches = Array.from({ length: 9 }, (_, index) => ({ id: `b${index}`, event: "Order Completed" }))
    const wide = {
      ...journey,
      nodes: journey.nodes.map(node =>
        node.id === "wait" ? { ...node, config: { ...wait, branches } } : node,
      ),
    }
    const box = cardBox(wide, "wait")
    expect(box.width).toBeGreaterThan(cardWidth)
    expect(box.x + box.width / 2).toBe(cardWidth / 2)
    expect(toPlace(box, box.width)).toEqual([0, 140])
  })

  it("of an e-mail let the main way out leave in the middle", () => {
    const outcomes = ["next", "suppressed", "failed"]
    const xs = outcomes.map((_, index) => outcomeX("email", outcomes, index))
    expect(xs[0]).toBe(cardWidth / 2)
    expect(new Set(xs).size).toBe(3)
  })
})
