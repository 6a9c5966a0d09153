import type { EventDigest, EventFact } from "../conditions/facts.ts"
import type { Effect, EffectAnswer } from "../node-types/definition.ts"
import type { JsonObject } from "../values/json.ts"
import type { EpochMs } from "../values/time.ts"
import type { Enrollment, NotAdmittedReason, Step } from "./types.ts"

/** An enrollment with the id of the version that it is pinned to. */
export type OpenEnrollment = { version: number; enrollment: Enrollment }

/** A customer's dealings with one journey, over all its versions. */
export type Passage = { entries: number; open: number; lastEndedAt?: EpochMs }

/**
 * One customer as the fold takes and gives it. `valueTimes`: when each attribute's value was said.
 * `digest` and `events` hold at least what the world needs, as of the last stimulus; `events` in the order
 * in which they were taken in. `enrollments`: the open ones, oldest first. `passages` by journey key.
 */
export type Customer = {
  id: string
  attributes: JsonObject
  valueTimes: { [attribute: string]: EpochMs }
  lastStimulusAt: EpochMs
  digest: ReadonlyMap<string, EventDigest>
  events: ReadonlyMap<string, readonly EventFact[]>
  enrollments: readonly OpenEnrollment[]
  passages: ReadonlyMap<string, Passage>
}

/**
 * Something that reached a customer. Traits: a `null` removes the attribute. An event may bring traits along;
 * they are taken in first. Effect: what became of an effect that an enrollment waits for; where it has gone on or
 * ended meanwhile, nothing happens. Merged: another profile's values, past and enrollments were united with this
 * customer's; of two enrollments in a journey that allows one at a time, the one entered first stays.
 *
 * `mode: "history"`: it is told now but long past. It updates values by their own time, counts and look-backs; nobody
 * enters by it, no wait ends by it, and no time passes.
 */
export type CustomerStimulus =
  | { kind: "traits"; traits: JsonObject; at: EpochMs; mode?: "history" }
  | { kind: "event"; event: EventFact; receivedAt: EpochMs; traits?: JsonObject; mode?: "history" }
  | { kind: "effect"; effect: string; answer: EffectAnswer; at: EpochMs }
  | { kind: "merged"; at: EpochMs }

/**
 * What a fold came to. Enrollments are in their final state, those that ended too. An effect's `at` is when it
 * was decided; `answer` is what it was answered in the fold itself.
 */
export type CustomerTurn = {
  customer: Customer
  entered: OpenEnrollment[]
  touched: OpenEnrollment[]
  steps: { version: number; step: Step }[]
  effects: { version: number; effect: Effect; at: EpochMs; answer?: EffectAnswer }[]
  notAdmitted: { version: number; reason: NotAdmittedReason }[]
}

/** A customer of whom nothing is known yet. */
export function newCustomer(id: string): Customer {
  return {
    id,
    attributes: {},
    valueTimes: {},
    lastStimulusAt: Number.NEGATIVE_INFINITY,
    digest: new Map(),
    events: new Map(),
    enrollments: [],
    passages: new Map(),
  }
}
