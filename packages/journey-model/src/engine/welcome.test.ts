import { describe, expect, test } from "vitest"
import { renderEmail } from "../content/email.ts"
import { dayMs, hourMs } from "../testing/moment.ts"
import { Store, start } from "../testing/store.ts"
import { welcomeJourney } from "../testing/welcome.ts"

const enter = (store: Store): void => {
  store.identify("ann", { email: "ann@example.com", first_name: "Ann <3" }, start)
  store.send("ann", "Account Created", start)
}

describe("the welcome journey, path by path", () => {
  test("an order within three days", () => {
    const store = Store.of(welcomeJourney())
    enter(store)
    store.send("ann", "Order Completed", start + 2 * dayMs)
    expect(store.path("ann")).toEqual(["start.next", "welcome.next", "first-order.ordered", "bought: bought"])
    expect(store.stats.totals).toEqual({ entered: 1, inside: 0, ended: { bought: 1 }, notAdmitted: {} })
  })
  test("no order, but some interest: a reminder after three days to the millisecond", () => {
    const store = Store.of(welcomeJourney())
    enter(store)
    store.send("ann", "Product Viewed", start + hourMs)
    store.passTo("ann", start + 3 * dayMs - 1)
    expect(store.stats.totals.inside).toBe(1)
    const turn = store.passTo("ann", start + 3 * dayMs)
    expect(turn.steps.map(({ step }) => step.leftAt)).toEqual([0, 0, 0, 0].map(() => start + 3 * dayMs))
    expect(store.path("ann").slice(2)).toEqual([
      "first-order.timeout",
      "interested.browsing",
      "reminder.next",
      "done: done",
    ])
  })
  test("no order and no interest", () => {
    const store = Store.of(welcomeJourney())
    enter(store)
    store.passTo("ann", start + 9 * dayMs)
    expect(store.path("ann").slice(2)).toEqual(["first-order.timeout", "interested.else", "cold: cold"])
  })
  test("without an address the mails are suppressed, and the way goes on", () => {
    const store = Store.of(welcomeJourney())
    store.send("bob", "Account Created", start)
    store.send("bob", "Product Viewed", start + hourMs)
    store.passTo("bob", start + 3 * dayMs)
    expect(store.path("bob")).toEqual([
      "start.next",
      "welcome.suppressed",
      "first-order.timeout",
      "interested.browsing",
      "reminder.suppressed",
      "done: done",
    ])
    expect(store.stats.nodes.welcome).toMatchObject({
      entered: 1,
      left: { next: 0, suppressed: 1, failed: 0 },
    })
  })
  test("once is once", () => {
    const store = Store.of(welcomeJourney())
    enter(store)
    store.send("ann", "Account Created", start + dayMs)
    expect(store.stats.totals).toMatchObject({ entered: 1, inside: 1, notAdmitted: { reentry: 1 } })
  })
  test("the message is made from what was known when it was decided", () => {
    const store = Store.of(welcomeJourney())
    enter(store)
    store.identify("ann", { first_name: "Anna" }, start + 1)
    const [effect] = store.turns.flatMap(turn => turn.effects.map(found => found.effect))
    const content = store.versions[0]?.program.nodes[1]?.content
    if (effect?.kind !== "sendMessage" || !content) throw new Error("no message")
    const message = renderEmail(content, effect.values, { unsubscribe: "https://x.example/u?a=1&b=2" })
    expect(message.subject).toBe("Welcome, Ann <3")
    expect(message.html).toContain('href="https://x.example/u?a=1&amp;b=2"')
    expect(message.text).toBe(
      "10 % off your first order: WELCOME10\n\nUnsubscribe (https://x.example/u?a=1&b=2)",
    )
  })
})
