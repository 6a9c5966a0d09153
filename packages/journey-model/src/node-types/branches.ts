import { isId } from "../values/ids.ts"
import { type Problem, problem } from "../values/problem.ts"

/** Names of ways out that have a meaning of their own and so cannot name a branch. */
export const reservedOutcomes: ReadonlySet<string> = new Set([
  "next",
  "else",
  "timeout",
  "suppressed",
  "failed",
  "succeeded",
])

export const mostBranches = 100

/** A first free branch id: `branch-1`, `branch-2` …; branches keep their ids when they are renamed. */
export function nextBranchId(branches: readonly { id: string }[]): string {
  const taken = new Set(branches.map(branch => branch.id))
  let count = 1
  while (taken.has(`branch-${count}`)) count++
  return `branch-${count}`
}

/** What may be wrong with the branches of a node as names of its ways out. */
export function checkBranchIds(node: string, branches: readonly { id: string }[]): Problem[] {
  const found: Problem[] = []
  if (branches.length === 0) found.push(problem("branches-missing", { node, at: "/branches" }))
  if (branches.length > mostBranches) {
    const values = { count: branches.length, limit: mostBranches }
    found.push(problem("branches-too-many", { node, at: "/branches" }, values))
  }
  const seen = new Set<string>()
  for (const [index, { id: branch }] of branches.entries()) {
    const place = { node, at: `/branches/${index}/id` }
    if (!isId(branch)) found.push(problem("branch-id-invalid", place, { branch }))
    else if (reservedOutcomes.has(branch)) found.push(problem("branch-id-reserved", place, { branch }))
    else if (seen.has(branch)) found.push(problem("branch-id-duplicate", place, { branch }))
    seen.add(branch)
  }
  return found
}

/** Ways out that, unconnected, lead where `next` (or `succeeded`) leads; that is normal and no problem. */
export const fallThroughOutcomes: ReadonlySet<string> = new Set(["suppressed", "failed"])
