import type { Condition, Where } from "./condition.ts"

/** A leaf of a condition. */
export type Leaf = Exclude<Condition, { kind: "all" | "any" | "not" }>

/** A leaf as it is or negated. */
export type Literal = { leaf: Leaf; holds: boolean }

/** A way in which a condition can come true: all of these at once. */
export type Conjunction = readonly Literal[]

/** Past this many ways the reasoning gives up and says nothing. */
const mostWays = 256

const product = (a: readonly Conjunction[], b: readonly Conjunction[]): Conjunction[] | undefined => {
  if (a.length * b.length > mostWays) return undefined
  return a.flatMap(left => b.map(right => [...left, ...right]))
}

/**
 * All ways in which a condition can come true (or, with `holds` false, fail): its disjunctive normal form.
 * An empty list is a condition that never does. Undefined when there are too many to look at.
 */
export function waysOf(condition: Condition, holds = true): readonly Conjunction[] | undefined {
  switch (condition.kind) {
    case "not":
      return waysOf(condition.of, !holds)
    case "all":
    case "any": {
      const parts = condition.of.map(part => waysOf(part, holds))
      if (parts.some(part => part === undefined)) return undefined
      const known = parts as (readonly Conjunction[])[]
      if ((condition.kind === "all") !== holds) {
        const ways = known.flat()
        return ways.length > mostWays ? undefined : ways
      }
      return known.reduce<readonly Conjunction[] | undefined>(
        (ways, part) => ways && product(ways, part),
        [[]],
      )
    }
    default:
      return [[{ leaf: condition, holds }]]
  }
}

/** The ways in which several demands can come true together. */
export function waysOfAll(
  demands: readonly { condition: Condition; holds: boolean }[],
): readonly Conjunction[] | undefined {
  let ways: readonly Conjunction[] | undefined = [[]]
  for (const { condition, holds } of demands) {
    const more = waysOf(condition, holds)
    ways = ways && more && product(ways, more)
    if (!ways) return undefined
  }
  return ways
}

/** What a leaf is about: leaves of one subject can contradict each other, others cannot. */
export function subjectOf(leaf: Leaf): string {
  switch (leaf.kind) {
    case "event-count":
      return JSON.stringify([leaf.kind, leaf.event, leaf.period ?? "", leaf.where ?? ""])
    case "event-time":
      return JSON.stringify([leaf.kind, leaf.event, leaf.which])
    default:
      return JSON.stringify([leaf.kind, leaf.path])
  }
}

/** A where reads one event as a condition reads the entry event, so it can be reasoned about as one. */
export function asCondition(where: Where): Condition {
  switch (where.kind) {
    case "all":
    case "any":
      return { kind: where.kind, of: where.of.map(asCondition) }
    case "not":
      return { kind: "not", of: asCondition(where.of) }
    case "property":
      return { ...where, kind: "entry" }
  }
}
