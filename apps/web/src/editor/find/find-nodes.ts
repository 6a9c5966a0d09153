import type { Journey } from "@viaggio/journey-model"
import { matches } from "../commands/matches.ts"
import { graphOf } from "../graph/graph-index.ts"

/** All texts in a value, keys left out: subjects, contents, names of events, values of conditions. */
function textsOf(value: unknown): string[] {
  if (typeof value === "string") return [value]
  if (typeof value === "number") return [String(value)]
  if (Array.isArray(value)) return value.flatMap(textsOf)
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsOf) : []
}

/** The nodes that hold what is asked for in their name, words or configuration, in the order of the paths. */
export function findNodes(
  journey: Journey,
  asked: string,
  wordsOf: (id: string) => string,
): readonly string[] {
  if (asked.trim() === "") return []
  const { nodes, order } = graphOf(journey)
  return order.filter(id => {
    const node = nodes.get(id)
    return node && matches([id, wordsOf(id), ...textsOf(node.config)].join(" "), asked)
  })
}
