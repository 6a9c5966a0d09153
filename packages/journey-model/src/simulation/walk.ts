import type { Because, EventFact } from "../conditions/facts.ts"
import { renderEmail } from "../content/email.ts"
import { compile, type Program } from "../engine/compile.ts"
import { type Customer, type CustomerStimulus, type CustomerTurn, newCustomer } from "../engine/customer.ts"
import { CustomerDraft } from "../engine/draft.ts"
import { foldCustomer } from "../engine/fold.ts"
import type { NotAdmittedReason } from "../engine/types.ts"
import { buildWorld, type World } from "../engine/world.ts"
import type { Journey } from "../journey/document.ts"
import type { CallWebhook, EffectAnswer, SendMessage } from "../node-types/definition.ts"
import { answerOfStub, defaultStub, type WebhookStub } from "../node-types/webhook/answer.ts"
import type { JsonObject } from "../values/json.ts"
import type { Problem, Result } from "../values/problem.ts"
import { normaliseObject } from "../values/text.ts"
import type { EpochMs } from "../values/time.ts"

/** A message as the customer of the walk gets it; `error` instead of words where it cannot be rendered. */
export type WalkMessage = {
  at: EpochMs
  node: string
  visit: number
  to: string
  subject: string
  preheader?: string
  html: string
  text: string
  error?: string
}

/** A call that would have gone out, and what the stand-in answered. */
export type WalkCall = {
  at: EpochMs
  node: string
  visit: number
  request: CallWebhook["request"]
  answer: EffectAnswer
}

/** One thing that happened, in order; `message` is the index in `messages`, `call` the one in `calls`. */
export type WalkEntry =
  | { kind: "event"; at: EpochMs; name: string; properties: JsonObject }
  | { kind: "traits"; at: EpochMs; traits: JsonObject }
  | { kind: "entered"; at: EpochMs; node: string }
  | { kind: "not-admitted"; at: EpochMs; reason: NotAdmittedReason }
  | {
      kind: "step"
      at: EpochMs
      arrivedAt: EpochMs
      enrollment: string
      node: string
      visit: number
      outcome?: string
      ended?: string
      because?: Because
      error?: string
    }
  | { kind: "message"; at: EpochMs; node: string; message: number }
  | { kind: "call"; at: EpochMs; node: string; call: number }
  | { kind: "parked"; at: EpochMs; node: string; until?: EpochMs }
  | { kind: "ended"; at: EpochMs; node: string; reason: string }

/**
 * One customer walking through a draft, as an immutable value: every function below gives the next one, and
 * going back is taking an earlier one. Decided by the same fold as on the server; nothing can be sent.
 * `next`: when the customer's next wait ends by itself. `stub`: what answers the calls of webhooks, at once.
 */
export type Walk = {
  now: EpochMs
  customer: Customer
  log: readonly WalkEntry[]
  messages: readonly WalkMessage[]
  calls: readonly WalkCall[]
  stub: WebhookStub
  next?: EpochMs
  sent: number
  program: Program
  world: World
}

export type WalkStart = {
  journey: Journey
  workspace: string
  profile: { id: string; attributes: JsonObject }
  /** What the customer did before; it is looked back at, and starts nothing. */
  history?: readonly EventFact[]
  startAt: EpochMs
  /** What answers calls; absent: 200 with an empty object. */
  stub?: WebhookStub
}

const version = 1
const unsubscribeLink = "#unsubscribe"

/** Begins a walk; not ok with the problems when the journey could not be published either. */
export function startWalk({ journey, workspace, profile, history, startAt, stub }: WalkStart): Result<Walk> {
  const compiled = compile(journey)
  if (!compiled.ok) return compiled
  const program = compiled.value
  const world = buildWorld(workspace, [{ id: version, program, state: "running", admits: true }])
  const attributes = normaliseObject(profile.attributes)
  const valueTimes = Object.fromEntries(Object.keys(attributes).map(name => [name, startAt]))
  const draft = new CustomerDraft({ ...newCustomer(profile.id), attributes, valueTimes })
  for (const event of history ?? []) draft.takeEvent(event, world.needs.history.has(event.name))
  const problems: Problem[] = compiled.problems
  const walk: Walk = {
    now: startAt,
    customer: { ...draft.finish(), lastStimulusAt: startAt },
    log: [],
    messages: [],
    calls: [],
    stub: stub ?? defaultStub,
    sent: 0,
    program,
    world,
  }
  return { ok: true, value: walk, problems }
}

const render = (program: Program, effect: SendMessage, at: EpochMs): WalkMessage => {
  const { node, visit, to } = effect
  const content = program.nodes[program.index.get(node) ?? -1]?.content
  if (!content) throw new Error(`${node} has no content`)
  try {
    return { at, node, visit, to, ...renderEmail(content, effect.values, { unsubscribe: unsubscribeLink }) }
  } catch (cause) {
    const error = cause instanceof Error ? cause.message : String(cause)
    return { at, node, visit, to, subject: "", html: "", text: "", error }
  }
}

/**
 * Puts a turn into the log: steps in order, each message right behind the step that decided it, each call before
 * the step to which its answer led.
 */
const logTurn = (walk: Walk, turn: CustomerTurn): Pick<Walk, "log" | "messages" | "calls"> => {
  const log = [...walk.log]
  const messages = [...walk.messages]
  const calls = [...walk.calls]
  const asked = new Map(
    turn.effects.map(found => [`${found.effect.enrollment}.${found.effect.visit}`, found]),
  )
  const begun = new Set(turn.entered.map(open => open.enrollment.id))
  const standing = new Map(turn.touched.map(open => [open.enrollment.id, open.enrollment]))
  for (const { step } of turn.steps) {
    const { leftAt: at, ...visit } = step
    const { enrollment } = step
    if (visit.visit === 1 && begun.has(enrollment)) log.push({ kind: "entered", at, node: visit.node })
    const { effect, answer } = asked.get(`${enrollment}.${visit.visit}`) ?? {}
    if (effect?.kind === "callWebhook" && answer) {
      log.push({ kind: "call", at, node: visit.node, call: calls.length })
      calls.push({ at, node: visit.node, visit: visit.visit, request: effect.request, answer })
    }
    log.push({ kind: "step", at, ...visit })
    if (effect?.kind === "sendMessage") {
      log.push({ kind: "message", at, node: visit.node, message: messages.length })
      messages.push(render(walk.program, effect, at))
    }
    const after = standing.get(enrollment)
    if (after?.ended && after.visit === visit.visit) {
      log.push({ kind: "ended", at, node: visit.node, reason: after.ended.reason })
    } else if (after && !after.ended && after.visit === visit.visit + 1) {
      const parked: WalkEntry = { kind: "parked", at, node: after.node }
      log.push(after.wakeAt === undefined ? parked : { ...parked, until: after.wakeAt })
    }
  }
  for (const { reason } of turn.notAdmitted) {
    log.push({ kind: "not-admitted", at: turn.customer.lastStimulusAt, reason })
  }
  return { log, messages, calls }
}

const advance = (walk: Walk, stimuli: readonly CustomerStimulus[], timersUpTo?: EpochMs): Walk => {
  const turn = foldCustomer(walk.world, walk.customer, stimuli, {
    answer: call => answerOfStub(walk.stub, call),
    ...(timersUpTo === undefined ? {} : { timersUpTo }),
  })
  const { next: _, ...rest } = walk
  const wakes = turn.customer.enrollments.flatMap(({ enrollment }) => enrollment.wakeAt ?? [])
  return {
    ...rest,
    ...logTurn(walk, turn),
    now: Math.max(walk.now, timersUpTo ?? turn.customer.lastStimulusAt),
    customer: turn.customer,
    ...(wakes.length > 0 ? { next: Math.min(...wakes) } : {}),
  }
}

/** Other answers from now on. */
export function walkSetStub(walk: Walk, stub: WebhookStub): Walk {
  return { ...walk, stub }
}

/** The customer does something now. `messageId`: where it stands for an event that has one already. */
export function walkSend(
  walk: Walk,
  { name, properties, messageId }: { name: string; properties?: JsonObject; messageId?: string },
): Walk {
  const at = walk.now
  const sent = walk.sent + 1
  const event: EventFact = {
    name,
    at,
    properties: normaliseObject(properties ?? {}),
    messageId: messageId ?? `walk-${sent}`,
  }
  const entry: WalkEntry = { kind: "event", at, name, properties: event.properties }
  return advance({ ...walk, sent, log: [...walk.log, entry] }, [{ kind: "event", event, receivedAt: at }])
}

/** The customer's attributes change now; `null` removes one. */
export function walkSetTraits(walk: Walk, traits: JsonObject): Walk {
  const at = walk.now
  const entry: WalkEntry = { kind: "traits", at, traits }
  return advance({ ...walk, log: [...walk.log, entry] }, [
    { kind: "traits", traits: normaliseObject(traits), at },
  ])
}

/** Lets time pass until an instant; waits that end on the way are decided at their own instants. */
export function walkTo(walk: Walk, instant: EpochMs): Walk {
  return instant <= walk.now ? walk : advance(walk, [], instant)
}

/** Jumps to the instant at which the next wait ends by itself; the same walk when there is none. */
export function walkToNext(walk: Walk): Walk {
  return walk.next === undefined ? walk : advance(walk, [], Math.max(walk.now, walk.next))
}
