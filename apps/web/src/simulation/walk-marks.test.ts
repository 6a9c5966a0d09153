import type { Journey, WalkEntry } from "@viaggio/journey-model"
import { describe, expect, it } from "vitest"
import { marksOf } from "./walk-marks.ts"

const journey: Journey = {
  format: 1,
  key: "welcome",
  name: "Welcome",
  settings: { reentry: { mode: "once" } },
  nodes: [],
  edges: [
    { from: "start", outcome: "next", to: "mail" },
    { from: "mail", outcome: "next", to: "wait" },
    { from: "call", outcome: "succeeded", to: "wait" },
  ],
}

const at = { at: 0, arrivedAt: 0, enrollment: "e1" }
const step = (node: string, outcome: string): WalkEntry => ({ kind: "step", ...at, node, visit: 1, outcome })

describe("the path on the canvas", () => {
  it("lights what was passed and where the customer stands", () => {
    const marks = marksOf(journey, [
      step("start", "next"),
      step("mail", "next"),
      { kind: "parked", at: 0, node: "wait" },
    ])
    expect([...marks.passed]).toEqual(["start", "mail"])
    expect([...marks.edges]).toEqual(["start.next", "mail.next"])
    expect(marks.here).toBe("wait")
  })

  it("follows an outcome that falls through by the main way", () => {
    expect([...marksOf(journey, [step("mail", "suppressed")]).edges]).toEqual(["mail.next"])
    expect([...marksOf(journey, [step("call", "failed")]).edges]).toEqual(["call.succeeded"])
  })

  it("stands at the exit at the end", () => {
    const ended: WalkEntry = { kind: "step", ...at, node: "done", visit: 3, ended: "bought" }
    expect(marksOf(journey, [step("start", "next"), ended]).here).toBe("done")
  })
})
