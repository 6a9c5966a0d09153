import type { Json } from "../values/json.ts"
import { type ContextNames, type Knowledge, type KnownType, toKnownType } from "../values/known.ts"
import { nearestName } from "../values/nearest.ts"
import { splitPath } from "../values/path.ts"
import { type Problem, problem, word } from "../values/problem.ts"
import type { ProblemWord } from "../values/problem-catalogue.ts"
import { parseDateOrInstant } from "../values/time.ts"
import { compileRef } from "./compare.ts"
import type { Comparison, Condition, Operand, Where } from "./condition.ts"

/** Where a condition stands, what its `entry` properties belong to, and what the workspace has seen. */
export type ConditionPlace = {
  node: string
  at: string
  knowledge: Knowledge
  entryEvent?: string
  contextName?: ContextNames
}

export const deepestCondition = 8

const depthOf = (condition: Condition | Where): number => {
  switch (condition.kind) {
    case "all":
    case "any":
      return 1 + condition.of.reduce((deepest, part) => Math.max(deepest, depthOf(part)), 0)
    case "not":
      return 1 + depthOf(condition.of)
    case "event-count":
      return 1 + (condition.where ? depthOf(condition.where) : 0)
    default:
      return 1
  }
}

const typeOf = (value: Json): KnownType => {
  if (typeof value === "string") return "text"
  if (typeof value === "number") return "number"
  if (typeof value === "boolean") return "boolean"
  return Array.isArray(value) ? "list" : "object"
}

/** What a comparison needs of its operand, and what it so asks of the value. */
const needed: { [is: string]: "text" | "number" | "date" } = {
  contains: "text",
  "starts-with": "text",
  "ends-with": "text",
  greater: "number",
  "at-least": "number",
  less: "number",
  "at-most": "number",
  before: "date",
  after: "date",
}

const isRef = (operand: Operand | undefined): operand is { ref: string } =>
  typeof operand === "object" && !Array.isArray(operand)

/** A constant operand of a type that the comparison can never accept. */
const wrongOperand = (comparison: Comparison): ProblemWord | undefined => {
  if (!("value" in comparison) || isRef(comparison.value)) return undefined
  const { is, value } = comparison
  if (is === "includes") return Array.isArray(value) ? "word.single" : undefined
  const type = needed[is]
  if (type === "date") {
    return typeof value === "string" && parseDateOrInstant(value) !== undefined ? undefined : "word.date"
  }
  if (type === "text") return typeof value === "string" ? undefined : "word.text"
  return type === "number" && typeof value !== "number" ? "word.number" : undefined
}

/** The type that a value must have for the comparison ever to hold, where there is just one. */
const wantedType = (comparison: Comparison): KnownType | undefined => {
  if (!("value" in comparison) || isRef(comparison.value)) return undefined
  const { is, value } = comparison
  if (is === "equals") return typeOf(value)
  if (is === "one-of") {
    const types = new Set((value as Json[]).map(typeOf))
    return types.size === 1 ? [...types][0] : undefined
  }
  if (is === "includes") return "list"
  if (is === "within-last" || is === "within-next") return "date"
  return needed[is]
}

const compatible = (known: KnownType, wanted: KnownType): boolean =>
  known === wanted ||
  known === "mixed" ||
  (wanted === "text" && known === "date") ||
  (wanted === "date" && known === "text")

const checkComparison = (
  comparison: Comparison,
  subject: { path: string; known: KnownType | undefined },
  place: ConditionPlace,
): Problem[] => {
  const found: Problem[] = []
  const at = { node: place.node, at: `${place.at}/value` }
  if ("value" in comparison && isRef(comparison.value)) found.push(...checkRef(comparison.value.ref, place))
  const expected = wrongOperand(comparison)
  const value = "value" in comparison ? (comparison.value as Json) : ""
  if (expected !== undefined) {
    const values = { path: subject.path, value, expected: word(expected) }
    found.push(problem("comparison-wrong-type", at, values))
    return found
  }
  const wanted = wantedType(comparison)
  if (subject.known !== undefined && wanted !== undefined && !compatible(subject.known, wanted)) {
    const values = {
      path: subject.path,
      known: word(`word.${subject.known}`),
      given: word(`word.${wanted}`),
      value,
    }
    found.push(problem("type-mismatch", at, values))
  }
  return found
}

/** What is wrong with the use of a path of the context: nothing sets its name, or not on every way here. */
export function checkContextPath(path: string, { node, at, contextName }: ConditionPlace): Problem[] {
  const [name = ""] = splitPath(path)
  const missing = contextName ? contextName(name) : { never: true as const }
  if (!missing) return []
  if ("never" in missing) return [problem("context-never-set", { node, at }, { path })]
  return [problem("context-not-on-every-path", { node, at }, { name: path, path: missing.path })]
}

/** Whether the reference of an operand, which stands under `value`, names something that can be there. */
export function checkRef(ref: string, place: ConditionPlace): Problem[] {
  const at = { node: place.node, at: `${place.at}/value/ref` }
  if (/^context\.(?!$)/.test(ref)) {
    return checkContextPath(ref.slice("context.".length), { ...place, at: at.at })
  }
  const named = /^(?:profile\.(?!$)|entry\.properties\.(?!$)|entry\.(?:name|at)$)/.test(ref)
  return named && compileRef(ref) ? [] : [problem("ref-unknown", at, { ref })]
}

/** What is known of a path: nothing, never seen, or its type. A path below a known object is taken as known. */
const lookUp = (
  known: { [path: string]: string } | undefined,
  path: string,
): { never: boolean; type?: KnownType } => {
  if (!known) return { never: false }
  const type = Object.hasOwn(known, path) ? known[path] : undefined
  if (type !== undefined) return { never: false, type: toKnownType(type) }
  const parent = path.split(".").slice(0, -1)
  while (parent.length > 0) {
    if (Object.hasOwn(known, parent.join("."))) return { never: false }
    parent.pop()
  }
  return { never: true }
}

type Spot = { node: string; at: string }

/** An attribute that nobody has seen: a new one, or another one mistyped. */
export function unseenAttribute(attribute: string, at: Spot, known: readonly string[]): Problem {
  const meant = nearestName(attribute, known)
  return meant === undefined
    ? problem("attribute-never-seen", at, { attribute })
    : problem("attribute-mistyped", at, { attribute, meant })
}

/** The same of a property of an event. */
export function unseenProperty(property: string, event: string, at: Spot, known: readonly string[]): Problem {
  const meant = nearestName(property, known)
  return meant === undefined
    ? problem("property-never-seen", at, { event, property })
    : problem("property-mistyped", at, { event, property, meant })
}

const checkProperty = (
  leaf: { path: string } & Comparison,
  event: string | undefined,
  place: ConditionPlace,
): Problem[] => {
  const at = { node: place.node, at: `${place.at}/path` }
  if (leaf.path === "") return [problem("attribute-missing", at)]
  const known = event === undefined ? undefined : place.knowledge.events?.[event]?.properties
  const { never, type } = lookUp(known, leaf.path)
  const found = never ? [unseenProperty(leaf.path, event ?? "", at, Object.keys(known ?? {}))] : []
  return [...found, ...checkComparison(leaf, { path: leaf.path, known: type }, place)]
}

const checkAttribute = (leaf: { path: string } & Comparison, place: ConditionPlace): Problem[] => {
  const at = { node: place.node, at: `${place.at}/path` }
  if (leaf.path === "") return [problem("attribute-missing", at)]
  const { never, type } = lookUp(place.knowledge.attributes, leaf.path)
  const found = never ? [unseenAttribute(leaf.path, at, Object.keys(place.knowledge.attributes ?? {}))] : []
  return [...found, ...checkComparison(leaf, { path: leaf.path, known: type }, place)]
}

/** Whether an event is named, and has been seen. */
export function checkEventName(
  event: string,
  place: { node: string; at: string },
  knowledge: Knowledge,
): Problem[] {
  if (event === "") return [problem("event-missing", place)]
  const { events } = knowledge
  if (!events || Object.hasOwn(events, event)) return []
  const meant = nearestName(event, Object.keys(events))
  return [
    meant === undefined
      ? problem("event-never-seen", place, { event })
      : problem("event-mistyped", place, { event, meant }),
  ]
}

const checkDepth = (condition: Condition | Where, place: ConditionPlace): Problem[] => {
  const depth = depthOf(condition)
  if (depth <= deepestCondition) return []
  return [
    problem("condition-too-deep", { node: place.node, at: place.at }, { depth, limit: deepestCondition }),
  ]
}

const under = (place: ConditionPlace, ...path: (string | number)[]): ConditionPlace => ({
  ...place,
  at: `${place.at}/${path.join("/")}`,
})

const checkGroup = <Part>(
  parts: readonly Part[],
  place: ConditionPlace,
  check: (part: Part, place: ConditionPlace) => Problem[],
): Problem[] => {
  if (parts.length === 0) return [problem("condition-empty", { node: place.node, at: place.at })]
  return parts.flatMap((part, index) => check(part, under(place, "of", index)))
}

const checkWhereTree = (where: Where, event: string, place: ConditionPlace): Problem[] => {
  switch (where.kind) {
    case "all":
    case "any":
      return checkGroup(where.of, place, (part, there) => checkWhereTree(part, event, there))
    case "not":
      return checkWhereTree(where.of, event, under(place, "of"))
    case "property":
      return checkProperty(where, event, place)
  }
}

/** All that may be wrong with a condition over the properties of `event`. */
export function checkWhere(where: Where, event: string, place: ConditionPlace): Problem[] {
  return [...checkDepth(where, place), ...checkWhereTree(where, event, place)]
}

const checkTree = (condition: Condition, place: ConditionPlace): Problem[] => {
  switch (condition.kind) {
    case "all":
    case "any":
      return checkGroup(condition.of, place, checkTree)
    case "not":
      return checkTree(condition.of, under(place, "of"))
    case "profile":
      return checkAttribute(condition, place)
    case "entry":
      return checkProperty(condition, place.entryEvent, place)
    case "context": {
      const { path } = condition
      const there = { ...place, at: `${place.at}/path` }
      return path === ""
        ? [problem("attribute-missing", { node: place.node, at: there.at })]
        : [...checkContextPath(path, there), ...checkComparison(condition, { path, known: undefined }, place)]
    }
    case "event-count": {
      const { event, where } = condition
      const found = checkEventName(event, { node: place.node, at: `${place.at}/event` }, place.knowledge)
      if (condition.atLeast === undefined && condition.atMost === undefined) {
        found.push(problem("count-bounds-missing", { node: place.node, at: place.at }, { event }))
      }
      return where ? [...found, ...checkWhereTree(where, event, under(place, "where"))] : found
    }
    case "event-time":
      return [
        ...checkEventName(condition.event, { node: place.node, at: `${place.at}/event` }, place.knowledge),
        ...checkComparison(
          condition,
          { path: `${condition.which}(${condition.event})`, known: "date" },
          place,
        ),
      ]
  }
}

/** All that may be wrong with a condition: names, types, references, depth; see also the logic checks. */
export function checkCondition(condition: Condition, place: ConditionPlace): Problem[] {
  return [...checkDepth(condition, place), ...checkTree(condition, place)]
}
