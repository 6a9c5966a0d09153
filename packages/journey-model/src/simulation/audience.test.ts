import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { compile } from "../engine/compile.ts"
import { assertConserved } from "../engine/stats.ts"
import { journeys } from "../testing/arbitraries.ts"
import { audienceOf, behaviours, ran, specOf } from "../testing/audience.ts"
import { delay, draftOf, entryBy, exit, splitBy } from "../testing/drafts.ts"
import { dayMs, hourMs } from "../testing/moment.ts"
import { start } from "../testing/store.ts"
import { welcomeJourney } from "../testing/welcome.ts"
import type { AudienceSpec } from "./audience.ts"
import {
  busiestMoment,
  instantOf,
  lastMoment,
  messagesPerDay,
  momentOf,
  neverReached,
  statsAt,
} from "./audience-result.ts"
import { liveThrough, membersAt, walkOf } from "./audience-run.ts"
import { ordinary } from "./behaviour.ts"

const specs: fc.Arbitrary<AudienceSpec> = fc
  .tuple(
    journeys.filter(journey => compile(journey).ok),
    fc.nat({ max: 1000 }),
    fc.boolean(),
  )
  .chain(([journey, seed, fails]) =>
    behaviours(journey).map(behaviour =>
      specOf(journey, {
        seed,
        behaviour,
        customers: 12,
        ...(fails
          ? { stub: { outcome: "failed" } }
          : { stub: { outcome: "succeeded", body: { lead: { id: 1 } } } }),
      }),
    ),
  )

describe("laws of the audience", () => {
  test("the same seed gives the same result, however the audience is cut", () => {
    fc.assert(
      fc.property(specs, fc.array(fc.nat({ max: 12 })), (spec, cuts) => {
        const whole = ran(spec).totals
        expect(ran(spec, cuts).totals.every((count, cell) => count === whole[cell])).toBe(true)
      }),
    )
  })
  test("nobody is lost or doubled at any moment", () => {
    fc.assert(
      fc.property(specs, spec => {
        const result = ran(spec)
        for (let moment = 0; moment <= lastMoment(result); moment += 7)
          assertConserved(statsAt(result, moment))
        assertConserved(statsAt(result, lastMoment(result)))
      }),
    )
  })
  test("the counts are those of every customer's own walk, at every moment", () => {
    fc.assert(
      fc.property(specs, fc.nat(), (spec, drawn) => {
        const audience = audienceOf(spec)
        const walks = Array.from({ length: spec.customers }, (_, index) => walkOf(audience, index))
        const result = ran(spec)
        const moment = drawn % (lastMoment(result) + 1)
        const isLast = moment === lastMoment(result)
        const before = isLast ? Number.POSITIVE_INFINITY : instantOf(result, moment)
        const { nodes, totals } = statsAt(result, moment)
        const steps = walks.flatMap(walk => walk.log.filter(entry => entry.kind === "step"))
        const open = walks.flatMap(walk => walk.customer.enrollments.map(({ enrollment }) => enrollment))
        for (const [node, stats] of Object.entries(nodes)) {
          const own = steps.filter(step => step.node === node)
          const standing = open.filter(enrollment => enrollment.node === node)
          const arrivals = [...own, ...standing].filter(({ arrivedAt }) => arrivedAt < before)
          const left = own.filter(step => step.at < before)
          expect(stats.entered).toBe(arrivals.length)
          expect(stats.inside).toBe(arrivals.length - left.length)
          expect(stats.failed).toBe(left.filter(step => step.error !== undefined).length)
          for (const [outcome, n] of Object.entries(stats.left))
            expect(n).toBe(left.filter(step => step.outcome === outcome).length)
        }
        const refused = walks.flatMap(walk => walk.log.filter(entry => entry.kind === "not-admitted"))
        const turnedAway = Object.values(totals.notAdmitted).reduce((sum, n) => sum + n, 0)
        expect(turnedAway).toBe(refused.filter(({ at }) => at < before).length)
      }),
      { numRuns: 100 },
    )
  })
})

const spec = specOf(welcomeJourney(), { customers: 400, days: 20 })

describe("an audience of the welcome journey", () => {
  const result = ran(spec)
  test("fills up, and at the end is where its customers have come to", () => {
    const early = statsAt(result, momentOf(result, start + dayMs))
    const late = statsAt(result, lastMoment(result))
    expect(early.totals.entered).toBeGreaterThan(5)
    expect(early.totals.entered).toBeLessThan(60)
    expect(late.totals.entered).toBe(400)
    expect(late.nodes["first-order"]?.inside).toBeGreaterThan(20)
    expect(late.nodes.welcome?.messages).toMatchObject({ sent: late.nodes.welcome?.left.next })
    expect(late.nodes.welcome?.messages?.opened).toBeGreaterThan(80)
    expect(neverReached(result)).toEqual([])
    const sent = messagesPerDay(result)
    expect(sent).toHaveLength(20)
    const { welcome, reminder } = late.nodes
    expect(sent.reduce((sum, n) => sum + n, 0)).toBe((welcome?.left.next ?? 0) + (reminder?.left.next ?? 0))
  })
  test("another seed is another audience", () => {
    expect(ran({ ...spec, seed: 8 }).totals).not.toEqual(result.totals)
  })
  test("who is behind a number can be looked at, and walks the same way", () => {
    const moment = busiestMoment(result, "first-order")
    const { inside = 0, entered = 0 } = statsAt(result, moment).nodes["first-order"] ?? {}
    const before = instantOf(result, moment)
    const audience = audienceOf(spec)
    const members = membersAt(audience, { node: "first-order", before, most: 1000 })
    expect(members).toHaveLength(inside)
    expect(membersAt(audience, { node: "first-order", before, most: 1000, been: true })).toHaveLength(entered)
    expect(membersAt(audience, { node: "first-order", before, most: 3 })).toEqual(members.slice(0, 3))
    const [first] = members
    const walk = walkOf(audience, first?.index ?? -1)
    expect(walk.customer.id).toBe(first?.id)
    expect(walk.log).toContainEqual(
      expect.objectContaining({ kind: "parked", node: "first-order", at: first?.since }),
    )
    expect(walk.messages[0]?.subject).toContain("Welcome")
  })
  test("whoever unsubscribes gets no more marketing", () => {
    const all = { share: 1, delaysMs: [hourMs] }
    const none = { share: 0, delaysMs: [] }
    const messages = { opened: none, clicked: none, bounced: none, unsubscribed: all }
    const behaviour = {
      ...spec.behaviour,
      arrivalMs: 0,
      events: { "Product Viewed": { after: { ...all, delaysMs: [2 * hourMs] }, afterMessage: none } },
      messages: { welcome: messages, reminder: messages },
    }
    const { nodes } = statsAt(ran({ ...spec, behaviour }), 19 * 24)
    expect(nodes.welcome?.messages).toMatchObject({ sent: 400, unsubscribed: 400 })
    expect(nodes.reminder?.left).toMatchObject({ next: 0, suppressed: 400 })
  })
  test("what a message leads to comes after it", () => {
    const some = { share: 0.5, delaysMs: [hourMs, hourMs] }
    const behaviour = {
      ...spec.behaviour,
      events: { "Order Completed": { after: { share: 0, delaysMs: [] }, afterMessage: some } },
    }
    const audience = audienceOf({ ...spec, behaviour })
    const lives = Array.from({ length: 400 }, (_, index) => liveThrough(audience, index))
    const bought = lives.filter(({ fold }) => fold.steps.some(({ step }) => step.outcome === "ordered"))
    expect(bought.length).toBeGreaterThan(150)
    expect(bought.length).toBeLessThan(250)
    for (const { fold } of bought) {
      const [sent, waited] = ["welcome", "first-order"].map(id =>
        fold.steps.find(({ step }) => step.node === id),
      )
      expect(waited?.step.leftAt).toBe((sent?.step.leftAt ?? 0) + hourMs)
    }
  })
})

test("a branch that nobody takes is never reached", () => {
  const nobody = splitBy("s", { kind: "profile", path: "vip", is: "equals", value: "yes" })
  const journey = draftOf(
    [entryBy("Signup"), nobody, delay("rare"), exit("x"), exit("y")],
    [
      ["start", "next", "s"],
      ["s", "yes", "rare"],
      ["s", "else", "x"],
      ["rare", "next", "y"],
    ],
  )
  const plain = specOf(journey, { people: [{ attributes: {}, past: [] }] })
  expect(neverReached(ran(plain))).toEqual(["rare", "y"])
  // People who are made up for the journey have the value that it asks about.
  expect(neverReached(ran(specOf(journey)))).toEqual([])
})

test("half of all customers is a half", () => {
  const behaviour = {
    arrivalMs: 0,
    events: {
      "Order Completed": {
        after: { share: 0.5, delaysMs: [hourMs] },
        afterMessage: ordinary.event.afterMessage,
      },
    },
    messages: {},
  }
  const { nodes } = statsAt(ran({ ...spec, customers: 4000, behaviour }), 19 * 24)
  expect(Math.abs((nodes["first-order"]?.left.ordered ?? 0) - 2000)).toBeLessThan(140)
})
