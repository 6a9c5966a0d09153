import { checkEventName, checkWhere } from "../../conditions/check.ts"
import { describeDuration, describeWhere } from "../../conditions/describe.ts"
import { emptyNeeds, needHistory } from "../../conditions/needs.ts"
import { sentence } from "../../values/problem.ts"
import { checkBranchIds } from "../branches.ts"
import { defineNodeType, Family, type Passage } from "../definition.ts"
import { checkBranchLogic } from "./check-branches.ts"
import { schema, type WaitForEventConfig } from "./config.ts"
import { decideWait } from "./decide.ts"

export const waitForEvent = defineNodeType({
  type: "wait-for-event",
  version: 1,
  family: Family.wait,
  waits: true,
  schema,
  defaults: (): WaitForEventConfig => ({
    branches: [{ id: "branch-1", event: "" }],
    timeout: "P3D",
    since: "arrival",
  }),
  outcomes: ({ branches, timeout }): readonly string[] => {
    const ids = branches.map(branch => branch.id)
    return timeout === "never" ? ids : [...ids, "timeout"]
  },
  describe: ({ branches, timeout }) => {
    const events = branches.map(branch => branch.event).filter(event => event !== "")
    if (events.length === 0) return sentence("node.wait-for-event.empty")
    const [only] = branches
    const where = branches.length === 1 ? only?.where : undefined
    const which = where ? sentence("which.where", { where: describeWhere(where) }) : sentence("which.any")
    if (timeout === "never") return sentence("node.wait-for-event.never", { events, which })
    return sentence("node.wait-for-event", { events, which, duration: describeDuration(timeout) })
  },
  check: ({ branches }, { node, knowledge }) => [
    ...checkBranchIds(node, branches),
    ...branches.flatMap(({ event, where }, index) => [
      ...checkEventName(event, { node, at: `/branches/${index}/event` }, knowledge),
      ...(where ? checkWhere(where, event, { node, at: `/branches/${index}/where`, knowledge }) : []),
    ]),
    ...checkBranchLogic(node, branches),
  ],
  needs: ({ branches, since }) => {
    const needs = emptyNeeds()
    if (since === "arrival") return needs
    for (const { event } of branches) needHistory(needs, event, { lookBackMs: null, sinceEntryOnly: true })
    return needs
  },
  asks: ({ branches }) => ({
    conditions: [],
    events: branches.map(({ event, where }) => (where ? { event, where } : { event })),
  }),
  listens: ({ branches }) => branches.map(branch => branch.event),
  passages: ({ branches, since }): Passage[] => {
    if (since === "arrival") return []
    return branches.map(({ id }) =>
      since === "entry" ? { outcome: id } : { outcome: id, unlessThrough: since.node },
    )
  },
  decide: decideWait,
})
