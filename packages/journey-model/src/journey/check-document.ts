import { nodeTypeOf } from "../node-types/registry.ts"
import { isId } from "../values/ids.ts"
import type { Knowledge } from "../values/known.ts"
import { type Problem, problem } from "../values/problem.ts"
import { connectionRule } from "./connection-rule.ts"
import type { Journey } from "./document.ts"
import { readNode } from "./node-config.ts"
import { problemsOfReading } from "./parse.ts"

export const mostNodes = 2000
export const longestName = 120

const repeated = <Item>(items: readonly Item[], keyOf: (item: Item) => string): Item[] => {
  const seen = new Set<string>()
  return items.filter(item => {
    const key = keyOf(item)
    const again = seen.has(key)
    seen.add(key)
    return again
  })
}

const checkHead = ({ key, name, nodes }: Journey): Problem[] => {
  const found: Problem[] = []
  if (!isId(key)) found.push(problem("key-invalid", { at: "/key" }, { key }))
  if (name.trim() === "") found.push(problem("name-missing", { at: "/name" }))
  if (name.length > longestName) {
    found.push(problem("name-too-long", { at: "/name" }, { length: name.length, limit: longestName }))
  }
  if (nodes.length > mostNodes) {
    const values = { size: nodes.length, unit: "nodes", limit: mostNodes }
    found.push(problem("document-too-large", { at: "/nodes" }, values))
  }
  return found
}

const checkNodeNames = ({ nodes }: Journey): Problem[] => [
  ...nodes.filter(({ id }) => !isId(id)).map(({ id }) => problem("node-id-invalid", { node: id }, { id })),
  ...repeated(nodes, node => node.id).map(({ id }) => problem("node-id-duplicate", { node: id }, { id })),
  ...repeated(
    nodes.filter(node => node.name),
    node => node.name ?? "",
  ).map(({ id, name }) => problem("node-name-duplicate", { node: id }, { name: name ?? "" })),
]

const checkEdges = (journey: Journey): Problem[] => [
  ...journey.edges.flatMap((edge, index) => {
    const refusal = connectionRule(journey, edge)
    if (!refusal) return []
    const place = { node: edge.from, outcome: edge.outcome, at: `/edges/${index}` }
    return [problem(refusal.id, place, refusal.values)]
  }),
  ...repeated(journey.edges, edge => `${edge.from}.${edge.outcome}`).map(({ from, outcome }) =>
    problem("edge-duplicate", { node: from, outcome }, { from, outcome }),
  ),
]

const checkNodes = (journey: Journey, knowledge: Knowledge): Problem[] =>
  journey.nodes.flatMap(node => {
    const { known } = readNode(node)
    return known ? known.definition.check(known.config, { node: node.id, knowledge }) : []
  })

const checkEntries = ({ nodes }: Journey): Problem[] => {
  const entries = nodes.filter(node => nodeTypeOf(node.type)?.family === "entry")
  if (entries.length === 0) return [problem("entry-missing", {})]
  const [, ...more] = entries
  return more.map(({ id }) => problem("entry-several", { node: id }, { count: entries.length }))
}

/** What is wrong with the document piece by piece; the graph as a whole is checked apart. */
export function checkDocument(journey: Journey, knowledge: Knowledge): Problem[] {
  return [
    ...checkHead(journey),
    ...problemsOfReading(journey),
    ...checkNodeNames(journey),
    ...checkEntries(journey),
    ...checkEdges(journey),
    ...checkNodes(journey, knowledge),
  ]
}
