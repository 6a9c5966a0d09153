import {
  type Audience,
  AudienceCounts,
  type AudienceSpec,
  audienceResult,
  audienceShape,
  type Behaviour,
  compile,
  eventShapes,
  type Journey,
  lastMoment,
  liveThrough,
  ordinaryBehaviour,
  prepareAudience,
  runAudience,
  statsAt,
  type WebhookStub,
  walkOf,
} from "@viaggio/journey-model"
import { describe, expect, it } from "vitest"
import type { Happening } from "./cases.ts"
import { casesOf, START } from "./cases.ts"
import { interpret, type Tuple } from "./reference.ts"

const seed = 20_261_122
const customers = 12

/** So much happens that every way is taken. */
const busy = (journey: Journey): Behaviour => {
  const program = compile(journey)
  if (!program.ok) throw new Error(`${journey.key} does not compile`)
  const { events, messages } = ordinaryBehaviour(program.value, 10)
  const often = <Part extends { share: number }>(chance: Part, share: number): Part => ({ ...chance, share })
  return {
    arrivalMs: 10 * 86_400_000,
    events: Object.fromEntries(
      Object.entries(events).map(([name, { after, afterMessage }]) => [
        name,
        { after: often(after, 0.7), afterMessage: often(afterMessage, 0.3) },
      ]),
    ),
    messages: Object.fromEntries(
      Object.entries(messages).map(([node, reactions]) => [
        node,
        {
          ...reactions,
          unsubscribed: often(reactions.unsubscribed, 0.3),
          bounced: often(reactions.bounced, 0),
        },
      ]),
    ),
  }
}

const people: AudienceSpec["people"] = [
  { attributes: { email: "ann@example.com" }, past: [] },
  { attributes: { email: "ann@example.com", tier: "gold" }, past: [] },
  { attributes: { tier: "tin", mark: 7 }, past: [] },
]

const audienceOf = (journey: Journey, stub: WebhookStub): Audience => {
  const shapes = eventShapes(journey, { baseOf: () => ({ total: 2, cart: "c1" }), startAt: START })
  const prepared = prepareAudience({
    journey,
    workspace: "w",
    startAt: START,
    days: 30,
    customers,
    seed,
    people,
    events: shapes,
    behaviour: busy(journey),
    stub,
  })
  if (!prepared.ok) throw new Error(`${journey.key} does not run`)
  return prepared.value
}

/** What happened to a simulated customer, as the second interpreter is told of it. */
const happeningsOf = (life: ReturnType<typeof liveThrough>): Happening[] => [
  { at: START, name: "", properties: {}, messageId: "first", traits: life.customer.attributes },
  ...life.happenings.map((happening, index): Happening => {
    if (happening.kind === "event") return happening.event
    if (happening.kind !== "traits") throw new Error(`nobody does ${happening.kind}`)
    return {
      at: happening.at,
      name: "",
      properties: {},
      messageId: `traits-${index}`,
      traits: happening.traits,
    }
  }),
]

const tuplesOf = (steps: ReturnType<typeof liveThrough>["fold"]["steps"]): Tuple[] =>
  steps.map(({ step: { enrollment, visit, node, outcome, ended, arrivedAt, leftAt } }) => ({
    enrollment,
    visit,
    node,
    way: outcome ?? `(${ended})`,
    arrivedAt,
    leftAt,
  }))

const inOrder = (tuples: readonly Tuple[]): Tuple[] =>
  [...tuples].sort((a, b) =>
    a.enrollment < b.enrollment ? -1 : a.enrollment > b.enrollment ? 1 : a.visit - b.visit,
  )

describe(`the audience, the walk and a second interpreter (seed ${seed})`, () => {
  it.each([
    {
      name: "calls succeed",
      from: 0,
      stub: { outcome: "succeeded", body: { lead: { id: 7 } } } as WebhookStub,
    },
    { name: "calls fail", from: 60, stub: { outcome: "failed" } as WebhookStub },
  ])("give the same steps, and the counts are their sum: $name", ({ from, stub }) => {
    let steps = 0
    for (const { number, journey } of casesOf(seed, from, 60)) {
      const audience = audienceOf(journey, stub)
      const expected: Tuple[] = []
      for (let index = 0; index < customers; index++) {
        const life = liveThrough(audience, index)
        const who = { workspace: "w", profile: life.id }
        const said = inOrder(interpret(journey, who, happeningsOf(life), audience.endAt, stub))
        expect({ number, index, steps: inOrder(tuplesOf(life.fold.steps)) }).toEqual({
          number,
          index,
          steps: said,
        })
        const walked = walkOf(audience, index).log.filter(entry => entry.kind === "step")
        expect(walked.map(({ enrollment, visit, at }) => [enrollment, visit, at])).toEqual(
          life.fold.steps.map(({ step }) => [step.enrollment, step.visit, step.leftAt]),
        )
        expected.push(...said)
      }
      const shape = audienceShape(audience)
      const counts = new AudienceCounts(audience, shape)
      runAudience(audience, counts, { from: 0, to: customers })
      const result = audienceResult(shape, counts.cells)
      for (const [node, { left, ended }] of Object.entries(statsAt(result, lastMoment(result)).nodes)) {
        for (const [outcome, n] of Object.entries(left))
          expect(n).toBe(expected.filter(tuple => tuple.node === node && tuple.way === outcome).length)
        for (const [reason, n] of Object.entries(ended))
          expect(n).toBe(expected.filter(tuple => tuple.node === node && tuple.way === `(${reason})`).length)
      }
      steps += expected.length
    }
    expect(steps).toBeGreaterThan(3_000)
  })
})
