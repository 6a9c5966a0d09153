import { assertNever } from "../values/assert-never.ts"
import { parseDuration } from "../values/duration.ts"
import type { Json, Scalar } from "../values/json.ts"
import { readSegments, splitPath } from "../values/path.ts"
import { toNfc } from "../values/text.ts"
import { parseDateOrInstant } from "../values/time.ts"
import type { Comparison, Operand } from "./condition.ts"
import type { View } from "./facts.ts"

/** Whether one value passes a comparison; missing values and wrong types do not (except for `missing`). */
export type Compare = (value: Json | undefined, view: View) => boolean

type Reader = (view: View) => Json | undefined

/** Prepares a reference such as `entry.properties.cart_id`; one that names nothing readable is always missing. */
export function compileRef(ref: string): Reader {
  const [root, ...segments] = splitPath(ref)
  if (segments.length === 0) return () => undefined
  switch (root) {
    case "profile":
      return view => readSegments(view.attributes, segments)
    case "context":
      return view => readSegments(view.context, segments)
    case "entry": {
      const [field, ...path] = segments
      if (field === "name" && path.length === 0) return view => view.entry.name
      if (field === "at" && path.length === 0) return view => new Date(view.entry.at).toISOString()
      if (field === "properties" && path.length > 0) return view => readSegments(view.entry.properties, path)
      return () => undefined
    }
    default:
      return () => undefined
  }
}

const normalised = (value: Scalar): Scalar => (typeof value === "string" ? toNfc(value) : value)

const isScalar = (value: Json | undefined): value is Scalar =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean"

/** Equal in type and value, text by NFC, lists element by element; objects and null equal nothing. */
const same = (a: Json | undefined, b: Json | undefined): boolean => {
  if (typeof a === "string") return typeof b === "string" && (a === b || toNfc(a) === toNfc(b))
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => same(item, b[index]))
  }
  return isScalar(a) && a === b
}

type Pair = (value: Json, operand: Json) => boolean

const texts =
  (compare: (value: string, operand: string) => boolean): Pair =>
  (value, operand) =>
    typeof value === "string" && typeof operand === "string" && compare(toNfc(value), toNfc(operand))

const numbers =
  (compare: (value: number, operand: number) => boolean): Pair =>
  (value, operand) =>
    typeof value === "number" && typeof operand === "number" && compare(value, operand)

const dates =
  (compare: (value: number, operand: number) => boolean): Pair =>
  (value, operand) => {
    if (typeof value !== "string" || typeof operand !== "string") return false
    const left = parseDateOrInstant(value)
    const right = parseDateOrInstant(operand)
    return left !== undefined && right !== undefined && compare(left, right)
  }

const pairs = {
  equals: same,
  contains: texts((value, operand) => value.includes(operand)),
  "starts-with": texts((value, operand) => value.startsWith(operand)),
  "ends-with": texts((value, operand) => value.endsWith(operand)),
  greater: numbers((value, operand) => value > operand),
  "at-least": numbers((value, operand) => value >= operand),
  less: numbers((value, operand) => value < operand),
  "at-most": numbers((value, operand) => value <= operand),
  before: dates((value, operand) => value < operand),
  after: dates((value, operand) => value > operand),
  includes: (value, operand) =>
    Array.isArray(value) && isScalar(operand) && value.some(item => same(item, operand)),
} as const satisfies { [is: string]: Pair }

const isMissing = (value: Json | undefined): value is null | undefined =>
  value === undefined || value === null

/** Prepares an operand: a constant in its normal form, or how to read what a reference names. */
export const compileOperand = (operand: Operand): { constant: Json } | { read: Reader } => {
  if (typeof operand !== "object") return { constant: normalised(operand) }
  return Array.isArray(operand) ? { constant: operand.map(normalised) } : { read: compileRef(operand.ref) }
}

/** Prepares a comparison: operands normalised, references split, durations and dates read once. */
export function compileComparison(comparison: Comparison): Compare {
  switch (comparison.is) {
    case "exists":
      return value => !isMissing(value)
    case "missing":
      return isMissing
    case "one-of": {
      const wanted = new Set(comparison.value.map(normalised))
      return value => isScalar(value) && wanted.has(normalised(value))
    }
    case "within-last":
    case "within-next": {
      const spanMs = parseDuration(comparison.value) ?? 0
      const inside = instantWithin(comparison.is, spanMs)
      return (value, view) => {
        const instant = typeof value === "string" ? parseDateOrInstant(value) : undefined
        return instant !== undefined && inside(instant, view.now)
      }
    }
    case "before":
    case "after": {
      // The usual date operand is a constant: read it once, not at every customer.
      const operand = compileOperand(comparison.value)
      if ("constant" in operand && typeof operand.constant === "string") {
        const bound = parseDateOrInstant(operand.constant)
        if (bound === undefined) return () => false
        const before = comparison.is === "before"
        return value => {
          const instant = typeof value === "string" ? parseDateOrInstant(value) : undefined
          return instant !== undefined && (before ? instant < bound : instant > bound)
        }
      }
      return comparePairs(pairs[comparison.is], operand)
    }
    case "equals":
    case "contains":
    case "starts-with":
    case "ends-with":
    case "greater":
    case "at-least":
    case "less":
    case "at-most":
    case "includes":
      return comparePairs(pairs[comparison.is], compileOperand(comparison.value))
    default:
      return assertNever(comparison)
  }
}

const comparePairs = (pair: Pair, operand: ReturnType<typeof compileOperand>): Compare => {
  if ("constant" in operand) {
    const { constant } = operand
    return value => !isMissing(value) && pair(value, constant)
  }
  const { read } = operand
  return (value, view) => {
    if (isMissing(value)) return false
    const other = read(view)
    return !isMissing(other) && pair(value, other)
  }
}

/**
 * Whether an instant lies in the span before or after now: now − span < instant ≤ now, and
 * now < instant ≤ now + span, so that no instant is in both.
 */
export function instantWithin(
  is: "within-last" | "within-next",
  spanMs: number,
): (instant: number, now: number) => boolean {
  return is === "within-last"
    ? (instant, now) => now - spanMs < instant && instant <= now
    : (instant, now) => now < instant && instant <= now + spanMs
}
