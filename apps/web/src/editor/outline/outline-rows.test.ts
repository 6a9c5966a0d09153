import type { Journey } from "@viaggio/journey-model"
import { describe, expect, it } from "vitest"
import { outlineRows } from "./outline-rows.ts"

const node = (id: string, type: string, config: Record<string, unknown> = {}) => ({
  id,
  type,
  version: 1,
  config,
})
const branches = ["a", "b"].map(id => ({ id, when: { kind: "profile", path: id, is: "exists" } }))
const wait = { branches: [{ id: "ordered", event: "Order" }], timeout: "P1D", since: "arrival" }

const journey: Journey = {
  format: 1,
  key: "k",
  name: "K",
  settings: { reentry: { mode: "once" } },
  nodes: [
    node("start", "event-entry", { event: "E", maxAge: "P1D" }),
    node("wait", "wait-for-event", wait),
    node("bought", "exit", { reason: "bought" }),
    node("split", "split", { branches }),
    node("pause", "delay", { for: "P1D" }),
    node("loose", "delay", { for: "P1D" }),
  ],
  edges: [
    { from: "start", outcome: "next", to: "wait" },
    { from: "wait", outcome: "ordered", to: "bought" },
    { from: "wait", outcome: "timeout", to: "split" },
    { from: "split", outcome: "a", to: "pause" },
    { from: "pause", outcome: "next", to: "wait" },
    { from: "split", outcome: "b", to: "bought" },
  ],
}

describe("the outline", () => {
  it("lists every step once, ways above what follows them, the way on at the same level", () => {
    const rows = outlineRows(journey).map(row => {
      const text = row.kind === "node" ? row.id : `${row.from}.${row.outcome}${row.open ? " open" : ""}`
      return `${"  ".repeat(row.level - 1)}${text}${row.kind === "way" && row.jump ? ` to ${row.jump}` : ""}`
    })
    expect(rows).toEqual([
      "start",
      "wait",
      "  wait.ordered",
      "  bought",
      "wait.timeout",
      "split",
      "  split.a",
      "  pause",
      "  pause.next to wait",
      "  split.b to bought",
      "  split.else open",
      "loose",
      "loose.next open",
    ])
  })
})
