import type { Knowledge } from "../values/known.ts"
import type { Problem } from "../values/problem.ts"
import { checkDocument } from "./check-document.ts"
import { checkGraph } from "./check-graph.ts"
import type { Journey } from "./document.ts"

/**
 * Everything that is wrong with a journey, or may be: the document piece by piece, then the graph as a whole.
 * `knowledge` says what the workspace has seen; without it nothing is said about unseen names.
 */
export function checkJourney(journey: Journey, knowledge: Knowledge = {}): Problem[] {
  return [...checkDocument(journey, knowledge), ...checkGraph(journey)]
}
