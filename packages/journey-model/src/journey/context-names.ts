import type { ContextNames } from "../values/known.ts"
import type { Journey, JourneyNode } from "./document.ts"
import { type Graph, graphOf, shortestPath } from "./graph.ts"
import { readNode } from "./node-config.ts"

const setsOf = (node: JourneyNode): readonly { outcome: string; name: string }[] => {
  const { known } = readNode(node)
  return known?.definition.sets?.(known.config) ?? []
}

/** Every node that a customer can come to without the name being set, with where the customer came from. */
const withoutName = (graph: Graph, name: string): ((id: string) => string[] | undefined) => {
  const setting = new Set(
    [...graph.nodes.values()].flatMap(node =>
      setsOf(node)
        .filter(set => set.name === name)
        .map(({ outcome }) => `${node.id}.${outcome}`),
    ),
  )
  const next = (id: string): string[] =>
    graph
      .ways(id)
      .flatMap(({ outcome, to }) => (to === undefined || setting.has(`${id}.${outcome}`) ? [] : [to]))
  const start = graph.entry ? [graph.entry.id] : []
  return id => shortestPath(start, at => at === id, next)
}

/** Answers for each node whether a name of the context is set for everybody who comes there. */
export function contextNamesOf(journey: Journey): (node: string) => ContextNames {
  const names = new Set(journey.nodes.flatMap(node => setsOf(node).map(({ name }) => name)))
  let graph: Graph | undefined
  const searches = new Map<string, (id: string) => string[] | undefined>()
  return node => name => {
    if (!names.has(name)) return { never: true }
    graph ??= graphOf(journey)
    const search = searches.get(name) ?? withoutName(graph, name)
    searches.set(name, search)
    const path = search(node)
    return path && { path }
  }
}
