import type { Json } from "./json.ts"

const deepest = 64

/** Why an input is no JSON that a journey could hold. */
export class NotJson extends Error {}

/**
 * A copy of an unknown input as plain JSON, decoupled from its source: `undefined` members go, −0 becomes 0,
 * so that equal documents print equally. Throws {@link NotJson} for functions, non-finite numbers and nesting
 * past 64 levels, which keeps everything that recurses over a document safe.
 */
export function cleanJson(input: unknown, depth = 0): Json {
  if (depth > deepest) throw new NotJson("nested too deeply")
  if (input === null || typeof input === "string" || typeof input === "boolean") return input
  if (typeof input === "number") {
    if (!Number.isFinite(input)) throw new NotJson("a number that is not finite")
    return input + 0
  }
  if (Array.isArray(input)) return input.map(item => cleanJson(item, depth + 1))
  if (typeof input !== "object") throw new NotJson(`a ${typeof input}`)
  const copy: { [key: string]: Json } = {}
  for (const [key, value] of Object.entries(input)) {
    if (value !== undefined && key !== "__proto__") copy[key] = cleanJson(value, depth + 1)
  }
  return copy
}
