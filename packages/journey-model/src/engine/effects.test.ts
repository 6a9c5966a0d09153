import { describe, expect, test } from "vitest"
import type { Journey } from "../journey/document.ts"
import type { EffectAnswer } from "../node-types/definition.ts"
import { answerOfStub, type WebhookStub } from "../node-types/webhook/answer.ts"
import { type DraftEdge, type DraftNode, delay, draftOf, entryBy, exit, splitBy } from "../testing/drafts.ts"
import { dayMs, hourMs } from "../testing/moment.ts"
import { Store, start } from "../testing/store.ts"

const draft = (nodes: DraftNode[], edges: DraftEdge[]): Journey =>
  draftOf([entryBy("Order"), ...nodes], edges, { settings: { reentry: { mode: "always" } } })

const call = (id: string, more: object = {}) => ({
  id,
  type: "webhook",
  config: { url: "https://crm.example/", save: [{ from: "/lead/id", to: "lead_id" }], ...more },
})
const set = (id: string, attribute: string, value: unknown) => ({
  id,
  type: "update-profile",
  config: { set: [{ attribute, value }] },
})

/** start → call → (lead known? → won) : lost, with failed falling through to where succeeded goes. */
const asking = draft(
  [
    call("call"),
    splitBy("known", { kind: "context", path: "lead_id", is: "exists" }),
    exit("won", "won"),
    exit("lost", "lost"),
  ],
  [
    ["start", "next", "call"],
    ["call", "succeeded", "known"],
    ["known", "yes", "won"],
    ["known", "else", "lost"],
  ],
)

const succeeded: EffectAnswer = { outcome: "succeeded", status: 200, values: { lead_id: "l-1" } }

const askedOf = (store: Store): string => {
  const [found] = store.turns.flatMap(turn => turn.effects).slice(-1)
  if (!found) throw new Error("nothing was asked")
  return found.effect.id
}
const answer = (store: Store, id: string, effect: string, given: EffectAnswer, at: number) =>
  store.fold(id, [{ kind: "effect", effect, answer: given, at }])

describe("a call", () => {
  test("keeps the customer until it is answered, and what is kept of the answer is there from then on", () => {
    const store = Store.of(asking)
    store.send("ann", "Order", start)
    expect(store.path("ann")).toEqual(["start.next"])
    expect(store.stats.nodes.call).toMatchObject({ entered: 1, inside: 1 })
    answer(store, "ann", askedOf(store), succeeded, start + hourMs)
    expect(store.path("ann")).toEqual(["start.next", "call.succeeded", "known.yes", "won: won"])
    const [step] = store.turns.flatMap(turn => turn.steps).filter(({ step: { node } }) => node === "call")
    expect(step?.step).toMatchObject({ arrivedAt: start, leftAt: start + hourMs })
  })
  test("that failed goes by failed, and where nothing is connected on where succeeded leads", () => {
    const store = Store.of(asking)
    store.send("ann", "Order", start)
    answer(store, "ann", askedOf(store), { outcome: "failed", error: "status 500" }, start)
    expect(store.path("ann")).toEqual(["start.next", "call.failed", "known.else", "lost: lost"])
    expect(store.stats.nodes.call).toMatchObject({ left: { succeeded: 0, failed: 1 }, failed: 1 })
  })
  test("is answered once: a second answer, and one to somebody else's call, change nothing", () => {
    const store = Store.of(asking)
    store.send("ann", "Order", start)
    const effect = askedOf(store)
    const before = store.customer("ann")
    const stranger = answer(store, "ann", "f".repeat(32), succeeded, start)
    expect(stranger.touched).toEqual([])
    expect(stranger.customer.enrollments).toEqual(before.enrollments)
    answer(store, "ann", effect, succeeded, start)
    const again = answer(store, "ann", effect, { outcome: "failed" }, start)
    expect(again).toMatchObject({ touched: [], steps: [] })
  })
  test("of an earlier round is not the one that is waited for now", () => {
    const store = Store.of(
      draft(
        [call("call"), delay("pause")],
        [
          ["start", "next", "call"],
          ["call", "succeeded", "pause"],
          ["pause", "next", "call"],
        ],
      ),
    )
    store.send("ann", "Order", start)
    const first = askedOf(store)
    answer(store, "ann", first, succeeded, start)
    store.passTo("ann", start + dayMs)
    const second = askedOf(store)
    expect(second).not.toBe(first)
    answer(store, "ann", first, succeeded, start + dayMs)
    expect(store.path("ann").length).toBe(3)
    answer(store, "ann", second, succeeded, start + dayMs)
    expect(store.path("ann").at(-1)).toBe("call.succeeded")
  })
  test("two at once are told apart", () => {
    const store = Store.of(asking)
    store.send("ann", "Order", start)
    const first = askedOf(store)
    store.send("ann", "Order", start + 1)
    answer(store, "ann", askedOf(store), { outcome: "failed" }, start + 2)
    expect(store.customer("ann").enrollments.length).toBe(1)
    answer(store, "ann", first, succeeded, start + 3)
    expect(store.path("ann").filter(step => step.startsWith("call"))).toEqual([
      "call.failed",
      "call.succeeded",
    ])
  })
  test("answered while the journey is paused: decided, then held before the next node", () => {
    const store = Store.of(asking)
    store.send("ann", "Order", start)
    store.set(1, { state: "paused" })
    answer(store, "ann", askedOf(store), succeeded, start + 5)
    expect(store.path("ann")).toEqual(["start.next", "call.succeeded"])
    expect(store.customer("ann").enrollments[0]?.enrollment).toMatchObject({
      node: "known",
      held: true,
      wakeAt: start + 5,
      context: { lead_id: "l-1" },
    })
    store.set(1, { state: "running" })
    store.passTo("ann", start + hourMs)
    expect(store.path("ann").at(-1)).toBe("won: won")
  })
  test("to which a customer comes while the journey is paused is asked when it runs again", () => {
    const wait = {
      id: "wait",
      type: "wait-for-event",
      config: { branches: [{ id: "paid", event: "Paid" }], timeout: "P3D" },
    }
    const store = Store.of(
      draft(
        [wait, call("call")],
        [
          ["start", "next", "wait"],
          ["wait", "paid", "call"],
        ],
      ),
    )
    store.send("ann", "Order", start)
    store.set(1, { state: "paused" })
    store.send("ann", "Paid", start + hourMs)
    expect(store.customer("ann").enrollments[0]?.enrollment).toMatchObject({ node: "call", held: true })
    expect(store.turns.flatMap(turn => turn.effects)).toEqual([])
    store.set(1, { state: "running" })
    store.passTo("ann", start + dayMs)
    expect(store.turns.flatMap(turn => turn.effects)).toHaveLength(1)
    expect(store.customer("ann").enrollments[0]?.enrollment).not.toHaveProperty("held")
  })
  test("answered after the journey was stopped ends the enrollment, as everything does then", () => {
    const store = Store.of(asking)
    store.send("ann", "Order", start)
    store.set(1, { state: "stopped", admits: false })
    answer(store, "ann", askedOf(store), succeeded, start)
    expect(store.path("ann")).toEqual(["start.next", "call: stopped"])
  })
  test("comes late: it is decided at the last thing that happened, never before", () => {
    const store = Store.of(asking)
    store.send("ann", "Order", start)
    const effect = askedOf(store)
    store.send("ann", "View", start + dayMs)
    answer(store, "ann", effect, succeeded, start + 1)
    const steps = store.turns.flatMap(turn => turn.steps)
    expect(steps.find(({ step }) => step.node === "call")?.step.leftAt).toBe(start + dayMs)
  })
})

describe("a stand-in", () => {
  const fold = (journey: Journey, stub: WebhookStub, until = start): Store => {
    const store = Store.of(journey)
    const options = { answer: (asked: Parameters<typeof answerOfStub>[1]) => answerOfStub(stub, asked) }
    store.send("ann", "Order", start, {}, options)
    store.fold("ann", [], { ...options, timersUpTo: until })
    return store
  }
  test("answers at the instant of asking, and says so with the effect", () => {
    const store = fold(asking, { outcome: "succeeded", body: { lead: { id: 7 } } })
    expect(store.path("ann").at(-1)).toBe("won: won")
    const [asked] = store.turns.flatMap(turn => turn.effects)
    expect(asked).toMatchObject({ at: start, answer: { outcome: "succeeded", values: { lead_id: 7 } } })
  })
  test("answers in the middle of a long time at its own instants", () => {
    const store = fold(
      draft(
        [delay("d1"), call("c1"), delay("d2"), call("c2")],
        [
          ["start", "next", "d1"],
          ["d1", "next", "c1"],
          ["c1", "failed", "d2"],
          ["d2", "next", "c2"],
        ],
      ),
      { outcome: "failed" },
      start + 9 * dayMs,
    )
    const left = store.turns
      .flatMap(turn => turn.steps)
      .map(({ step }) => [step.node, (step.leftAt - start) / dayMs])
    expect(left).toEqual([
      ["start", 0],
      ["d1", 1],
      ["c1", 1],
      ["d2", 2],
      ["c2", 2],
    ])
  })
})

describe("what nodes write to the profile", () => {
  test("is seen by the next node in the same turn, and by other journeys afterwards", () => {
    const store = Store.of(
      draft(
        [
          set("mark", "tier", "gold"),
          splitBy("gold", { kind: "profile", path: "tier", is: "equals", value: "gold" }),
          exit("yes", "yes"),
          exit("no", "no"),
        ],
        [
          ["start", "next", "mark"],
          ["mark", "next", "gold"],
          ["gold", "yes", "yes"],
          ["gold", "else", "no"],
        ],
      ),
    )
    store.identify("ann", { tier: "tin" }, start - 1)
    store.send("ann", "Order", start)
    expect(store.path("ann").at(-1)).toBe("yes: yes")
    expect(store.customer("ann")).toMatchObject({ attributes: { tier: "gold" }, valueTimes: { tier: start } })
  })
  test("is what was said at that instant: later words replace it, earlier ones do not", () => {
    const store = Store.of(draft([set("mark", "tier", "gold")], [["start", "next", "mark"]]))
    store.send("ann", "Order", start)
    store.identify("ann", { tier: "tin" }, start - hourMs)
    expect(store.customer("ann").attributes).toEqual({ tier: "gold" })
    store.identify("ann", { tier: "tin" }, start + hourMs)
    expect(store.customer("ann").attributes).toEqual({ tier: "tin" })
  })
})
