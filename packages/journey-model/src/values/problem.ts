import type { JsonObject } from "./json.ts"

/** How much a problem matters: an error refuses a publish, a warning and a hint do not. */
export type Severity = "error" | "warning" | "hint"

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
