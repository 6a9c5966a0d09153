import { describe, expect, test } from "vitest"
import type { Journey } from "../journey/document.ts"
import { type DraftEdge, type DraftNode, delay, draftOf, entryBy, exit } from "../testing/drafts.ts"
import { dayMs, hourMs, minuteMs } from "../testing/moment.ts"
import { programOf, Store, start } from "../testing/store.ts"
import { MOST_ATTRIBUTES } from "./draft.ts"

const draft = (nodes: DraftNode[], edges: DraftEdge[], reentry: object = { mode: "once" }): Journey =>
  draftOf(nodes, edges, { settings: { reentry } })

const entry = entryBy("Order")
const done = exit("x")
const wait = (id: string, event: string, more: object = {}): DraftNode => ({
  id,
  type: "wait-for-event",
  config: { branches: [{ id: "came", event }], timeout: "P3D", ...more },
})

const short = draft(
  [entry, delay("d"), done],
  [
    ["start", "next", "d"],
    ["d", "next", "x"],
  ],
)

const untilOrder = (more?: object, reentry?: object): Journey =>
  draft(
    [entry, wait("w", "Order", more), done],
    [
      ["start", "next", "w"],
      ["w", "came", "x"],
      ["w", "timeout", "x"],
    ],
    reentry,
  )

describe("one event's order", () => {
  test("an order that ends a wait starts the journey anew, and does not end its own wait", () => {
    const store = Store.of(untilOrder({}, { mode: "after-exit", cooldown: "PT0S" }))
    store.send("ann", "Order", start)
    const turn = store.send("ann", "Order", start + dayMs)
    expect(turn.steps.map(({ step }) => `${step.node}.${step.outcome ?? step.ended}`)).toEqual([
      "w.came",
      "x.done",
      "start.next",
    ])
    expect(turn.customer.enrollments.map(open => open.enrollment.node)).toEqual(["w"])
    expect(turn.entered).toEqual(turn.customer.enrollments)
    expect(turn.touched).toHaveLength(2)
  })
  test("the oldest enrollment is asked first", () => {
    const store = Store.of(untilOrder({}, { mode: "always" }))
    store.send("ann", "Order", start)
    store.send("ann", "Order", start + dayMs)
    const turn = store.send("ann", "Order", start + 2 * dayMs)
    expect(turn.steps.map(({ step }) => step.node)).toEqual(["w", "x", "start"])
    expect(store.stats.totals).toMatchObject({ entered: 3, inside: 1, ended: { done: 2 } })
  })
  test("at one instant the event comes before the timer", () => {
    const store = Store.of(untilOrder())
    store.send("ann", "Order", start)
    store.send("ann", "Order", start + 3 * dayMs)
    expect(store.path("ann")).toContain("w.came")
  })
  test("a timer that is due earlier comes before the event", () => {
    const store = Store.of(untilOrder())
    store.send("ann", "Order", start)
    const turn = store.send("ann", "Order", start + 3 * dayMs + 1)
    expect(turn.steps[0]?.step).toMatchObject({ node: "w", outcome: "timeout", leftAt: start + 3 * dayMs })
    expect(turn.notAdmitted).toEqual([{ version: 1, reason: "reentry" }])
  })
  test("what comes late is decided as of the last thing that happened", () => {
    const store = Store.of(untilOrder())
    store.send("ann", "Order", start)
    store.send("ann", "View", start + 4 * dayMs)
    expect(store.path("ann")).toContain("w.timeout")
    const late = store.send("ann", "Order", start + dayMs, {}, { receivedAt: start + 5 * dayMs })
    expect(late.steps).toEqual([])
    expect(late.customer.lastStimulusAt).toBe(start + 4 * dayMs)
    expect(late.customer.digest.get("Order")).toEqual({ count: 2, firstAt: start, lastAt: start + dayMs })
  })
})

describe("attributes", () => {
  test("a value gives way only to one that was said later, or at the same time", () => {
    const store = Store.of(short)
    store.identify("ann", { town: "Pisa", plan: "free" }, start + 10)
    store.identify("ann", { town: "Lucca", plan: null }, start + 5)
    expect(store.customer("ann").attributes).toEqual({ town: "Pisa", plan: "free" })
    store.identify("ann", { town: "Siena", plan: null }, start + 10)
    expect(store.customer("ann").attributes).toEqual({ town: "Siena" })
    store.identify("ann", { plan: "paid" }, start + 9)
    expect(store.customer("ann").attributes).toEqual({ town: "Siena" })
  })
  test("new names beyond the limit are left out, but for those by which a customer is reached or must not be", () => {
    const store = Store.of(short)
    const many = (from: number, count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, i) => [`n${from + i}`, i]))
    store.identify("ann", many(0, MOST_ATTRIBUTES - 1), start)
    store.identify("ann", { n0: null, ...many(5_000, 2) }, start + 1)
    store.identify("ann", { n1: "changed", late: 1, email: "ann@example.com" }, start + 2)
    const { attributes } = store.customer("ann")
    expect(Object.keys(attributes)).toHaveLength(MOST_ATTRIBUTES)
    expect(attributes).toMatchObject({ n1: "changed", n5000: 0, email: "ann@example.com" })
    expect(attributes).not.toHaveProperty("n5001")
    expect(attributes).not.toHaveProperty("late")
  })
  test("what is said at an instant is not yet known to a timer that was due before it", () => {
    const vip = {
      id: "s",
      type: "split",
      config: { branches: [{ id: "vip", when: { kind: "profile", path: "vip", is: "exists" } }] },
    }
    const journey = draft(
      [entry, delay("d"), vip, done],
      [
        ["start", "next", "d"],
        ["d", "next", "s"],
        ["s", "vip", "x"],
        ["s", "else", "x"],
      ],
    )
    const store = Store.of(journey)
    store.send("ann", "Order", start)
    store.identify("ann", { vip: true }, start + dayMs + 1)
    expect(store.path("ann")).toContain("s.else")
    store.send("bob", "Order", start)
    store.identify("bob", { vip: true }, start + dayMs)
    store.passTo("bob", start + dayMs)
    expect(store.path("bob")).toContain("s.vip")
  })
})

describe("history", () => {
  const past = (name: string, at: number) =>
    ({
      kind: "event",
      mode: "history",
      event: { name, at, properties: {}, messageId: `${name}${at}` },
      receivedAt: start + 9 * dayMs,
    }) as const
  test("lets nobody in, ends no wait and lets no time pass, but is known", () => {
    const store = Store.of(untilOrder({ branches: [{ id: "came", event: "Reply" }] }, { mode: "always" }))
    expect(store.fold("bob", [past("Order", start)])).toMatchObject({
      entered: [],
      notAdmitted: [],
      steps: [],
    })
    store.send("ann", "Order", start)
    const turn = store.fold("ann", [past("Reply", start + dayMs), past("Order", start - dayMs)])
    expect(turn).toMatchObject({ entered: [], touched: [], steps: [] })
    expect(turn.customer.lastStimulusAt).toBe(start)
    expect(turn.customer.digest.get("Order")).toEqual({ count: 2, firstAt: start - dayMs, lastAt: start })
    expect(turn.customer.digest.get("Reply")).toMatchObject({ count: 1 })
  })
  test("runs no timer, though it is later than one", () => {
    const store = Store.of(untilOrder())
    store.send("ann", "Order", start)
    expect(store.fold("ann", [past("View", start + 5 * dayMs)]).steps).toEqual([])
    expect(store.send("ann", "View", start + 6 * dayMs).steps[0]?.step).toMatchObject({ outcome: "timeout" })
  })
  test("sets values by their own time", () => {
    const store = Store.of(short)
    store.identify("ann", { town: "Pisa" }, start)
    const town = (at: number, value: string) =>
      ({ kind: "traits", mode: "history", traits: { town: value, plan: "old" }, at }) as const
    store.fold("ann", [town(start - dayMs, "Lucca")])
    expect(store.customer("ann").attributes).toEqual({ town: "Pisa", plan: "old" })
    store.fold("ann", [town(start + dayMs, "Siena")])
    expect(store.customer("ann").attributes).toMatchObject({ town: "Siena" })
    expect(store.customer("ann").lastStimulusAt).toBe(start)
  })
  test("is seen by a wait that looks back", () => {
    const journey = draft(
      [entry, delay("d"), wait("w", "Reply", { since: "entry" }), done],
      [
        ["start", "next", "d"],
        ["d", "next", "w"],
        ["w", "came", "x"],
        ["w", "timeout", "x"],
      ],
    )
    const store = Store.of(journey)
    store.send("ann", "Order", start)
    store.fold("ann", [past("Reply", start + hourMs)])
    store.passTo("ann", start + dayMs)
    expect(store.path("ann")).toContain("w.came")
  })
})

describe("late turns", () => {
  const twoDelays = draft(
    [entry, delay("d"), delay("e"), done],
    [
      ["start", "next", "d"],
      ["d", "next", "e"],
      ["e", "next", "x"],
    ],
  )
  test.each([
    ["a little late: from when it should have been", 5 * minuteMs, 0],
    ["more than five minutes late: from now", 5 * minuteMs + 1, 5 * minuteMs + 1],
  ])("%s", (_, lateBy, counted) => {
    const store = Store.of(twoDelays)
    store.send("ann", "Order", start)
    const due = start + dayMs
    const turn = store.passTo("ann", due, due + lateBy)
    expect(turn.touched[0]?.enrollment).toMatchObject({
      node: "e",
      arrivedAt: due,
      wakeAt: due + dayMs + counted,
    })
    expect(turn.steps[0]?.step.leftAt).toBe(due)
  })
})

describe("paused and stopped", () => {
  test("what waits is decided by events, then holds on arrival; timers rest; resumed, it goes on", () => {
    const journey = draft(
      [entry, wait("w", "Reply"), delay("d"), done],
      [
        ["start", "next", "w"],
        ["w", "came", "d"],
        ["w", "timeout", "x"],
        ["d", "next", "x"],
      ],
    )
    const store = Store.of(journey)
    store.send("ann", "Order", start)
    store.send("bob", "Order", start)
    store.set(1, { state: "paused" })
    expect(store.send("cid", "Order", start + 1).notAdmitted).toEqual([{ version: 1, reason: "paused" }])
    const held = store.send("ann", "Reply", start + hourMs).customer.enrollments[0]?.enrollment
    expect(held).toMatchObject({ node: "d", held: true, wakeAt: start + hourMs })
    expect(store.passTo("ann", start + dayMs).steps).toEqual([])
    expect(store.passTo("bob", start + 9 * dayMs).steps).toEqual([])
    expect(store.send("bob", "Reply", start + 9 * dayMs).steps).toEqual([])
    store.set(1, { state: "running" })
    const resumed = store.passTo("ann", start + 2 * dayMs, start + 2 * dayMs).customer.enrollments[0]
      ?.enrollment
    expect(resumed).toMatchObject({ node: "d", wakeAt: start + 2 * dayMs + dayMs })
    expect(resumed).not.toHaveProperty("held")
    store.passTo("bob", start + 9 * dayMs)
    expect(store.path("bob")).toEqual(["start.next", "w.timeout", "x: done"])
    store.passTo("ann", start + 9 * dayMs)
    expect(store.path("ann")).toEqual(["start.next", "w.came", "d.next", "x: done"])
  })
  test("a stopped enrollment that is met ends then and there", () => {
    const store = Store.of(short)
    store.send("ann", "Order", start)
    store.set(1, { state: "stopped" })
    const turn = store.send("ann", "View", start + 1)
    expect(turn.touched[0]?.enrollment.ended).toEqual({ reason: "stopped", at: start + 1 })
    expect(store.path("ann")).toEqual(["start.next", "d: stopped"])
  })
})

describe("ends", () => {
  test("nothing connected: the step has its outcome, the enrollment ends", () => {
    const store = Store.of(draft([entry, delay("d")], [["start", "next", "d"]]))
    store.send("ann", "Order", start)
    store.passTo("ann", start + dayMs)
    expect(store.path("ann")).toEqual(["start.next", "d.next"])
    expect(store.stats.totals).toMatchObject({ inside: 0, ended: { "end-of-path": 1 } })
  })
  test("a turn without an end is our fault, and ends with an error", () => {
    const journey = draft(
      [entry, delay("d"), done],
      [
        ["start", "next", "d"],
        ["d", "next", "x"],
      ],
    )
    const program = programOf(journey)
    const spun = {
      ...program,
      nodes: program.nodes.map(node =>
        node.id === "d" ? { ...node, decide: program.nodes[0]?.decide ?? node.decide, targets: [1] } : node,
      ),
    }
    const store = new Store([{ id: 1, program: spun, state: "running", admits: true }])
    const turn = store.send("ann", "Order", start)
    expect(turn.steps).toHaveLength(257)
    expect(turn.steps.at(-1)?.step).toMatchObject({
      ended: "engine-error",
      error: expect.stringContaining("256"),
    })
    expect(store.stats.nodes.d?.failed).toBe(1)
  })
  test("a loop with a wait goes round as often as it is asked to", () => {
    const again = {
      id: "s",
      type: "split",
      config: { branches: [{ id: "more", when: { kind: "event-count", event: "Stop", atMost: 0 } }] },
    }
    const journey = draft(
      [entry, delay("d"), again, done],
      [
        ["start", "next", "d"],
        ["d", "next", "s"],
        ["s", "more", "d"],
        ["s", "else", "x"],
      ],
    )
    const store = Store.of(journey)
    store.send("ann", "Order", start)
    store.send("ann", "Stop", start + 3 * dayMs)
    store.passTo("ann", start + 9 * dayMs)
    expect(store.stats.nodes.d).toMatchObject({ entered: 3, left: { next: 3 } })
    expect(store.turns.flatMap(turn => turn.steps).map(({ step }) => step.visit)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8,
    ])
  })
  test("a look back to a node counts from the latest arrival there", () => {
    const journey = draft(
      [entry, delay("d"), wait("w", "View", { since: { node: "d" } }), done],
      [
        ["start", "next", "d"],
        ["d", "next", "w"],
        ["w", "came", "x"],
        ["w", "timeout", "d"],
      ],
    )
    const store = Store.of(journey)
    store.send("ann", "View", start - 1)
    store.send("ann", "Order", start)
    store.send("ann", "View", start + hourMs)
    store.passTo("ann", start + dayMs)
    expect(store.path("ann")).toEqual(["start.next", "d.next", "w.came", "x: done"])
  })
})
