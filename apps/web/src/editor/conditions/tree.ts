import type { Comparison, Condition, Operand, Scalar, Where } from "@viaggio/journey-model"

/** A condition on a customer or on an event's properties: the builder edits both in the same way. */
export type Tree = Condition | Where
export type Leaf = Exclude<Tree, { kind: "all" | "any" | "not" }>
export type LeafKind = Leaf["kind"]

/** What one row or group of the builder shows: `not` is a property of it, not a box around it. */
export type Peeled = { negated: boolean; inner: Exclude<Tree, { kind: "not" }> }

/** Takes the `not`s off: two of them cancel out. */
export function peel(tree: Tree): Peeled {
  let negated = false
  let inner = tree
  while (inner.kind === "not") {
    negated = !negated
    inner = inner.of
  }
  return { negated, inner }
}

export const negate = (tree: Tree, negated: boolean): Tree =>
  negated ? ({ kind: "not", of: tree } as Tree) : tree

export const isGroup = (tree: Tree): tree is Extract<Tree, { kind: "all" | "any" }> =>
  tree.kind === "all" || tree.kind === "any"

export type Group = { mode: "all" | "any"; negated: boolean; items: readonly Tree[] }

/** The whole tree as one group; a single leaf is a group of one. */
export function toGroup(tree: Tree | undefined): Group {
  if (!tree) return { mode: "all", negated: false, items: [] }
  const { negated, inner } = peel(tree)
  if (isGroup(inner)) return { mode: inner.kind, negated, items: inner.of }
  return { mode: "all", negated: false, items: [tree] }
}

/** Back to the simplest tree that means the same; undefined where nothing is asked. */
export function fromGroup({ mode, negated, items }: Group): Tree | undefined {
  const only = items[0]
  if (only === undefined) return undefined
  if (items.length === 1 && mode === "all" && !negated) return only
  return negate({ kind: mode, of: [...items] } as Tree, negated)
}

export type Operator = Comparison["is"]

/** The operators that make sense for a value of that type; every one where the type is not known. */
export function operatorsFor(type: string | undefined): readonly Operator[] {
  switch (type) {
    case "text":
      return ["equals", "one-of", "contains", "starts-with", "ends-with", ...dates, ...presence]
    case "number":
      return ["equals", "one-of", "greater", "at-least", "less", "at-most", ...presence]
    case "boolean":
      return ["equals", ...presence]
    case "date":
      return [...dates, "equals", ...presence]
    case "list":
      return ["includes", ...presence]
    default:
      return allOperators
  }
}

const dates = ["before", "after", "within-last", "within-next"] as const
const presence = ["exists", "missing"] as const
const allOperators: readonly Operator[] = [
  "equals",
  "one-of",
  "contains",
  "starts-with",
  "ends-with",
  "greater",
  "at-least",
  "less",
  "at-most",
  ...dates,
  "includes",
  ...presence,
]

/** Operators that a row offers as their opposite too, which writes a `not` around the leaf. */
const negatable = ["equals", "one-of", "contains", "starts-with", "includes"] as const
export const isNegatable = (is: Operator): is is (typeof negatable)[number] =>
  (negatable as readonly Operator[]).includes(is)

/** The comparison with another operator; the value is kept where its shape fits. */
export function withOperator(comparison: Comparison, is: Operator): Comparison {
  const value = "value" in comparison ? comparison.value : undefined
  switch (is) {
    case "exists":
    case "missing":
      return { is }
    case "one-of":
      return { is, value: Array.isArray(value) ? value : isScalar(value) && value !== "" ? [value] : [] }
    case "within-last":
    case "within-next":
      return {
        is,
        value: comparison.is === "within-last" || comparison.is === "within-next" ? comparison.value : "P7D",
      }
    default:
      return { is, value: toOperand(value, comparison.is) }
  }
}

const isScalar = (value: unknown): value is Scalar =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean"

function toOperand(value: Operand | Scalar[] | undefined, before: Operator): Operand {
  if (before === "within-last" || before === "within-next" || value === undefined) return ""
  if (Array.isArray(value)) return value[0] ?? ""
  return value
}

/** The comparison of a leaf without the leaf's own fields. */
export function comparisonOf(leaf: Extract<Leaf, { is: Operator }>): Comparison {
  return ("value" in leaf ? { is: leaf.is, value: leaf.value } : { is: leaf.is }) as Comparison
}

/** A new leaf of that kind with nothing filled in. */
export function emptyLeaf(kind: LeafKind): Leaf {
  switch (kind) {
    case "profile":
    case "entry":
    case "context":
    case "property":
      return { kind, path: "", is: "equals", value: "" }
    case "event-count":
      return { kind, event: "", atLeast: 1 }
    case "event-time":
      return { kind, event: "", which: "last", is: "within-last", value: "P7D" }
  }
}

export const whereKinds: readonly LeafKind[] = ["property"]
export const conditionKinds: readonly LeafKind[] = ["profile", "entry", "event-count", "event-time"]
