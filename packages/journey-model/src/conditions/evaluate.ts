import { assertNever } from "../values/assert-never.ts"
import { parseDuration } from "../values/duration.ts"
import type { Json } from "../values/json.ts"
import { readSegments, splitPath } from "../values/path.ts"
import { formatInstant } from "../values/time.ts"
import { compileComparison } from "./compare.ts"
import type { Condition, Where } from "./condition.ts"
import type { Because, EventFact, View } from "./facts.ts"

/** A prepared condition. `explain` names the leaf that decided, and is asked only for what is recorded. */
export type Test = { test(view: View): boolean; explain(view: View): Because }

/** A prepared condition over one event; `view` gives what its references mean. */
export type WhereTest = (event: EventFact, view: View) => boolean

/** Prepares a where once; an absent one fits every event. */
export function compileWhere(where: Where | undefined): WhereTest {
  if (!where) return () => true
  switch (where.kind) {
    case "all": {
      const parts = where.of.map(compileWhere)
      return (event, view) => parts.every(part => part(event, view))
    }
    case "any": {
      const parts = where.of.map(compileWhere)
      return (event, view) => parts.some(part => part(event, view))
    }
    case "not": {
      const part = compileWhere(where.of)
      return (event, view) => !part(event, view)
    }
    case "property": {
      const segments = splitPath(where.path)
      const compare = compileComparison(where)
      return (event, view) => compare(readSegments(event.properties, segments), view)
    }
    default:
      return assertNever(where)
  }
}

const compileLeaf = (
  leaf: string,
  read: (view: View) => Json | undefined,
  compare: (value: Json | undefined, view: View) => boolean,
): Test => ({
  test: view => compare(read(view), view),
  explain: view => {
    const value = read(view)
    return value === undefined ? { leaf } : { leaf, value }
  },
})

const compileGroup = (parts: Test[], all: boolean): Test => {
  const empty: Because = { leaf: all ? "always" : "never" }
  /** The first part that settles the group, or the last one when none does alone. */
  const deciding = (view: View): Test | undefined =>
    parts.find(part => part.test(view) !== all) ?? parts[parts.length - 1]
  return {
    test: all ? view => parts.every(part => part.test(view)) : view => parts.some(part => part.test(view)),
    explain: view => deciding(view)?.explain(view) ?? empty,
  }
}

const compileCount = (condition: Extract<Condition, { kind: "event-count" }>): Test => {
  const { event, where, period } = condition
  const atLeast = condition.atLeast ?? 0
  const atMost = condition.atMost ?? Number.POSITIVE_INFINITY
  const leaf = `count(${event})`
  let count: (view: View) => number
  if (period === undefined && !where) {
    count = view => view.digest(event)?.count ?? 0
  } else {
    const fits = compileWhere(where)
    const periodMs =
      period === undefined || period === "since-entry"
        ? Number.POSITIVE_INFINITY
        : (parseDuration(period) ?? 0)
    const sinceEntry = period === "since-entry"
    count = view => {
      const after = sinceEntry ? view.enteredAt : view.now - periodMs
      let found = 0
      for (const past of view.events(event)) {
        if (past.at > after && past.at <= view.now && fits(past, view)) found++
      }
      return found
    }
  }
  return {
    test: view => {
      const found = count(view)
      return found >= atLeast && found <= atMost
    },
    explain: view => ({ leaf, value: count(view) }),
  }
}

/** Prepares a condition once, at compile: paths split, durations and operands read. */
export function compileCondition(condition: Condition): Test {
  switch (condition.kind) {
    case "all":
    case "any":
      return compileGroup(condition.of.map(compileCondition), condition.kind === "all")
    case "not": {
      const part = compileCondition(condition.of)
      return { test: view => !part.test(view), explain: part.explain }
    }
    case "profile": {
      const segments = splitPath(condition.path)
      const read = (view: View) => readSegments(view.attributes, segments)
      return compileLeaf(`profile.${condition.path}`, read, compileComparison(condition))
    }
    case "entry": {
      const segments = splitPath(condition.path)
      const read = (view: View) => readSegments(view.entry.properties, segments)
      return compileLeaf(`entry.${condition.path}`, read, compileComparison(condition))
    }
    case "context": {
      const segments = splitPath(condition.path)
      const read = (view: View) => readSegments(view.context, segments)
      return compileLeaf(`context.${condition.path}`, read, compileComparison(condition))
    }
    case "event-count":
      return compileCount(condition)
    case "event-time": {
      const { event } = condition
      const first = condition.which === "first"
      const read = (view: View) => {
        const digest = view.digest(event)
        return digest && formatInstant(first ? digest.firstAt : digest.lastAt)
      }
      return compileLeaf(`${condition.which}(${event})`, read, compileComparison(condition))
    }
    default:
      return assertNever(condition)
  }
}

/**
 * Whether a condition holds for a customer at `view.now`, and why: the deciding leaf with the value it saw,
 * e.g. `{ value: false, because: { leaf: "profile.country", value: "FR" } }`.
 */
export function evaluate(condition: Condition, view: View): { value: boolean; because: Because } {
  const test = compileCondition(condition)
  return { value: test.test(view), because: test.explain(view) }
}
