import * as z from "zod"
import { checkCondition, checkEventName, checkWhere } from "../../conditions/check.ts"
import type { Condition } from "../../conditions/condition.ts"
import { isContradiction } from "../../conditions/contradiction.ts"
import { describeCondition, describeWhere } from "../../conditions/describe.ts"
import { asCondition } from "../../conditions/literals.ts"
import { addNeeds, emptyNeeds } from "../../conditions/needs.ts"
import { conditionSchema, duration, name, whereSchema } from "../../conditions/schema.ts"
import { type Problem, problem, sentence } from "../../values/problem.ts"
import { type Decision, defineNodeType, Family } from "../definition.ts"

const schema = z.strictObject({
  event: name,
  where: whereSchema.exactOptional(),
  audience: conditionSchema.exactOptional(),
  maxAge: duration.default("P1D"),
})

/**
 * `{ event: "Account Created", maxAge: "P1D" }`: who comes in. `audience`: customers who fail it are not
 * admitted; `maxAge`: an older event lets nobody in. Admission itself is the engine's, before the first visit.
 */
export type EventEntryConfig = z.infer<typeof schema>

const checkPossible = (condition: Condition, { node, at }: { node: string; at: string }): Problem[] =>
  isContradiction([{ condition, holds: true }]) ? [problem("condition-never-true", { node, at })] : []

const leave: Decision<"next"> = { kind: "leave", outcome: "next" }

export const eventEntry = defineNodeType({
  type: "event-entry",
  version: 1,
  family: Family.entry,
  waits: false,
  schema,
  defaults: (): EventEntryConfig => ({ event: "", maxAge: "P1D" }),
  outcomes: () => ["next"] as const,
  describe: ({ event, where, audience }) => {
    if (event === "") return sentence("node.event-entry.empty")
    const which = where ? sentence("which.where", { where: describeWhere(where) }) : sentence("which.any")
    if (!audience) return sentence("node.event-entry", { event, which })
    return sentence("node.event-entry.audience", { event, which, audience: describeCondition(audience) })
  },
  check: ({ event, where, audience }, { node, knowledge }) => {
    const found = checkEventName(event, { node, at: "/event" }, knowledge)
    if (where) {
      const place = { node, at: "/where", knowledge, entryEvent: event }
      found.push(...checkWhere(where, event, place), ...checkPossible(asCondition(where), place))
    }
    if (audience) {
      const place = { node, at: "/audience", knowledge, entryEvent: event }
      found.push(...checkCondition(audience, place), ...checkPossible(audience, place))
    }
    return found
  },
  needs: ({ audience }) => {
    const needs = emptyNeeds()
    if (audience) addNeeds(needs, audience)
    return needs
  },
  asks: ({ event, where, audience }) => ({
    conditions: audience ? [audience] : [],
    events: [where ? { event, where } : { event }],
  }),
  listens: () => [],
  passages: () => [{ outcome: "next" }],
  decide: () => () => leave,
})
