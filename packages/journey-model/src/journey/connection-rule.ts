import { Family } from "../node-types/definition.ts"
import { nodeTypeOf } from "../node-types/registry.ts"
import { type Sentence, sentence } from "../values/problem.ts"
import type { ProblemId } from "../values/problem-catalogue.ts"
import type { Journey, JourneyEdge } from "./document.ts"
import { knowsOutcomes, outcomesOf } from "./node-config.ts"

/** A refusal is the problem that publishing the connection would have. */
export type Refusal = Sentence & { id: ProblemId }

/**
 * Whether a connection may be: undefined when it is legal, else the reason. The one rule list that hover, drop
 * and publish ask. Cycles are legal here; one without a wait is found by the check, with its path.
 */
export function connectionRule(journey: Pick<Journey, "nodes">, edge: JourneyEdge): Refusal | undefined {
  const refuse = (id: ProblemId): Refusal => ({ ...sentence(id, { ...edge }), id })
  const from = journey.nodes.find(node => node.id === edge.from)
  if (!from) return refuse("edge-from-missing")
  const to = journey.nodes.find(node => node.id === edge.to)
  if (!to) return refuse("edge-to-missing")
  if (knowsOutcomes(from) && !outcomesOf(from).includes(edge.outcome)) return refuse("edge-outcome-unknown")
  if (nodeTypeOf(to.type)?.family === Family.entry) return refuse("edge-into-entry")
  return edge.from === edge.to ? refuse("edge-to-itself") : undefined
}
