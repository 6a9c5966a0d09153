import type { Json, JsonObject } from "../values/json.ts"
import type { EpochMs } from "../values/time.ts"

/** An event as the interpreter sees it: `at` is when it happened (looked back by), not when it arrived. */
export type EventFact = { name: string; at: EpochMs; properties: JsonObject; messageId: string }

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
  entry: EventFact
  /** Latest arrival at those nodes that a `since` of the program names. */
  arrivals: { [node: string]: EpochMs }
  context: JsonObject
  ended?: { reason: string; at: EpochMs }
}

/** Why a decision fell as it did: the leaf that decided, and the value it saw. */
export type Because = { leaf: string; value?: Json }

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

/** What is to be done in the world, as data; `id` is hash(enrollment, node, visit), the idempotency key. */
export type Effect = {
  kind: "sendMessage"
  id: string
  enrollment: string
  node: string
  visit: number
  channel: "email"
  to: string
  /** Every value that the templates of the node read, frozen now: { profile: …, entry: …, context: … }. */
  values: JsonObject
}

/** Running count of one event name of a customer. */
export type EventDigest = { count: number; firstAt: EpochMs; lastAt: EpochMs }

/** What is known of a customer when a step is decided. */
export type Facts = {
  attributes: JsonObject
  digest: (event: string) => EventDigest | undefined
  /** Past events of that name in the order they were taken in; loaded only for names in `Program.needs`. */
  events: (event: string) => readonly EventFact[]
}

/** What an enrollment can be told. `at`: when it should have been; `now`: when it is (ENGINE "Late turns"). */
export type Stimulus =
  | { kind: "entered"; at: EpochMs; now: EpochMs }
  | { kind: "event"; event: EventFact; at: EpochMs; now: EpochMs }
  | { kind: "time"; at: EpochMs; now: EpochMs }
  | {
      kind: "removed"
      reason: "stopped" | "merged" | "engine-error"
      error?: string
      at: EpochMs
      now: EpochMs
    }

/** The result of one turn: where the enrollment stands now, what to do, and the visits that finished. */
export type Turn = { enrollment: Enrollment; effects: Effect[]; steps: Step[] }

export type NotAdmittedReason = "reentry" | "audience" | "too-old" | "paused"
