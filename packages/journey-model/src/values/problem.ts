import type { Json, JsonObject } from "./json.ts"
import {
  type ProblemId,
  type ProblemWord,
  problemCatalogue,
  problemWords,
  type Severity,
} from "./problem-catalogue.ts"

/**
 * Something wrong with a journey, said where it is. `id` is stable and names the entry of the message
 * catalogue; `text` is the English sentence for machines and logs; `at` is a JSON Pointer into the node's
 * config (or into the document when there is no node).
 */
export type Problem = {
  id: string
  severity: Severity
  node?: string
  outcome?: string
  at?: string
  text: string
  values: JsonObject
}

/** A result that is either a value or the problems that stand in its way; misuse throws, bad input does not. */
export type Result<T> = { ok: true; value: T; problems: Problem[] } | { ok: false; problems: Problem[] }

/** A message id of the catalogue with the values it needs; words live outside the model. */
export type Sentence = { id: string; values: JsonObject }

/** Where a problem is, and a severity when it is not the ordinary one. */
export type Place = { node?: string; outcome?: string; at?: string; severity?: Severity }

/** A word of a problem's values, as a sentence of its own. */
export function word(id: ProblemWord): Sentence {
  return { id, values: {} }
}

const isWord = (id: Json | undefined): id is ProblemWord =>
  typeof id === "string" && Object.hasOwn(problemWords, id)

const inWords = (value: Json | undefined): string => {
  if (Array.isArray(value)) return value.map(inWords).join(" → ")
  if (typeof value === "object" && value !== null && isWord(value.id)) return problemWords[value.id]
  return typeof value === "string" ? value : JSON.stringify(value ?? "")
}

/** Makes a problem of the catalogue; the English text is filled in from it. */
export function problem(id: ProblemId, place: Place, values: JsonObject = {}): Problem {
  const [severity, template] = problemCatalogue[id]
  const made: Problem = {
    id,
    severity: place.severity ?? severity,
    text: template.replace(/\{(\w+)\}/g, (_, name: string) => inWords(values[name])),
    values,
  }
  if (place.node !== undefined) made.node = place.node
  if (place.outcome !== undefined) made.outcome = place.outcome
  if (place.at !== undefined) made.at = place.at
  return made
}

/** Whether any of them refuses a publish. */
export function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some(found => found.severity === "error")
}

export function ok<T>(value: T, problems: Problem[] = []): Result<T> {
  return { ok: true, value, problems }
}

export function sentence(id: string, values: JsonObject = {}): Sentence {
  return { id, values }
}
