import type { Condition, Where } from "../../conditions/condition.ts"
import { isContradiction } from "../../conditions/contradiction.ts"
import { asCondition } from "../../conditions/literals.ts"
import { type Problem, problem } from "../../values/problem.ts"

type Branch = { id: string; event: string; where?: Where }

const always: Condition = { kind: "all", of: [] }

const demandOf = ({ where }: Branch, holds: boolean): { condition: Condition; holds: boolean } => ({
  condition: where ? asCondition(where) : always,
  holds,
})

/** Branches that no event can take: a where that contradicts itself, or an earlier branch of the same event. */
export function checkBranchLogic(node: string, branches: readonly Branch[]): Problem[] {
  const found: Problem[] = []
  for (const [index, branch] of branches.entries()) {
    if (branch.event === "") continue
    const place = { node, outcome: branch.id, at: `/branches/${index}` }
    const demand = demandOf(branch, true)
    if (isContradiction([demand])) {
      found.push(problem("branch-never-true", place, { branch: branch.id }))
      continue
    }
    const earlier = branches.slice(0, index).filter(other => other.event === branch.event)
    const failed = earlier.map(other => demandOf(other, false))
    const by = isContradiction([...failed, demand])
      ? earlier.find((_, past) => isContradiction([...failed.slice(0, past + 1), demand]))
      : undefined
    if (by) found.push(problem("branch-hidden", place, { branch: branch.id, by: by.id }))
  }
  return found
}
