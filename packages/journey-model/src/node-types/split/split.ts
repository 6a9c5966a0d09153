import * as z from "zod"
import { checkCondition } from "../../conditions/check.ts"
import { describeCondition } from "../../conditions/describe.ts"
import { compileCondition } from "../../conditions/evaluate.ts"
import { addNeeds, emptyNeeds } from "../../conditions/needs.ts"
import { conditionSchema } from "../../conditions/schema.ts"
import { sentence } from "../../values/problem.ts"
import { checkBranchIds } from "../branches.ts"
import { defineNodeType, Family } from "../definition.ts"
import { checkBranchLogic } from "./check-branches.ts"

const schema = z.strictObject({
  branches: z.array(
    z.strictObject({
      id: z.string().max(200),
      name: z.string().max(200).exactOptional(),
      when: conditionSchema,
    }),
  ),
})

/** `{ branches: [{ id: "italian", when: … }] }`: the first branch whose condition holds, else `else`. */
export type SplitConfig = z.infer<typeof schema>

const outcomes = (config: SplitConfig): readonly string[] => [
  ...config.branches.map(branch => branch.id),
  "else",
]

export const split = defineNodeType({
  type: "split",
  version: 1,
  family: Family.decision,
  waits: false,
  schema,
  defaults: (): SplitConfig => ({
    branches: [{ id: "branch-1", when: { kind: "profile", path: "", is: "exists" } }],
  }),
  outcomes,
  describe: ({ branches }) => {
    const [only] = branches
    if (!only) return sentence("node.split.empty")
    if (branches.length === 1) return sentence("node.split.one", { condition: describeCondition(only.when) })
    return sentence("node.split", { branches: branches.map(branch => branch.name ?? branch.id) })
  },
  check: ({ branches }, context) => [
    ...checkBranchIds(context.node, branches),
    ...branches.flatMap(({ when }, index) =>
      checkCondition(when, { ...context, at: `/branches/${index}/when` }),
    ),
    ...checkBranchLogic(context.node, branches),
  ],
  needs: ({ branches }) => {
    const needs = emptyNeeds()
    for (const { when } of branches) addNeeds(needs, when)
    return needs
  },
  asks: ({ branches }) => ({ conditions: branches.map(branch => branch.when), events: [] }),
  listens: () => [],
  passages: config => outcomes(config).map(outcome => ({ outcome })),
  decide: config => {
    const branches = config.branches.map(({ id, when }) => ({ id, when: compileCondition(when) }))
    return moment => {
      for (const { id, when } of branches) {
        if (when.test(moment)) return { kind: "leave", outcome: id, because: when.explain(moment) }
      }
      const last = branches[branches.length - 1]
      if (!last) return { kind: "leave", outcome: "else" }
      return { kind: "leave", outcome: "else", because: last.when.explain(moment) }
    }
  },
})
