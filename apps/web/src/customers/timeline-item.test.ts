import { describe, expect, it } from "vitest"
import { viewItem } from "./timeline-item.ts"

const at = "2026-11-21T10:00:00.000Z"
const where = { journey: "welcome", version: 2 }
const place = { node: "first-order", nodeType: "wait-for-event", nodeName: "First order" }

describe("a line of the timeline", () => {
  it.each([
    [
      "an event unfolds its properties",
      { at, kind: "event", type: "track", name: "Order Completed", properties: { total: 12 } },
      { kind: "event", name: "Order Completed", details: { total: 12 } },
    ],
    [
      "an event that was history says so",
      { at, kind: "event", type: "track", name: "Order Completed", properties: {}, history: true },
      { kind: "event", name: "Order Completed", history: true, details: {} },
    ],
    [
      "an identify unfolds what became known",
      { at, kind: "event", type: "identify", name: "", properties: { vip: true } },
      { kind: "traits", details: { vip: true } },
    ],
    [
      "a page without a name says what it is",
      { at, kind: "event", type: "page", name: "", properties: { path: "/" } },
      { kind: "event", name: "page", details: { path: "/" } },
    ],
    [
      "a step names its outcome and keeps the reason",
      { at, kind: "step", ...where, ...place, outcome: "ordered", arrivedAt: at, because: { total: 12 } },
      {
        kind: "step",
        ...where,
        place,
        outcome: "ordered",
        visit: { arrivedAt: at, because: { total: 12 } },
        details: {},
      },
    ],
    [
      "a step that ends names why",
      { at, kind: "step", ...where, ...place, ended: "bought", error: null },
      { kind: "ended", ...where, place, reason: "bought", visit: {}, details: {} },
    ],
    [
      "a message names its node by what is known of it",
      {
        at,
        kind: "message",
        id: "m1",
        journey: "welcome",
        node: "email",
        nodeType: "email",
        channel: "email",
        subject: "Hello",
        state: "sent",
      },
      {
        kind: "message",
        id: "m1",
        isCall: false,
        journey: "welcome",
        place: { node: "email", nodeType: "email" },
        subject: "Hello",
        state: "sent",
        details: {},
      },
    ],
    [
      "a web call is a message of another channel",
      {
        at,
        kind: "message",
        id: "m2",
        node: "call",
        channel: "webhook",
        subject: "POST https://crm.example",
        state: "sent",
      },
      {
        kind: "message",
        id: "m2",
        isCall: true,
        journey: "",
        place: { node: "call" },
        subject: "POST https://crm.example",
        state: "sent",
        details: {},
      },
    ],
  ])("%s", (_, item, expected) => expect(viewItem(item)).toEqual(expected))

  it("keeps what it does not know", () => {
    expect(viewItem({ kind: "merge", at, loser: "u2" } as { kind: string })).toEqual({
      kind: "merge",
      details: { loser: "u2" },
    })
  })
})
