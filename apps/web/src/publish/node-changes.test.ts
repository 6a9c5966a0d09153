import { diffJourneys, type Journey } from "@viaggio/journey-model"
import { describe, expect, it } from "vitest"
import { textChangesOf } from "./node-changes.ts"

const journey = (type: string, config: Record<string, unknown>): Journey => ({
  format: 1,
  key: "k",
  name: "K",
  settings: { reentry: { mode: "once" } },
  nodes: [{ id: "n", type, version: 1, config }],
  edges: [],
})
const changes = (type: string, before: Record<string, unknown>, after: Record<string, unknown>) => {
  const [node] = diffJourneys(journey(type, before), journey(type, after)).nodes
  if (node?.kind !== "changed") return []
  return textChangesOf(node, sentence => JSON.stringify(sentence)).map(({ field, branch }) => [field, branch])
}

describe("what changed in a step", () => {
  it("tells the texts of a message one by one", () => {
    const tracking = { opens: true, clicks: true }
    const mail = { purpose: "marketing", subject: "A", html: "<p>a</p>", tracking }
    expect(changes("email", mail, { ...mail, subject: "B", html: "<p>b</p>" })).toEqual([
      ["sentence", undefined],
      ["subject", undefined],
      ["html", undefined],
    ])
  })
  it("tells a condition once, as a sentence, however much of it is different", () => {
    const when = (is: string, value: string) => ({ kind: "profile", path: "country", is, value })
    const branches = (condition: object) => ({
      branches: [
        { id: "a", name: "Italian", when: condition },
        { id: "b", when: when("equals", "FR") },
      ],
    })
    expect(
      changes("split", branches(when("equals", "IT")), branches({ kind: "not", of: when("contains", "D") })),
    ).toEqual([["when", "Italian"]])
  })
  it("tells a branch that came as a whole", () => {
    const wait = (...events: string[]) => ({
      branches: events.map(event => ({ id: event.toLowerCase(), event })),
      timeout: "P1D",
      since: "arrival",
    })
    expect(changes("wait-for-event", wait("Order"), wait("Order", "Refund"))).toEqual([
      ["sentence", undefined],
      ["branches", "refund"],
    ])
  })
})
