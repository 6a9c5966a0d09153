import { describe, expect, test } from "vitest"
import { newJourney } from "../journey/new-journey.ts"
import type { WebhookStub } from "../node-types/webhook/answer.ts"
import { dayMs, hourMs } from "../testing/moment.ts"
import { Store, start } from "../testing/store.ts"
import { journeyOf, welcomeJourney } from "../testing/welcome.ts"
import { startWalk, type Walk, walkSend, walkSetStub, walkSetTraits, walkTo, walkToNext } from "./walk.ts"

const begin = (): Walk => {
  const started = startWalk({
    journey: welcomeJourney(),
    workspace: "workspace",
    profile: { id: "ann", attributes: { email: "ann@example.com", first_name: "Ann" } },
    startAt: start,
  })
  if (!started.ok) throw new Error("does not start")
  return started.value
}

describe("a walk", () => {
  test("tells what happens, in order, with the messages as they would be read", () => {
    let walk = walkSend(begin(), { name: "Account Created" })
    expect(walk.next).toBe(start + 3 * dayMs)
    walk = walkTo(walk, start + hourMs)
    walk = walkSend(walk, { name: "Product Viewed" })
    walk = walkToNext(walk)
    expect(walk.now).toBe(start + 3 * dayMs)
    expect(walk.next).toBeUndefined()
    expect(walk.log.map(entry => [entry.kind, "node" in entry ? entry.node : ""].join(" ").trim())).toEqual([
      "event",
      "entered start",
      "step start",
      "step welcome",
      "message welcome",
      "parked first-order",
      "event",
      "step first-order",
      "step interested",
      "step reminder",
      "message reminder",
      "step done",
      "ended done",
    ])
    expect(walk.messages.map(message => message.subject)).toEqual([
      "Welcome, Ann",
      "Your 10 % is still waiting",
    ])
  })
  test("is a value: an earlier one is still there to go on from", () => {
    const entered = walkSend(begin(), { name: "Account Created" })
    const bought = walkSend(walkTo(entered, start + dayMs), { name: "Order Completed" })
    const cold = walkToNext(entered)
    expect(bought.log.at(-1)).toMatchObject({ kind: "ended", reason: "bought" })
    expect(cold.log.at(-1)).toMatchObject({ kind: "ended", reason: "cold" })
    expect(walkToNext(cold)).toBe(cold)
    expect(walkTo(cold, start)).toBe(cold)
  })
  test("looks back at what the customer did before, which starts nothing", () => {
    const started = startWalk({
      journey: welcomeJourney(),
      workspace: "w",
      profile: { id: "ann", attributes: {} },
      history: [{ name: "Account Created", at: start - dayMs, properties: {}, messageId: "old" }],
      startAt: start,
    })
    expect(started.ok && started.value.customer.enrollments).toEqual([])
    expect(started.ok && started.value.customer.digest.get("Account Created")?.count).toBe(1)
  })
  test("takes on what is said about the customer on the way", () => {
    const walk = walkSend(walkSetTraits(begin(), { unsubscribed: true }), { name: "Account Created" })
    expect(walk.log).toContainEqual(
      expect.objectContaining({ kind: "step", node: "welcome", outcome: "suppressed" }),
    )
    expect(walk.messages).toEqual([])
    const again = walkSend(walk, { name: "Account Created" })
    expect(again.log.at(-1)).toEqual({ kind: "not-admitted", at: start, reason: "reentry" })
  })
  test("does not start on a draft that could not be published", () => {
    const started = startWalk({
      journey: newJourney({ key: "k", name: "K" }),
      workspace: "w",
      profile: { id: "ann", attributes: {} },
      startAt: start,
    })
    expect(started).toMatchObject({ ok: false })
    expect(started.problems.map(({ id }) => id)).toContain("event-missing")
  })
  test("takes the same steps as the server's fold", () => {
    const store = Store.of(welcomeJourney())
    store.identify("ann", { email: "ann@example.com", first_name: "Ann" }, start)
    store.send("ann", "Account Created", start)
    store.send("ann", "Product Viewed", start + hourMs)
    store.passTo("ann", start + 3 * dayMs)
    let walk = walkSend(begin(), { name: "Account Created" })
    walk = walkToNext(walkSend(walkTo(walk, start + hourMs), { name: "Product Viewed" }))
    const steps = walk.log.flatMap(entry =>
      entry.kind === "step" ? [`${entry.node}.${entry.outcome ?? entry.ended}`] : [],
    )
    expect(steps).toEqual(store.path("ann").map(step => step.replace(": ", ".")))
  })
})

describe("a walk through a web call", () => {
  const journey = journeyOf({
    format: 1,
    key: "calls",
    name: "Calls",
    nodes: [
      { id: "start", type: "event-entry", config: { event: "Order" } },
      {
        id: "call",
        type: "webhook",
        config: {
          url: "https://crm.example/",
          body: { total: "{{ entry.properties.total }}" },
          save: [{ from: "/lead/id", to: "lead_id" }],
        },
      },
      { id: "won", type: "exit", config: { reason: "won" } },
      { id: "lost", type: "exit", config: { reason: "lost" } },
    ],
    edges: [
      { from: "start", outcome: "next", to: "call" },
      { from: "call", outcome: "succeeded", to: "won" },
      { from: "call", outcome: "failed", to: "lost" },
    ],
  })
  const walkWith = (stub?: WebhookStub): Walk => {
    const begun = startWalk({
      journey,
      workspace: "workspace",
      profile: { id: "ann", attributes: {} },
      startAt: start,
      ...(stub ? { stub } : {}),
    })
    if (!begun.ok) throw new Error("does not start")
    return begun.value
  }
  const order = { name: "Order", properties: { total: 42 } }

  test("is answered at once by what stands in for the service", () => {
    const walk = walkSend(walkWith({ outcome: "succeeded", body: { lead: { id: 7 } } }), order)
    expect(walk.log.map(({ kind }) => kind)).toEqual([
      "event",
      "entered",
      "step",
      "call",
      "step",
      "step",
      "ended",
    ])
    expect(walk.calls).toMatchObject([
      {
        node: "call",
        request: { method: "POST", body: { total: 42 } },
        answer: { outcome: "succeeded", values: { lead_id: 7 } },
      },
    ])
    expect(walk.log.at(-1)).toMatchObject({ kind: "ended", reason: "won" })
  })
  test("goes the way of a failure when that is chosen, also later on", () => {
    expect(walkSend(walkWith({ outcome: "failed" }), order).log.at(-1)).toMatchObject({ reason: "lost" })
    const changed = walkSetStub(walkWith(), { outcome: "failed" })
    expect(walkSend(changed, order).log.at(-1)).toMatchObject({ reason: "lost" })
  })
  test("has 200 and an empty object where nothing is said", () => {
    const walk = walkSend(walkWith(), order)
    expect(walk.calls[0]?.answer).toEqual({ outcome: "succeeded", status: 200, values: {} })
  })
})
