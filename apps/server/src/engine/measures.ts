import { assertNever, type ProgramNode, type Step } from "@viaggio/journey-model"

/**
 * What `counter_totals.measure` counts at a node. An outcome is its index in the node's list of outcomes, an
 * end is below zero (also in `steps.outcomes`), the rest starts at 1000.
 */
export const Measure = {
  entered: 1000,
  failed: 1001,
  notAdmittedReentry: 1010,
  notAdmittedAudience: 1011,
  notAdmittedTooOld: 1012,
  notAdmittedPaused: 1013,
  messagesQueued: 1100,
  messagesSent: 1101,
  messagesRefused: 1102,
  messagesBounced: 1103,
  messagesOpened: 1104,
  messagesClicked: 1105,
  messagesUnsubscribed: 1106,
} as const

export const notAdmittedMeasure = {
  reentry: Measure.notAdmittedReentry,
  audience: Measure.notAdmittedAudience,
  "too-old": Measure.notAdmittedTooOld,
  paused: Measure.notAdmittedPaused,
} as const

/** Ends that are the engine's own; -1 stands for the reason that the exit node names. */
const endCodes = {
  goal: -2,
  "exit-rule": -3,
  stopped: -4,
  merged: -5,
  "engine-error": -6,
} as const
export type EngineEnd = keyof typeof endCodes
const OWN_REASON = -1

/** The number that stands for a step's outcome or end in the log and in the counters. */
export const codeOfStep = (node: ProgramNode, step: Step): number => {
  if (step.outcome !== undefined) {
    const index = node.outcomes.indexOf(step.outcome)
    if (index < 0) throw new Error(`node ${node.id} has no outcome ${step.outcome}`)
    return index
  }
  if (step.ended === undefined) throw new Error(`a step of ${node.id} has neither outcome nor end`)
  return node.type === "exit" && !(step.ended in endCodes) ? OWN_REASON : codeOfEnd(step.ended as EngineEnd)
}

export const codeOfEnd = (end: EngineEnd): number => endCodes[end]

/** Every number that stands for an end. */
export const allEndCodes: readonly number[] = [OWN_REASON, ...Object.values(endCodes)]

/** The end that a code below zero stands for, at a node. */
export const endOfCode = (node: ProgramNode | undefined, code: number): string => {
  if (code === OWN_REASON) return String((node?.config as { reason?: unknown })?.reason ?? "exit")
  for (const [end, known] of Object.entries(endCodes)) if (known === code) return end
  return assertNever(code as never)
}
