import type { Condition } from "../../conditions/condition.ts"
import { isContradiction } from "../../conditions/contradiction.ts"
import { type Problem, problem } from "../../values/problem.ts"

type Branch = { id: string; when: Condition }

/** A leaf without a name is still being written; nothing is said about its logic. */
const isUnfinished = (condition: Condition): boolean => {
  switch (condition.kind) {
    case "all":
    case "any":
      return condition.of.some(isUnfinished)
    case "not":
      return isUnfinished(condition.of)
    case "event-count":
    case "event-time":
      return condition.event === ""
    default:
      return condition.path === ""
  }
}

/** Branches that nobody can take: a condition that contradicts itself, or one that an earlier branch takes. */
export function checkBranchLogic(node: string, branches: readonly Branch[]): Problem[] {
  if (branches.some(branch => isUnfinished(branch.when))) return []
  const found: Problem[] = []
  const earlier: { condition: Condition; holds: boolean }[] = []
  for (const [index, { id: branch, when }] of branches.entries()) {
    const place = { node, outcome: branch, at: `/branches/${index}/when` }
    const demand = { condition: when, holds: true }
    const never = isContradiction([demand])
    if (never) found.push(problem("branch-never-true", place, { branch }))
    const isHidden = !never && isContradiction([...earlier, demand])
    const by = isHidden
      ? branches.slice(0, index).find((_, past) => isContradiction([...earlier.slice(0, past + 1), demand]))
      : undefined
    if (by) found.push(problem("branch-hidden", place, { branch, by: by.id }))
    earlier.push({ condition: when, holds: false })
  }
  if (branches.length > 0 && isContradiction(earlier)) {
    const last = branches[branches.length - 1]?.id ?? ""
    found.push(problem("else-never-taken", { node, outcome: "else" }, { branch: last }))
  }
  return found
}
