import type { Facts } from "../conditions/facts.ts"
import type { Decision, Effect, EffectId, Moment } from "../node-types/definition.ts"
import { hashId } from "../values/hash.ts"
import type { Json, JsonObject } from "../values/json.ts"
import type { EpochMs } from "../values/time.ts"
import { endOfPath, type Program, type ProgramNode } from "./compile.ts"
import type { Enrollment, Step, Stimulus, Turn } from "./types.ts"

/** A turn may pass this many nodes; compile refuses cycles without a park, so more is a fault of ours. */
export const mostNodesPerTurn = 256

/** Past this a turn counts as late, and a wait that begins in it counts from the real time. */
const lateMs = 5 * 60_000

const noSteps: Step[] = []
const noEffects: Effect[] = []

/** What is asked for at a visit is called by this: the idempotency key from the step to the provider. */
const hashEffectId: EffectId = (enrollment, node, visit) => hashId(enrollment, node, String(visit))

/**
 * `hold`: the version is paused, so the enrollment stops on arrival at the next node, to be decided when it is woken.
 * `effectId`: what effects are called, where a hash is too dear for ids that nobody keeps.
 */
export type StepOptions = { hold?: boolean; effectId?: EffectId }

const unchanged = (enrollment: Enrollment): Turn => ({ enrollment, effects: noEffects, steps: noSteps })

/** How the node is asked, or undefined when the stimulus does not concern this enrollment. */
const causeOf = (
  enrollment: Enrollment,
  stimulus: Exclude<Stimulus, { kind: "removed" }>,
  node: ProgramNode,
  effectId: EffectId,
): Moment["cause"] | undefined => {
  switch (stimulus.kind) {
    case "entered":
      return "arrived"
    case "event":
      return !enrollment.held && node.waitsFor.has(stimulus.event.name) ? "event" : undefined
    case "time":
      if (enrollment.wakeAt === undefined || enrollment.wakeAt > stimulus.at) return undefined
      return enrollment.held ? "arrived" : "time"
    case "effect": {
      // The id is of one visit, so an answer to somebody who has gone on, or has not asked yet, fits nobody.
      const { id, visit, held } = enrollment
      return !held && effectId(id, node.id, visit) === stimulus.effect ? "effect" : undefined
    }
  }
}

type Standing = {
  node: ProgramNode
  visit: number
  arrivedAt: EpochMs
  arrivals: Enrollment["arrivals"]
  context: JsonObject
  wakeAt?: EpochMs | undefined
  held?: boolean
  ended?: { reason: string; at: EpochMs }
}

const enrollmentAt = (from: Enrollment, standing: Standing): Enrollment => {
  const enrollment: Enrollment = {
    id: from.id,
    node: standing.node.id,
    visit: standing.visit,
    enteredAt: from.enteredAt,
    arrivedAt: standing.arrivedAt,
    entry: from.entry,
    arrivals: standing.arrivals,
    context: standing.context,
  }
  if (from.drawnFor !== undefined) enrollment.drawnFor = from.drawnFor
  if (standing.wakeAt !== undefined) enrollment.wakeAt = standing.wakeAt
  if (standing.held) enrollment.held = true
  if (standing.ended) enrollment.ended = standing.ended
  return enrollment
}

const leavingStep = (
  from: Enrollment,
  { node, visit, arrivedAt }: Standing,
  at: EpochMs,
  decision: Extract<Decision, { kind: "leave" }>,
): Step => {
  const step: Step = {
    enrollment: from.id,
    visit,
    node: node.id,
    outcome: decision.outcome,
    arrivedAt,
    leftAt: at,
  }
  if (decision.because) step.because = decision.because
  if (decision.error !== undefined) step.error = decision.error
  return step
}

const endingStep = (
  from: Enrollment,
  { node, visit, arrivedAt }: Standing,
  at: EpochMs,
  ended: string,
  error?: string,
): Step => {
  const step: Step = { enrollment: from.id, visit, node: node.id, ended, arrivedAt, leftAt: at }
  if (error !== undefined) step.error = error
  return step
}

const arrive = (standing: Standing, node: ProgramNode, at: EpochMs): void => {
  standing.node = node
  standing.visit++
  standing.arrivedAt = at
  if (node.tracked) standing.arrivals = { ...standing.arrivals, [node.id]: at }
}

/** The attributes as they are after a change of some; `null` removes one. */
const changedBy = (attributes: JsonObject, traits: JsonObject): JsonObject => {
  const changed = { ...attributes }
  for (const name of Object.keys(traits)) {
    const value = traits[name] as Json
    if (value === null) delete changed[name]
    else changed[name] = value
  }
  return changed
}

/**
 * One turn: moves an enrollment from a stimulus until it parks or ends, and says what is to be done. Pure: the
 * same program, enrollment, stimulus and facts give the same turn everywhere. Decisions and look-backs use the
 * stimulus' `at`; a wait that begins counts from `now` when the turn is more than five minutes late. A stimulus
 * that does not concern the enrollment gives back that very enrollment.
 */
export function step(
  program: Program,
  enrollment: Enrollment,
  stimulus: Stimulus,
  facts: Facts,
  { hold = false, effectId = hashEffectId }: StepOptions = {},
): Turn {
  const start = program.nodes[program.index.get(enrollment.node) ?? -1]
  if (!start) throw new Error(`The version has no node ${enrollment.node}`)
  if (enrollment.ended) return unchanged(enrollment)
  const { at } = stimulus
  const standing: Standing = {
    node: start,
    visit: enrollment.visit,
    arrivedAt: enrollment.arrivedAt,
    arrivals: enrollment.arrivals,
    context: enrollment.context,
  }
  let traits: JsonObject | undefined
  const steps: Step[] = []
  const effects: Effect[] = []
  const turn = (): Turn => {
    const result: Turn = { enrollment: enrollmentAt(enrollment, standing), effects, steps }
    if (traits) result.traits = traits
    return result
  }
  const end = (reason: string): Turn => {
    standing.ended = { reason, at }
    return turn()
  }

  if (stimulus.kind === "removed") {
    steps.push(endingStep(enrollment, standing, at, stimulus.reason, stimulus.error))
    return end(stimulus.reason)
  }
  const cause = causeOf(enrollment, stimulus, start, effectId)
  if (cause === undefined) return unchanged(enrollment)
  if (stimulus.kind === "entered" && start.tracked)
    standing.arrivals = { ...standing.arrivals, [start.id]: at }

  const moment: Moment = {
    customer: enrollment.drawnFor ?? facts.customer,
    journey: program.key,
    attributes: facts.attributes,
    digest: facts.digest,
    events: facts.events,
    now: at,
    entry: enrollment.entry,
    enteredAt: enrollment.enteredAt,
    context: enrollment.context,
    cause,
    event: stimulus.kind === "event" ? stimulus.event : undefined,
    answer: stimulus.kind === "effect" ? stimulus.answer : undefined,
    base: stimulus.now - at > lateMs ? stimulus.now : at,
    arrivedAt: standing.arrivedAt,
    wakeAt: enrollment.wakeAt,
    arrivals: standing.arrivals,
    enrollment: enrollment.id,
    node: start.id,
    visit: standing.visit,
    effectId,
  }

  for (let passed = 0; passed < mostNodesPerTurn; passed++) {
    const { node } = standing
    const decision = node.decide(moment)
    switch (decision.kind) {
      case "park":
        // An event that fits no branch leaves everything as it was.
        if (moment.cause === "event") return unchanged(enrollment)
        standing.wakeAt = decision.wakeAt
        if (decision.effect) effects.push(decision.effect)
        return turn()
      case "end":
        steps.push(endingStep(enrollment, standing, at, decision.reason))
        return end(decision.reason)
      case "leave": {
        steps.push(leavingStep(enrollment, standing, at, decision))
        if (decision.effect) effects.push(decision.effect)
        if (decision.context) {
          standing.context = { ...standing.context, ...decision.context }
          moment.context = standing.context
        }
        if (decision.traits) {
          traits = { ...traits, ...decision.traits }
          moment.attributes = changedBy(moment.attributes, decision.traits)
        }
        const target = node.targets[node.outcomes.indexOf(decision.outcome)] ?? endOfPath
        const next = program.nodes[target]
        if (!next) return end("end-of-path")
        arrive(standing, next, at)
        if (hold) {
          standing.wakeAt = at
          standing.held = true
          return turn()
        }
        moment.cause = "arrived"
        moment.event = undefined
        moment.answer = undefined
        moment.wakeAt = undefined
        moment.arrivedAt = at
        moment.arrivals = standing.arrivals
        moment.node = next.id
        moment.visit = standing.visit
      }
    }
  }
  const error = `more than ${mostNodesPerTurn} nodes in one turn`
  steps.push(endingStep(enrollment, standing, at, "engine-error", error))
  return end("engine-error")
}
