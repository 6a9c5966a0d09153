import * as z from "zod"
import { emptyNeeds } from "../../conditions/needs.ts"
import { draw } from "../../values/draw.ts"
import { type Problem, problem, sentence } from "../../values/problem.ts"
import { checkBranchIds } from "../branches.ts"
import { defineNodeType, Family } from "../definition.ts"

const schema = z.strictObject({
  branches: z.array(
    z.strictObject({
      id: z.string().max(200),
      name: z.string().max(200).exactOptional(),
      share: z.number(),
    }),
  ),
  stickyTo: z.enum(["customer", "entry"]).default("customer"),
})

/**
 * `{ branches: [{ id: "a", share: 0.5 }, { id: "b", share: 0.5 }], stickyTo: "customer" }`: each branch gets its
 * share (0 to 1) of the customers. `stickyTo: "customer"`: the same way at every visit; `"entry"`: the same for all
 * of one enrollment, drawn afresh for the next.
 */
export type RandomSplitConfig = z.infer<typeof schema>

/** Shares have at most four decimals, so sums of them are exact as whole ten-thousandths. */
const whole = 10_000

const units = (share: number): number => Math.round(share * whole)

const isShare = (share: number): boolean =>
  share > 0 && share <= 1 && Math.abs(share * whole - units(share)) < 1e-6

const percent = (parts: number): number => parts / 100

const checkShares = (node: string, { branches }: RandomSplitConfig): Problem[] => {
  const wrong = branches.flatMap(({ id: branch, share }, index) =>
    isShare(share)
      ? []
      : [problem("share-invalid", { node, outcome: branch, at: `/branches/${index}/share` }, { branch })],
  )
  if (wrong.length > 0 || branches.length === 0) return wrong
  const sum = branches.reduce((total, { share }) => total + units(share), 0)
  return sum === whole ? [] : [problem("shares-sum", { node, at: "/branches" }, { percent: percent(sum) })]
}

export const randomSplit = defineNodeType({
  type: "random-split",
  version: 1,
  family: Family.decision,
  waits: false,
  schema,
  defaults: (): RandomSplitConfig => ({
    branches: [
      { id: "a", name: "A", share: 0.5 },
      { id: "b", name: "B", share: 0.5 },
    ],
    stickyTo: "customer",
  }),
  outcomes: ({ branches }): readonly string[] => branches.map(branch => branch.id),
  describe: ({ branches }) =>
    branches.length === 0
      ? sentence("node.random-split.empty")
      : sentence("node.random-split", {
          shares: branches.map(({ id, name, share }) =>
            sentence("share", { branch: name ?? id, percent: percent(units(share)) }),
          ),
        }),
  check: (config, { node }) => [...checkBranchIds(node, config.branches), ...checkShares(node, config)],
  needs: emptyNeeds,
  listens: () => [],
  passages: ({ branches }) => branches.map(({ id }) => ({ outcome: id })),
  decide: ({ branches, stickyTo }) => {
    let sum = 0
    const bounds = branches.map(({ id, share }) => {
      sum += units(share)
      return { id, below: sum / whole }
    })
    const last = bounds.at(-1)?.id ?? ""
    return ({ customer, enrollment, node, journey }) => {
      // Salted with the journey, so that nodes of one name in two journeys split the same customers differently.
      const drawn = draw(stickyTo === "customer" ? customer : enrollment, node, journey)
      const outcome = bounds.find(({ below }) => drawn < below)?.id ?? last
      return { kind: "leave", outcome, because: { leaf: "draw", value: drawn } }
    }
  },
})
