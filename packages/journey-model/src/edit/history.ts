import * as z from "zod"
import type { Journey } from "../journey/document.ts"
import { parseJourney } from "../journey/parse.ts"
import type { Json } from "../values/json.ts"
import type { Sentence } from "../values/problem.ts"
import { safeParse } from "../values/safe-parse.ts"
import type { EpochMs } from "../values/time.ts"
import { applyOperation } from "./apply.ts"
import type { Operation } from "./operations.ts"

/**
 * One step of undo: what was done, in order. Changes of one `group` that follow within a second merge, so that
 * a typed word is one step. `at` comes in with the edit; the model reads no clock.
 */
export type Change = { label: Sentence; operations: Operation[]; at: EpochMs; group?: string }

/**
 * A journey with its past and future as an immutable value. `undo` holds what takes the last steps back, the
 * latest at the end; `redo` what brings undone ones again. Both keep the label of the step.
 */
export type History = { journey: Journey; undo: Change[]; redo: Change[]; limit: number; sealed?: true }

export type HistoryResult = { ok: true; value: History } | { ok: false; reason: Sentence }

const groupMs = 1000

/** Starts a history; it keeps the last `limit` steps, 500 unless told. */
export function createHistory(journey: Journey, options: { limit?: number } = {}): History {
  return { journey, undo: [], redo: [], limit: options.limit ?? 500 }
}

type Run = { ok: true; journey: Journey; inverse: Operation[] } | { ok: false; reason: Sentence }

/** Does operations in order, all or none; the inverse takes them back in the opposite order. */
export function applyOperations(journey: Journey, operations: readonly Operation[]): Run {
  let current = journey
  const inverse: Operation[] = []
  for (const operation of operations) {
    const applied = applyOperation(current, operation)
    if (!applied.ok) return applied
    current = applied.journey
    inverse.unshift(applied.inverse)
  }
  return { ok: true, journey: current, inverse }
}

const inverseOf = (change: Change, operations: Operation[]): Change => ({ ...change, operations })

const merges = (history: History, change: Change): boolean => {
  const last = history.undo[history.undo.length - 1]
  if (!last || history.sealed || change.group === undefined || last.group !== change.group) return false
  return change.at >= last.at && change.at - last.at <= groupMs
}

/** Does a change and remembers how to take it back; the redo steps are gone. */
export function applyChange(history: History, change: Change): HistoryResult {
  const run = applyOperations(history.journey, change.operations)
  if (!run.ok) return run
  const { journey, undo, limit } = history
  const last = undo[undo.length - 1]
  const past =
    last && merges(history, change)
      ? [...undo.slice(0, -1), inverseOf(change, [...run.inverse, ...last.operations])]
      : [...undo, inverseOf(change, run.inverse)]
  if (change.operations.length === 0) return { ok: true, value: { ...history, journey } }
  return { ok: true, value: { journey: run.journey, undo: past.slice(-limit), redo: [], limit } }
}

const step = (history: History, from: "undo" | "redo", to: "undo" | "redo"): History => {
  const change = history[from][history[from].length - 1]
  if (!change) return history
  const run = applyOperations(history.journey, change.operations)
  // Steps are the exact inverses of what was done, so they can fail only if the history was tampered with.
  if (!run.ok) throw new Error(`The history does not fit its journey: ${run.reason.id}`)
  return {
    journey: run.journey,
    undo: from === "undo" ? history.undo.slice(0, -1) : [...history.undo, inverseOf(change, run.inverse)],
    redo: to === "redo" ? [...history.redo, inverseOf(change, run.inverse)] : history.redo.slice(0, -1),
    limit: history.limit,
    sealed: true,
  }
}

/** Takes the last step back; with nothing to take back it is the same history. */
export function undo(history: History): History {
  return step(history, "undo", "redo")
}

/** Does the last undone step again. */
export function redo(history: History): History {
  return step(history, "redo", "undo")
}

/** The history as JSON, to be kept over a reload. */
export function historyToJson(history: History): Json {
  return JSON.parse(JSON.stringify(history)) as Json
}

const change = z.object({
  label: z.object({ id: z.string(), values: z.record(z.string(), z.unknown()) }),
  operations: z.array(z.looseObject({ op: z.string() })),
  at: z.number(),
  group: z.string().optional(),
})
const stored = z.object({
  journey: z.unknown(),
  undo: z.array(change),
  redo: z.array(change),
  limit: z.number().int().positive(),
})

/** Reads a kept history; undefined when it is none, or when its steps do not fit its journey. */
export function historyFromJson(input: unknown): History | undefined {
  const parsed = safeParse(stored, input)
  const journey = parsed.success ? parseJourney(parsed.data.journey) : undefined
  if (!parsed.success || !journey?.ok) return undefined
  const { undo: past, redo: future, limit } = parsed.data
  const history: History = {
    journey: journey.value,
    undo: past as Change[],
    redo: future as Change[],
    limit,
    sealed: true,
  }
  return fits(history) ? history : undefined
}

/** Whether every step can be taken back to the beginning, and done again to the end. */
const fits = (history: History): boolean => {
  try {
    let back = history
    while (back.undo.length > 0) back = undo(back)
    let forth = history
    while (forth.redo.length > 0) forth = redo(forth)
    return true
  } catch {
    return false
  }
}
