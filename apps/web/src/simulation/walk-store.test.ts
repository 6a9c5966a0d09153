import type { Journey } from "@viaggio/journey-model"
import { describe, expect, it } from "vitest"
import { createWalkStore } from "./walk-store.ts"

const day = 86_400_000
const startAt = Date.parse("2026-11-21T09:00:00.000Z")

const journey: Journey = {
  format: 1,
  key: "welcome",
  name: "Welcome",
  settings: { reentry: { mode: "once" } },
  nodes: [
    { id: "start", type: "event-entry", version: 1, config: { event: "Account Created", maxAge: "P1D" } },
    {
      id: "mail",
      type: "email",
      version: 1,
      config: {
        purpose: "transactional",
        subject: "Hello {{ profile.first_name }}",
        html: "<p>Plan: {{ entry.properties.plan }}</p>",
        tracking: { opens: true, clicks: true },
      },
    },
    {
      id: "wait",
      type: "wait-for-event",
      version: 1,
      config: { branches: [{ id: "ordered", event: "Order Completed" }], timeout: "P3D", since: "arrival" },
    },
    { id: "bought", type: "exit", version: 1, config: { reason: "bought" } },
    { id: "cold", type: "exit", version: 1, config: { reason: "cold" } },
  ],
  edges: [
    { from: "start", outcome: "next", to: "mail" },
    { from: "mail", outcome: "next", to: "wait" },
    { from: "wait", outcome: "ordered", to: "bought" },
    { from: "wait", outcome: "timeout", to: "cold" },
  ],
}

function started() {
  const walk = createWalkStore()
  walk.start({
    journey,
    workspace: "shop",
    customer: { id: "made-up", attributes: { email: "ada@example.com", first_name: "Ada" }, history: [] },
    event: { name: "Account Created", properties: { plan: "free" } },
    startAt,
  })
  return walk
}

describe("a walk on the screen", () => {
  it("begins with the event and tells one thing at a time", () => {
    const walk = started()
    expect(walk.store.getState().shown).toBe(1)
    expect(walk.store.getState().marks.passed.size).toBe(0)
    walk.step()
    walk.step()
    expect([...walk.store.getState().marks.passed]).toEqual(["start"])
    expect([...walk.store.getState().marks.edges]).toEqual(["start.next"])
  })

  it("renders the message with this customer's values", () => {
    const [message] = started().store.getState().walk?.messages ?? []
    expect(message).toMatchObject({ to: "ada@example.com", subject: "Hello Ada" })
    expect(message?.html).toContain("Plan: free")
  })

  it("jumps to the end of the wait, and no further than there is", () => {
    const walk = started()
    walk.next()
    const { walk: now, marks } = walk.store.getState()
    expect(now?.now).toBe(startAt + 3 * day)
    expect(marks.here).toBe("cold")
    walk.next()
    expect(walk.store.getState().walk).toBe(now)
  })

  it("steps on into the next happening when all is told, and stops playing at the end", () => {
    const walk = started()
    walk.play(true)
    for (let step = 0; step < 20; step += 1) walk.step()
    expect(walk.store.getState().marks.here).toBe("cold")
    expect(walk.store.getState().playing).toBe(false)
  })

  it("takes an event sent by hand", () => {
    const walk = started()
    walk.send({ name: "Order Completed", properties: {} })
    expect(walk.store.getState().marks.here).toBe("bought")
  })

  it("looks back at what a real customer did, and begins after that", () => {
    const regular = { kind: "event-count", event: "Order Completed", period: "P30D", atLeast: 2 }
    const bySplit: Journey = {
      ...journey,
      nodes: [
        ...journey.nodes.filter(node => node.id === "start" || node.type === "exit"),
        { id: "split", type: "split", version: 1, config: { branches: [{ id: "regular", when: regular }] } },
      ],
      edges: [
        { from: "start", outcome: "next", to: "split" },
        { from: "split", outcome: "regular", to: "bought" },
        { from: "split", outcome: "else", to: "cold" },
      ],
    }
    const order = (at: number) => ({ name: "Order Completed", at, properties: {}, messageId: `order ${at}` })
    const endOf = (history: ReturnType<typeof order>[]) => {
      const walk = createWalkStore()
      walk.start({
        journey: bySplit,
        workspace: "shop",
        customer: { id: "ada", attributes: {}, history },
        event: { name: "Account Created", properties: {} },
        startAt,
      })
      walk.next()
      const { marks, walk: now } = walk.store.getState()
      return { here: marks.here, now: now?.now }
    }
    expect(endOf([])).toEqual({ here: "cold", now: startAt })
    expect(endOf([order(startAt - 40 * day), order(startAt - day)])).toMatchObject({ here: "cold" })
    expect(endOf([order(startAt - 2 * day), order(startAt - day)])).toMatchObject({ here: "bought" })
    // The page's clock lagged behind the last order.
    expect(endOf([order(startAt - day), order(startAt + 20_000)])).toEqual({
      here: "bought",
      now: startAt + 20_000,
    })
  })

  it("says what is wrong with a draft that cannot run", () => {
    const walk = createWalkStore()
    walk.start({
      journey: { ...journey, edges: [] },
      workspace: "shop",
      customer: { id: "made-up", attributes: {}, history: [] },
      event: { name: "Account Created", properties: {} },
      startAt,
    })
    expect(walk.store.getState().walk).toBeUndefined()
    expect(walk.store.getState().problems.map(problem => problem.id)).toContain("outcome-unconnected")
  })
})
