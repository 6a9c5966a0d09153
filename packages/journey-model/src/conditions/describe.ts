import type { Json } from "../values/json.ts"
import { type Sentence, sentence } from "../values/problem.ts"
import type { Comparison, Condition, Operand, Where } from "./condition.ts"

/** The sentence of a duration, `{ id: "duration", values: { iso: "P3D" } }`; screens put it into words. */
export function describeDuration(iso: string): Sentence {
  return sentence("duration", { iso })
}

const describeRef = (ref: string): Sentence => {
  if (ref.startsWith("profile.")) return sentence("subject.profile", { path: ref.slice("profile.".length) })
  if (ref.startsWith("entry.properties.")) {
    return sentence("subject.entry", { path: ref.slice("entry.properties.".length) })
  }
  if (ref.startsWith("context.")) return sentence("subject.context", { path: ref.slice("context.".length) })
  return sentence("subject.ref", { ref })
}

const describeOperand = (operand: Operand): Json => {
  if (typeof operand !== "object") return operand
  return Array.isArray(operand) ? operand : describeRef(operand.ref)
}

const opposite: { [is: string]: string } = { exists: "missing", missing: "exists" }

/** `not` gives the negative sentence, which says "or is unknown": a comparison of a missing value is false. */
const describeComparison = (comparison: Comparison, subject: Sentence, not: boolean): Sentence => {
  const { is } = comparison
  if (is === "exists" || is === "missing") {
    return sentence(`compare.${not ? opposite[is] : is}`, { subject })
  }
  const id = not ? `compare.not.${is}` : `compare.${is}`
  if (is === "within-last" || is === "within-next") {
    return sentence(id, { subject, duration: describeDuration(comparison.value) })
  }
  return sentence(id, { subject, value: describeOperand(comparison.value) })
}

const describeGroup = (kind: "all" | "any", parts: Sentence[]): Sentence => {
  const [only] = parts
  if (!only) return sentence(kind === "all" ? "condition.always" : "condition.never")
  return parts.length === 1 ? only : sentence(`condition.${kind}`, { parts })
}

/** The sentence of a condition over one event's properties. */
export function describeWhere(where: Where, not = false): Sentence {
  switch (where.kind) {
    case "all":
    case "any": {
      const group = describeGroup(
        where.kind,
        where.of.map(part => describeWhere(part)),
      )
      return not ? sentence("condition.not", { part: group }) : group
    }
    case "not":
      return describeWhere(where.of, !not)
    case "property":
      return describeComparison(where, sentence("subject.property", { path: where.path }), not)
  }
}

const describeCount = (condition: Extract<Condition, { kind: "event-count" }>): Sentence => {
  const { event, where, period, atLeast, atMost } = condition
  const since =
    period === undefined
      ? sentence("period.ever")
      : period === "since-entry"
        ? sentence("period.since-entry")
        : sentence("period.within", { duration: describeDuration(period) })
  const which = where ? sentence("which.where", { where: describeWhere(where) }) : sentence("which.any")
  const values = { event, period: since, which }
  if (atLeast === undefined) {
    return atMost === 0 || atMost === undefined
      ? sentence("count.never", values)
      : sentence("count.at-most", { ...values, atMost })
  }
  if (atMost === undefined) return sentence("count.at-least", { ...values, atLeast })
  if (atMost === atLeast) return sentence("count.exactly", { ...values, count: atLeast })
  return sentence("count.between", { ...values, atLeast, atMost })
}

/**
 * The sentence of a condition, parts as nested sentences in its values:
 * "country is not IT, or is unknown" is `{ id: "compare.not.equals", values: { subject: …, value: "IT" } }`.
 */
export function describeCondition(condition: Condition, not = false): Sentence {
  switch (condition.kind) {
    case "all":
    case "any": {
      const group = describeGroup(
        condition.kind,
        condition.of.map(part => describeCondition(part)),
      )
      return not ? sentence("condition.not", { part: group }) : group
    }
    case "not":
      return describeCondition(condition.of, !not)
    case "profile":
      return describeComparison(condition, sentence("subject.profile", { path: condition.path }), not)
    case "entry":
      return describeComparison(condition, sentence("subject.entry", { path: condition.path }), not)
    case "context":
      return describeComparison(condition, sentence("subject.context", { path: condition.path }), not)
    case "event-time":
      return describeComparison(
        condition,
        sentence(`subject.${condition.which}-time`, { event: condition.event }),
        not,
      )
    case "event-count": {
      const counted = describeCount(condition)
      return not ? sentence("condition.not", { part: counted }) : counted
    }
  }
}
