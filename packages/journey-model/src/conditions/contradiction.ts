import type { Json, Scalar } from "../values/json.ts"
import { parseDateOrInstant } from "../values/time.ts"
import { compileComparison } from "./compare.ts"
import type { Comparison, Condition } from "./condition.ts"
import type { View } from "./facts.ts"
import { type Conjunction, type Literal, subjectOf, waysOfAll } from "./literals.ts"

type Demand = { comparison: Comparison; holds: boolean }
type Count = { atLeast: number; atMost: number; holds: boolean }

/** Constant operands need no customer to be compared. */
const isConstant = (comparison: Comparison): boolean => {
  if (comparison.is === "within-last" || comparison.is === "within-next") return false
  if (!("value" in comparison)) return true
  return typeof comparison.value !== "object" || Array.isArray(comparison.value)
}

const noView = {} as View

const fits = (value: Json | undefined, { comparison, holds }: Demand): boolean =>
  !isConstant(comparison) || compileComparison(comparison)(value, noView) === holds

/** The one type that a value must have for the comparison to hold; dates are text. */
const typeFor = ({ is }: Comparison): string | undefined => {
  switch (is) {
    case "contains":
    case "starts-with":
    case "ends-with":
    case "before":
    case "after":
    case "within-last":
    case "within-next":
      return "text"
    case "greater":
    case "at-least":
    case "less":
    case "at-most":
      return "number"
    case "includes":
      return "list"
    default:
      return undefined
  }
}

/** The few values that are left when one or more are named outright. */
const namedValues = (wanted: readonly Demand[]): Json[] | undefined => {
  for (const { comparison } of wanted) {
    if (!isConstant(comparison)) continue
    if (comparison.is === "equals") return [comparison.value as Json]
    if (comparison.is === "one-of") return comparison.value
  }
  return undefined
}

type Bound = { at: number; open: boolean }

const numberOf = (comparison: Comparison): number | undefined => {
  const value = "value" in comparison ? (comparison.value as Scalar) : undefined
  if (comparison.is === "before" || comparison.is === "after") {
    return typeof value === "string" ? parseDateOrInstant(value) : undefined
  }
  return typeof value === "number" ? value : undefined
}

/** Whether lower and upper bounds leave nothing between them. Not-greater is at-most once it is a number. */
const boundsCross = (
  demands: readonly Demand[],
  lower: readonly string[],
  upper: readonly string[],
): boolean => {
  let low: Bound = { at: Number.NEGATIVE_INFINITY, open: false }
  let high: Bound = { at: Number.POSITIVE_INFINITY, open: false }
  for (const { comparison, holds } of demands) {
    const at = isConstant(comparison) ? numberOf(comparison) : undefined
    if (at === undefined) continue
    const isLower = lower.includes(comparison.is)
    if (!isLower && !upper.includes(comparison.is)) continue
    const strict = comparison.is === "greater" || comparison.is === "less" || !comparison.is.startsWith("at-")
    const bound = { at, open: strict === holds }
    if (isLower === holds) {
      if (at > low.at || (at === low.at && bound.open)) low = bound
    } else if (at < high.at || (at === high.at && bound.open)) high = bound
  }
  return low.at > high.at || (low.at === high.at && (low.open || high.open))
}

const valueContradicts = (demands: readonly Demand[]): boolean => {
  const isMissing = ({ comparison, holds }: Demand) =>
    comparison.is === "missing" ? holds : comparison.is === "exists" && !holds
  const wanted = demands.filter(demand => demand.holds && demand.comparison.is !== "missing")
  const present =
    wanted.length > 0 || demands.some(({ comparison, holds }) => comparison.is === "missing" && !holds)
  if (demands.some(isMissing)) return present
  if (!present) return false
  const said = new Set(wanted.map(({ comparison }) => JSON.stringify(comparison)))
  if (demands.some(({ comparison, holds }) => !holds && said.has(JSON.stringify(comparison)))) return true
  const named = namedValues(wanted)
  if (named) return !named.some(value => demands.every(demand => fits(value, demand)))
  const types = new Set(
    wanted.map(({ comparison }) => typeFor(comparison)).filter(type => type !== undefined),
  )
  if (types.size > 1) return true
  if (types.has("number")) return boundsCross(demands, ["greater", "at-least"], ["less", "at-most"])
  const dates = demands.filter(({ holds, comparison }) => holds || !isConstant(comparison))
  return types.has("text") && boundsCross(dates, ["after"], ["before"])
}

const countContradicts = (counts: readonly Count[]): boolean => {
  const wanted = counts.filter(count => count.holds)
  const atLeast = Math.max(0, ...wanted.map(count => count.atLeast))
  const atMost = Math.min(Number.POSITIVE_INFINITY, ...wanted.map(count => count.atMost))
  if (atLeast > atMost) return true
  return counts.some(count => !count.holds && count.atLeast <= atLeast && count.atMost >= atMost)
}

const contradicts = (literals: readonly Literal[]): boolean => {
  const counts: Count[] = []
  const demands: Demand[] = []
  for (const { leaf, holds } of literals) {
    if (leaf.kind === "event-count") {
      const { atLeast = 0, atMost = Number.POSITIVE_INFINITY } = leaf
      counts.push({ atLeast, atMost, holds })
    } else {
      const { kind: _, ...rest } = leaf
      demands.push({ comparison: rest as Comparison, holds })
    }
  }
  return counts.length > 0 ? countContradicts(counts) : valueContradicts(demands)
}

const isImpossible = (way: Conjunction): boolean => {
  const bySubject = new Map<string, Literal[]>()
  for (const literal of way) {
    const subject = subjectOf(literal.leaf)
    const present = bySubject.get(subject)
    if (present) present.push(literal)
    else bySubject.set(subject, [literal])
  }
  return [...bySubject.values()].some(contradicts)
}

/**
 * Whether the demands can certainly never be met together. Sound, not complete: what it calls impossible is;
 * patterns of text, references and spans of time it takes to be possible, and so whatever it cannot look through.
 */
export function isContradiction(demands: readonly { condition: Condition; holds: boolean }[]): boolean {
  return waysOfAll(demands)?.every(isImpossible) ?? false
}
