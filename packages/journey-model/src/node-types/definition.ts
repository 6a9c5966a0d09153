import type * as z from "zod"
import type { Because, EventFact, Needs, View } from "../conditions/facts.ts"
import type { JsonObject } from "../values/json.ts"
import type { Knowledge } from "../values/known.ts"
import type { Problem, Sentence } from "../values/problem.ts"
import type { EpochMs } from "../values/time.ts"

/** The kinds of node on the canvas: colour, icon group and place in the palette go by it. */
export const Family = {
  entry: "entry",
  wait: "wait",
  decision: "decision",
  message: "message",
  exit: "exit",
} as const
export type Family = (typeof Family)[keyof typeof Family]

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

/**
 * One look at one node for one customer. `cause`: the customer has just arrived, or stands here and an event
 * came or the node's time has come. `now` (of the view) is when it should have been; `base` is the instant from
 * which a wait that begins here counts: the same, or the real time when the turn is more than five minutes late.
 */
export type Moment = View & {
  cause: "arrived" | "event" | "time"
  event: EventFact | undefined
  base: EpochMs
  arrivedAt: EpochMs
  wakeAt: EpochMs | undefined
  arrivals: { readonly [node: string]: EpochMs }
  enrollment: string
  node: string
  visit: number
}

/** What a node decides: leave by an outcome, stay until an instant or an event, or end the enrollment. */
export type Decision<Outcome extends string = string> =
  | { kind: "leave"; outcome: Outcome; because?: Because; error?: string; effect?: Effect }
  | { kind: "park"; wakeAt?: EpochMs }
  | { kind: "end"; reason: string }

/** What a check may know besides the configuration: the node's id, what has been seen, the entry's event. */
export type CheckContext = { node: string; knowledge: Knowledge; entryEvent?: string }

/**
 * A way out by which a customer may leave in the same turn as it arrives. `unlessThrough`: not when the path
 * has just passed that node. Cycles made only of such ways out would never end.
 */
export type Passage = { outcome: string; unlessThrough?: string }

/** Everything the model knows of one node type. Definitions are values; behaviour stands nowhere else. */
export type NodeTypeDefinition<
  Type extends string = string,
  Config = unknown,
  Outcome extends string = string,
> = {
  type: Type
  /** Of the configuration's shape; raised together with a named migration. */
  version: number
  family: Family
  /** Whether a customer may stay here; a cycle needs such a node. */
  waits: boolean
  /** Reads a configuration, fills defaults, and brings keys into the order of the text form. */
  schema: z.ZodType<Config>
  /** The configuration of a node that was just put down; parses, but may have problems. */
  defaults(): Config
  /** The named ways out, in the order of the canvas. */
  outcomes(config: Config): readonly Outcome[]
  describe(config: Config): Sentence
  check(config: Config, context: CheckContext): Problem[]
  needs(config: Config): Needs
  /** Names of the events that a customer standing here listens to. */
  listens(config: Config): readonly string[]
  passages(config: Config): readonly Passage[]
  /** Prepares the configuration once and returns the pure choice, asked at every moment of every customer. */
  decide(config: Config): (moment: Moment) => Decision<NoInfer<Outcome>>
}

/** Holds a definition to its type: decisions may name only declared outcomes. */
export function defineNodeType<const Type extends string, Config, const Outcome extends string>(
  definition: NodeTypeDefinition<Type, Config, Outcome>,
): NodeTypeDefinition<Type, Config, Outcome> {
  return definition
}
