import type { Because, EventFact } from "../conditions/facts.ts"
import type { Effect, EffectAnswer } from "../node-types/definition.ts"
import type { JsonObject } from "../values/json.ts"
import type { EpochMs } from "../values/time.ts"

/**
 * One customer's passage through one version of one journey. A parked enrollment stands at `node` since
 * `arrivedAt` (its `visit`-th visit, counted from 1) until `wakeAt`, if it has one.
 */
export type Enrollment = {
  /** hash(workspace, journey key, profile, messageId of the entry event), 32 hex digits. */
  id: string
  node: string
  visit: number
  enteredAt: EpochMs
  arrivedAt: EpochMs
  wakeAt?: EpochMs
  /** Arrived while the version was paused: the node is decided when the enrollment is woken. */
  held?: true
  entry: EventFact
  /** Latest arrival at those nodes that a `since` of the program names. */
  arrivals: { [node: string]: EpochMs }
  context: JsonObject
  /** Whom draws go by, where it is not the customer who has the enrollment now: the two were merged. */
  drawnFor?: string
  ended?: { reason: string; at: EpochMs }
}

/** A finished visit: exactly one of `outcome` and `ended`. */
export type Step = {
  enrollment: string
  visit: number
  node: string
  outcome?: string
  ended?: string
  arrivedAt: EpochMs
  leftAt: EpochMs
  because?: Because
  error?: string
}

/** What an enrollment can be told. `at`: when it should have been; `now`: when it is (late turns). */
export type Stimulus =
  | { kind: "entered"; at: EpochMs; now: EpochMs }
  | { kind: "event"; event: EventFact; at: EpochMs; now: EpochMs }
  | { kind: "time"; at: EpochMs; now: EpochMs }
  | { kind: "effect"; effect: string; answer: EffectAnswer; at: EpochMs; now: EpochMs }
  | {
      kind: "removed"
      reason: "stopped" | "merged" | "engine-error"
      error?: string
      at: EpochMs
      now: EpochMs
    }

/**
 * The result of one turn: where the enrollment stands now, what to do, the visits that finished, and the
 * attributes that the customer has from now on (`null` removes one).
 */
export type Turn = { enrollment: Enrollment; effects: Effect[]; steps: Step[]; traits?: JsonObject }

export type NotAdmittedReason = "reentry" | "audience" | "too-old" | "paused"
