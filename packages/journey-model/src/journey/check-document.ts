import type { EventEntryConfig } from "../node-types/event-entry/event-entry.ts"
import { NodeType, nodeTypeOf } from "../node-types/registry.ts"
import { isId } from "../values/ids.ts"
import type { Knowledge } from "../values/known.ts"
import { type Problem, problem, word } from "../values/problem.ts"
import { utf8Length } from "../values/text.ts"
import { printJourney } from "./canonical.ts"
import { connectionRule } from "./connection-rule.ts"
import { contextNamesOf } from "./context-names.ts"
import type { Journey } from "./document.ts"
import { readNode } from "./node-config.ts"
import { problemsOfReading } from "./parse.ts"

const mostNodes = 2000
const mostBytes = 1_048_576
const longestName = 120

const checkSize = (journey: Journey): Problem[] => {
  const { nodes } = journey
  const tooLarge = (size: number, unit: "nodes" | "bytes", limit: number): Problem => {
    const place = { at: unit === "nodes" ? "/nodes" : "" }
    return problem("document-too-large", place, { size, unit: word(`word.${unit}`), limit })
  }
  const bytes = utf8Length(printJourney(journey))
  return [
    ...(nodes.length > mostNodes ? [tooLarge(nodes.length, "nodes", mostNodes)] : []),
    ...(bytes > mostBytes ? [tooLarge(bytes, "bytes", mostBytes)] : []),
  ]
}

const repeated = <Item>(items: readonly Item[], keyOf: (item: Item) => string): Item[] => {
  const seen = new Set<string>()
  return items.filter(item => {
    const key = keyOf(item)
    const again = seen.has(key)
    seen.add(key)
    return again
  })
}

const checkHead = ({ key, name }: Journey): Problem[] => {
  const found: Problem[] = []
  if (!isId(key)) found.push(problem("key-invalid", { at: "/key" }, { key }))
  if (name.trim() === "") found.push(problem("name-missing", { at: "/name" }))
  if (name.length > longestName) {
    found.push(problem("name-too-long", { at: "/name" }, { length: name.length, limit: longestName }))
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
  ...journey.edges.flatMap(edge => {
    const refusal = connectionRule(journey, edge)
    return refusal ? [problem(refusal.id, { node: edge.from, outcome: edge.outcome }, refusal.values)] : []
  }),
  ...repeated(journey.edges, edge => `${edge.from}.${edge.outcome}`).map(({ from, outcome }) =>
    problem("edge-duplicate", { node: from, outcome }, { from, outcome }),
  ),
]

/** The event by which customers come in, whose properties conditions and templates read as `entry`. */
const entryEventOf = ({ nodes }: Journey): string | undefined => {
  for (const node of nodes) {
    const { known } = readNode(node)
    if (known?.definition.type === NodeType.eventEntry) return (known.config as EventEntryConfig).event
  }
  return undefined
}

const checkNodes = (journey: Journey, knowledge: Knowledge): Problem[] => {
  const entryEvent = entryEventOf(journey)
  const contextNames = contextNamesOf(journey)
  return journey.nodes.flatMap(node => {
    const { known } = readNode(node)
    const context = {
      node: node.id,
      knowledge,
      contextName: contextNames(node.id),
      ...(entryEvent ? { entryEvent } : {}),
    }
    return known ? known.definition.check(known.config, context) : []
  })
}

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
    ...checkSize(journey),
    ...problemsOfReading(journey),
    ...checkNodeNames(journey),
    ...checkEntries(journey),
    ...checkEdges(journey),
    ...checkNodes(journey, knowledge),
  ]
}
