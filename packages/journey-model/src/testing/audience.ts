import fc from "fast-check"
import type { Journey } from "../journey/document.ts"
import { type Audience, type AudienceSpec, prepareAudience } from "../simulation/audience.ts"
import { AudienceCounts, audienceShape } from "../simulation/audience-counts.ts"
import { type AudienceResult, audienceResult } from "../simulation/audience-result.ts"
import { runAudience } from "../simulation/audience-run.ts"
import type { Behaviour, Reactions } from "../simulation/behaviour.ts"
import { ordinaryBehaviour } from "../simulation/behaviour.ts"
import type { Chance } from "../simulation/chance.ts"
import { eventShapes, madeUpPeople } from "../simulation/people.ts"
import { dayMs, hourMs } from "./moment.ts"
import { programOf, start } from "./store.ts"

const chances: fc.Arbitrary<Chance> = fc.record({
  share: fc.constantFrom(0, 0.1, 0.5, 0.9, 1),
  // Whole hours, and many alike, so that things fall on the very instants of timers.
  delaysMs: fc
    .array(fc.constantFrom(0, 1, 24, 60, 24 * 7), { minLength: 11, maxLength: 11 })
    .map(hours => hours.sort((a, b) => a - b).map(each => each * hourMs)),
})

const reactions: fc.Arbitrary<Reactions> = fc.record({
  opened: chances,
  clicked: chances,
  bounced: chances,
  unsubscribed: chances,
})

/** What generated customers do in a journey: much, and often at the instants of its timers. */
export const behaviours = (journey: Journey): fc.Arbitrary<Behaviour> => {
  const ordinary = ordinaryBehaviour(programOf(journey), 0)
  return fc.record({
    arrivalMs: fc.constantFrom(0, dayMs, 5 * dayMs),
    events: fc.record(
      Object.fromEntries(
        Object.keys(ordinary.events).map(event => [
          event,
          fc.record({ after: chances, afterMessage: chances }),
        ]),
      ),
    ),
    messages: fc.record(Object.fromEntries(Object.keys(ordinary.messages).map(node => [node, reactions]))),
  })
}

export const specOf = (journey: Journey, more: Partial<AudienceSpec> = {}): AudienceSpec => {
  const { seed = 7, days = 30 } = more
  return {
    journey,
    workspace: "workspace",
    startAt: start,
    days,
    customers: 40,
    seed,
    people: madeUpPeople(journey, { base: { email: "ann@example.com", a: "x" }, seed, startAt: start }),
    events: eventShapes(journey, { baseOf: () => ({ b: 1 }), startAt: start }),
    behaviour: ordinaryBehaviour(programOf(journey), days),
    ...more,
  }
}

export const audienceOf = (spec: AudienceSpec): Audience => {
  const prepared = prepareAudience(spec)
  if (!prepared.ok) throw new Error("the journey cannot be run")
  return prepared.value
}

/** Runs all of an audience, cut at those numbers. */
export const ran = (spec: AudienceSpec, cuts: readonly number[] = []): AudienceResult => {
  const audience = audienceOf(spec)
  const shape = audienceShape(audience)
  const counts = new AudienceCounts(audience, shape)
  const bounds = [0, ...cuts.filter(cut => cut < spec.customers), spec.customers].sort((a, b) => a - b)
  for (const [index, to] of bounds.slice(1).entries())
    runAudience(audience, counts, { from: bounds[index] as number, to })
  return audienceResult(shape, counts.cells)
}
