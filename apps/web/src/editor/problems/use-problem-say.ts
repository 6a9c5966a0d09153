import type { JourneyNode, Json, Problem } from "@viaggio/journey-model"
import { useCallback } from "react"
import { useSentence } from "../../app/sentence.ts"
import { useNodeWords } from "../../node-types/words.ts"
import { graphOf } from "../graph/graph-index.ts"
import { useSessionState } from "../session/session-context.ts"

const nodeValues = new Set(["from", "to", "since"])
const outcomeValues = new Set(["outcome", "branch", "by"])

/** Says a problem of the journey that is being edited. */
export function useProblemSay(): (problem: Problem) => string {
  return useProblemWords(useSessionState(state => graphOf(state.history.journey).nodes))
}

/** Says a problem with the names that the canvas shows where the model gives ids of nodes and outcomes. */
export function useProblemWords(nodes: ReadonlyMap<string, JourneyNode>): (problem: Problem) => string {
  const say = useSentence()
  const words = useNodeWords()
  return useCallback(
    problem => {
      const nameOf = (id: Json): Json => {
        const node = typeof id === "string" ? nodes.get(id) : undefined
        return node ? words.nodeName(node) : id
      }
      const own = nodes.get(problem.node ?? "")
      const values = Object.entries(problem.values).map(([name, value]): [string, Json] => {
        if (name === "path" && Array.isArray(value)) return [name, value.map(nameOf).join(" → ")]
        if (nodeValues.has(name)) return [name, nameOf(value)]
        if (outcomeValues.has(name) && own && typeof value === "string")
          return [name, words.outcomeName(own, value)]
        return [name, value]
      })
      return say({ id: problem.id, values: Object.fromEntries(values) })
    },
    [say, words, nodes],
  )
}
