import fc from "fast-check"
import { describe, expect, test } from "vitest"
import type { Journey } from "../journey/document.ts"
import { journeys, properties } from "../testing/arbitraries.ts"
import { dayMs, hourMs, minuteMs } from "../testing/moment.ts"
import { programOf, Store, start } from "../testing/store.ts"
import { journeyOf } from "../testing/welcome.ts"
import { draw } from "../values/draw.ts"
import { compile } from "./compile.ts"
import type { CustomerStimulus, CustomerTurn } from "./customer.ts"

const draft = (
  nodes: object[],
  edges: [string, string, string][],
  reentry: object = { mode: "once" },
): Journey =>
  journeyOf({
    format: 1,
    key: "k",
    name: "K",
    settings: { reentry },
    nodes,
    edges: edges.map(([from, outcome, to]) => ({ from, outcome, to })),
  })

const entry = (more: object = {}) => ({
  id: "start",
  type: "event-entry",
  config: { event: "Order", ...more },
})
const delay = (id: string, duration = "P1D") => ({ id, type: "delay", config: { for: duration } })
const exit = { id: "x", type: "exit", config: { reason: "done" } }
const wait = (id: string, event: string, more: object = {}) => ({
  id,
  type: "wait-for-event",
  config: { branches: [{ id: "came", event }], timeout: "P3D", ...more },
})

const short = (reentry?: object, more?: object): Journey =>
  draft(
    [entry(more), delay("d"), exit],
    [
      ["start", "next", "d"],
      ["d", "next", "x"],
    ],
    reentry,
  )

const untilOrder = (more?: object, reentry?: object): Journey =>
  draft(
    [entry(), wait("w", "Order", more), exit],
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

describe("who comes in", () => {
  const free = { where: { kind: "property", path: "plan", is: "equals", value: "free" } }
  test("only whom the event fits; the others are not even counted", () => {
    const store = Store.of(short(undefined, free))
    expect(store.send("ann", "Order", start, { plan: "paid" }).notAdmitted).toEqual([])
    expect(store.send("ann", "Order", start, { plan: "free" }).entered).toHaveLength(1)
  })
  test("nobody by an event past its age, which is counted from the arrival", () => {
    const store = Store.of(short({ mode: "always" }, { maxAge: "PT1H" }))
    expect(store.send("ann", "Order", start, {}, { receivedAt: start + hourMs }).entered).toHaveLength(1)
    const late = store.send("ann", "Order", start, {}, { receivedAt: start + hourMs + 1 })
    expect(late.notAdmitted).toEqual([{ version: 1, reason: "too-old" }])
  })
  test("only the audience, as it is after the event's own traits", () => {
    const store = Store.of(short(undefined, { audience: { kind: "profile", path: "email", is: "exists" } }))
    expect(store.send("ann", "Order", start).notAdmitted).toEqual([{ version: 1, reason: "audience" }])
    const event = { name: "Order", at: start + 1, properties: {}, messageId: "x" }
    const stimulus = { kind: "event", event, receivedAt: start + 1, traits: { email: "a@b.c" } } as const
    expect(store.fold("ann", [stimulus]).entered).toHaveLength(1)
  })
  test("an audience that counts its own event", () => {
    const second = { audience: { kind: "event-count", event: "Order", atLeast: 2 } }
    const store = Store.of(short(undefined, second))
    expect(store.send("ann", "Order", start).notAdmitted).toEqual([{ version: 1, reason: "audience" }])
    expect(store.send("ann", "Order", start + 1).entered).toHaveLength(1)
  })
  test("after the exit and its cooldown, to the millisecond", () => {
    const store = Store.of(short({ mode: "after-exit", cooldown: "P1D" }))
    store.send("ann", "Order", start)
    expect(store.send("ann", "Order", start + hourMs).notAdmitted).toEqual([
      { version: 1, reason: "reentry" },
    ])
    store.passTo("ann", start + dayMs)
    expect(store.send("ann", "Order", start + 2 * dayMs - 1).entered).toHaveLength(0)
    expect(store.send("ann", "Order", start + 2 * dayMs).entered).toHaveLength(1)
  })
  test("reasons are asked in order: paused, too old, audience, re-entry", () => {
    const store = Store.of(
      short(undefined, { maxAge: "PT1H", audience: { kind: "profile", path: "vip", is: "exists" } }),
    )
    const reasonOf = (receivedAt: number) =>
      store.send("ann", "Order", start, {}, { receivedAt }).notAdmitted[0]?.reason
    expect(reasonOf(start + dayMs)).toBe("too-old")
    expect(reasonOf(start)).toBe("audience")
    store.set(1, { state: "paused" })
    expect(reasonOf(start + dayMs)).toBe("paused")
  })
  test("only the version that admits, and over versions once is once", () => {
    const program = programOf(short())
    const store = new Store([
      { id: 1, program, state: "running", admits: true },
      { id: 2, program, state: "running", admits: false },
    ])
    expect(store.send("ann", "Order", start).entered.map(open => open.version)).toEqual([1])
    store.set(1, { admits: false })
    store.set(2, { admits: true })
    expect(store.send("ann", "Order", start + 1).notAdmitted).toEqual([{ version: 2, reason: "reentry" }])
    expect(store.send("bob", "Order", start + 1).entered.map(open => open.version)).toEqual([2])
    store.passTo("ann", start + 2 * dayMs)
    expect(store.path("ann")).toEqual(["start.next", "d.next", "x: done"])
  })
})

describe("attributes", () => {
  test("a value gives way only to one that was said later, or at the same time", () => {
    const store = Store.of(short())
    store.identify("ann", { town: "Pisa", plan: "free" }, start + 10)
    store.identify("ann", { town: "Lucca", plan: null }, start + 5)
    expect(store.customer("ann").attributes).toEqual({ town: "Pisa", plan: "free" })
    store.identify("ann", { town: "Siena", plan: null }, start + 10)
    expect(store.customer("ann").attributes).toEqual({ town: "Siena" })
    store.identify("ann", { plan: "paid" }, start + 9)
    expect(store.customer("ann").attributes).toEqual({ town: "Siena" })
  })
  test("what is said at an instant is not yet known to a timer that was due before it", () => {
    const vip = {
      id: "s",
      type: "split",
      config: { branches: [{ id: "vip", when: { kind: "profile", path: "vip", is: "exists" } }] },
    }
    const journey = draft(
      [entry(), delay("d"), vip, exit],
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
    const store = Store.of(short())
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
      [entry(), delay("d"), wait("w", "Reply", { since: "entry" }), exit],
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
    [entry(), delay("d"), delay("e"), exit],
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
      [entry(), wait("w", "Reply"), delay("d"), exit],
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
    const store = Store.of(short())
    store.send("ann", "Order", start)
    store.set(1, { state: "stopped" })
    const turn = store.send("ann", "View", start + 1)
    expect(turn.touched[0]?.enrollment.ended).toEqual({ reason: "stopped", at: start + 1 })
    expect(store.path("ann")).toEqual(["start.next", "d: stopped"])
  })
})

describe("ends", () => {
  test("nothing connected: the step has its outcome, the enrollment ends", () => {
    const store = Store.of(draft([entry(), delay("d")], [["start", "next", "d"]]))
    store.send("ann", "Order", start)
    store.passTo("ann", start + dayMs)
    expect(store.path("ann")).toEqual(["start.next", "d.next"])
    expect(store.stats.totals).toMatchObject({ inside: 0, ended: { "end-of-path": 1 } })
  })
  test("a turn without an end is our fault, and ends with an error", () => {
    const journey = draft(
      [entry(), delay("d"), exit],
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
      [entry(), delay("d"), again, exit],
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
      [entry(), delay("d"), wait("w", "View", { since: { node: "d" } }), exit],
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

type Happening = { after: number; name: string; payload: object }

const lives = fc.record({
  journey: journeys.filter(journey => compile(journey).ok),
  happenings: fc.array(
    fc.record({
      after: fc.constantFrom(0, 1, hourMs, dayMs, 3 * dayMs),
      name: fc.constantFrom("Order", "View", "Login"),
      payload: properties,
    }),
    { maxLength: 10 },
  ),
  email: fc.boolean(),
})

const stimuliOf = (happenings: readonly Happening[]): CustomerStimulus[] => {
  let at = start
  return happenings.map(({ after, name, payload }, index) => {
    at += after
    const event = { name, at, properties: payload as Record<string, never>, messageId: `m${index}` }
    return { kind: "event", event, receivedAt: at }
  })
}

const told = (turns: readonly CustomerTurn[]) => ({
  steps: turns.flatMap(turn => turn.steps),
  effects: turns.flatMap(turn => turn.effects),
  notAdmitted: turns.flatMap(turn => turn.notAdmitted),
  customer: turns.at(-1)?.customer,
})

describe("laws", () => {
  test("however a life is cut into batches, it is the same life, and every count adds up", () => {
    fc.assert(
      fc.property(
        lives,
        fc.array(fc.boolean(), { minLength: 10, maxLength: 10 }),
        ({ journey, happenings, email }, cuts) => {
          const stimuli = stimuliOf(happenings)
          const end = start + 800 * dayMs
          const program = programOf(journey)
          const live = (batches: CustomerStimulus[][], early: boolean) => {
            const store = new Store([{ id: 1, program, state: "running", admits: true }])
            store.identify("ann", email ? { email: "ann@example.com", a: "x" } : { a: 1 }, start)
            for (const batch of batches) {
              const [first] = batch
              const next = first?.kind === "event" ? first.event.at : start
              if (early) store.passTo("ann", next - 1)
              store.fold("ann", batch)
            }
            store.passTo("ann", end)
            return store
          }
          const whole = live([stimuli], false)
          const pieces: CustomerStimulus[][] = []
          for (const [index, stimulus] of stimuli.entries()) {
            if (cuts[index] || pieces.length === 0) pieces.push([stimulus])
            else pieces.at(-1)?.push(stimulus)
          }
          const expected = told(whole.turns)
          expect(told(live(pieces, false).turns)).toEqual(expected)
          expect(told(live(pieces, true).turns)).toEqual(expected)
          expect(told(live([stimuli], false).turns)).toEqual(expected)
          expect(live(pieces, true).stats).toEqual(whole.stats)
        },
      ),
    )
  })
  test("steps of an enrollment are visits without a gap, and its times never go back", () => {
    fc.assert(
      fc.property(lives, ({ journey, happenings }) => {
        const store = Store.of(journey)
        store.fold("ann", stimuliOf(happenings))
        store.passTo("ann", start + 800 * dayMs)
        const last = new Map<string, { visit: number; leftAt: number }>()
        for (const { step } of store.turns.flatMap(turn => turn.steps)) {
          const before = last.get(step.enrollment)
          expect(step.visit).toBe((before?.visit ?? 0) + 1)
          expect(step.arrivedAt).toBe(before?.leftAt ?? step.arrivedAt)
          expect(step.leftAt).toBeGreaterThanOrEqual(step.arrivedAt)
          expect([step.outcome, step.ended].filter(part => part !== undefined)).toHaveLength(1)
          last.set(step.enrollment, step)
        }
        const ids = store.turns.flatMap(turn => turn.effects.map(found => found.effect.id))
        expect(new Set(ids).size).toBe(ids.length)
      }),
    )
  })
})

describe("draw", () => {
  test("is the same for ever", () => {
    expect(draw("e1", "n1", "salt")).toBe(draw("e1", "n1", "salt"))
    expect(draw("e1", "n1", "salt")).not.toBe(draw("e1", "n2", "salt"))
  })
  test("is uniform: 20,000 draws fall into 20 drawers alike (chi-square at 0.1 %)", () => {
    const drawers = new Array<number>(20).fill(0)
    for (let index = 0; index < 20_000; index++) {
      const drawn = draw(`customer-${index}`, "split", "s")
      expect(drawn).toBeGreaterThanOrEqual(0)
      expect(drawn).toBeLessThan(1)
      const drawer = Math.floor(drawn * 20)
      drawers[drawer] = (drawers[drawer] ?? 0) + 1
    }
    const chiSquare = drawers.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0)
    expect(chiSquare).toBeLessThan(43.8)
  })
})
