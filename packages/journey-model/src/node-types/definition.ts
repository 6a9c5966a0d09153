import type * as z from "zod"
import type { Condition, Where } from "../conditions/condition.ts"
import type { Because, EventFact, Needs, View } from "../conditions/facts.ts"
import type { Json, JsonObject } from "../values/json.ts"
import type { ContextNames, Knowledge } from "../values/known.ts"
import type { Problem, Sentence } from "../values/problem.ts"
import type { EpochMs } from "../values/time.ts"

/** The kinds of node on the canvas: colour, icon group and place in the palette go by it. */
export const Family = {
  entry: "entry",
  wait: "wait",
  decision: "decision",
  message: "message",
  data: "data",
  exit: "exit",
} as const
export type Family = (typeof Family)[keyof typeof Family]

/** Where an effect comes from; `id` is hash(enrollment, node, visit), the idempotency key. */
type EffectOrigin = { id: string; enrollment: string; node: string; visit: number }

/** A message for the outbox; nobody waits for what becomes of it. */
export type SendMessage = EffectOrigin & {
  kind: "sendMessage"
  channel: "email"
  to: string
  /** Every value that the templates of the node read, frozen now: { profile: …, entry: …, context: … }. */
  values: JsonObject
}

/** A call to somebody else's service, filled in; the customer stays at the node until it is answered. */
export type CallWebhook = EffectOrigin & {
  kind: "callWebhook"
  request: { method: string; url: string; headers: { [name: string]: string }; body?: Json }
  /** How long one attempt may take. */
  timeoutMs: number
  /** How many attempts there are at most, the first included. */
  attempts: number
  /** What is kept of the answer: JSON Pointer into it, name in the enrollment's context. */
  save: readonly { from: string; to: string }[]
}

/** What is to be done in the world, as data. */
export type Effect = SendMessage | CallWebhook

/**
 * What became of an effect that a node waits for. `values`: what was kept of the answer, by name in the context.
 * `status`: the HTTP status, where there was an answer at all; `error`: why it failed.
 */
export type EffectAnswer = {
  outcome: "succeeded" | "failed"
  status?: number
  values?: JsonObject
  error?: string
}

/** The id of what a node asks for at one visit of an enrollment. */
export type EffectId = (enrollment: string, node: string, visit: number) => string

/**
 * One look at one node for one customer. `cause`: the customer has just arrived, or stands here and an event
 * came, the node's time has come, or its effect was answered. `now` (of the view) is when it should have been;
 * `base` is the instant from which a wait that begins here counts: the same, or the real time when the turn is
 * more than five minutes late.
 */
export type Moment = View & {
  cause: "arrived" | "event" | "time" | "effect"
  event: EventFact | undefined
  answer: EffectAnswer | undefined
  /** The journey's key. */
  journey: string
  base: EpochMs
  arrivedAt: EpochMs
  wakeAt: EpochMs | undefined
  arrivals: { readonly [node: string]: EpochMs }
  enrollment: string
  node: string
  visit: number
  effectId: EffectId
}

/**
 * What a node decides: leave by an outcome, stay until an instant, an event or an answer, or end the enrollment.
 * `traits`: attributes of the customer that change now, `null` removes; `context`: names that the enrollment keeps
 * from now on. Both are seen by every node after this one.
 */
export type Decision<Outcome extends string = string> =
  | {
      kind: "leave"
      outcome: Outcome
      because?: Because
      error?: string
      effect?: SendMessage
      traits?: JsonObject
      context?: JsonObject
    }
  | { kind: "park"; wakeAt?: EpochMs; effect?: CallWebhook }
  | { kind: "end"; reason: string }

/**
 * What a check may know besides the configuration: the node's id, what has been seen, the entry's event, and
 * whether a name of the context is set when a customer comes here.
 */
export type CheckContext = {
  node: string
  knowledge: Knowledge
  entryEvent?: string
  contextName?: ContextNames
}

/** What a configuration asks of customers, and of the events that it names. */
export type Asked = { conditions: readonly Condition[]; events: readonly { event: string; where?: Where }[] }

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
  /** Whether a customer may stay here. */
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
  /** Names of the context that are set when a customer leaves by one of the ways out. */
  sets?(config: Config): readonly { outcome: string; name: string }[]
  /** The conditions in it, where it has any. */
  asks?(config: Config): Asked
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
