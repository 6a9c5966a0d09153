import type { EventDigest, EventFact } from "../conditions/facts.ts"
import type { Effect } from "../node-types/definition.ts"
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
 * they are taken in first.
 */
export type CustomerStimulus =
  | { kind: "traits"; traits: JsonObject; at: EpochMs }
  | { kind: "event"; event: EventFact; receivedAt: EpochMs; traits?: JsonObject }

/** What a fold came to. Enrollments are in their final state, those that ended too. */
export type CustomerTurn = {
  customer: Customer
  entered: OpenEnrollment[]
  touched: OpenEnrollment[]
  steps: { version: number; step: Step }[]
  effects: { version: number; effect: Effect }[]
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
