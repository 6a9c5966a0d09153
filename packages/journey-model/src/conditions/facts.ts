import type { Json, JsonObject } from "../values/json.ts"
import type { EpochMs } from "../values/time.ts"

/** An event as the interpreter sees it: `at` is when it happened (looked back by), not when it arrived. */
export type EventFact = { name: string; at: EpochMs; properties: JsonObject; messageId: string }

/** Running count of one event name of a customer. */
export type EventDigest = { count: number; firstAt: EpochMs; lastAt: EpochMs }

/** Why a decision fell as it did: the leaf that decided, and the value it saw. */
export type Because = { leaf: string; value?: Json }

/** What is known of a customer when a step is decided; `customer` is the profile's id. */
export type Facts = {
  customer: string
  attributes: JsonObject
  digest: (event: string) => EventDigest | undefined
  /** Past events of that name in the order they were taken in; loaded only for names in `Program.needs`. */
  events: (event: string) => readonly EventFact[]
}

/**
 * All that a condition may look at: the facts, the enrollment's entry and context, and the instant `now` at
 * which it is asked, which is the stimulus' own time. Nothing after `now` is seen.
 */
export type View = Facts & { now: EpochMs; entry: EventFact; enteredAt: EpochMs; context: JsonObject }

/**
 * What a configuration must have loaded to be decided. `history`: raw events of those names; `lookBackMs` null
 * is without limit, and then `sinceEntryOnly` says that nothing older than the enrollment's entry is read.
 * `digest`: names whose count, first and last time are read.
 */
export type Needs = {
  history: Map<string, HistoryNeed>
  digest: Set<string>
}
export type HistoryNeed = { lookBackMs: number | null; sinceEntryOnly?: boolean }
