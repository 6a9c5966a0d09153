import { describe, expect, test } from "vitest"
import type { Journey } from "../journey/document.ts"
import { delay, draftOf, entryBy, exit } from "../testing/drafts.ts"
import { dayMs, hourMs } from "../testing/moment.ts"
import { programOf, Store, start } from "../testing/store.ts"

const short = (reentry: object = { mode: "once" }, more: object = {}): Journey =>
  draftOf(
    [entryBy("Order", more), delay("d"), exit("x")],
    [
      ["start", "next", "d"],
      ["d", "next", "x"],
    ],
    { settings: { reentry } },
  )

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
