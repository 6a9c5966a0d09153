import { wholeNumber } from "../journey/canonical.ts"
import type { Journey, JourneyEdge, JourneyNode } from "../journey/document.ts"
import { canonicalConfig } from "../journey/node-config.ts"
import { canonicalSettings } from "../journey/settings.ts"
import { assertNever } from "../values/assert-never.ts"
import { type Sentence, sentence } from "../values/problem.ts"
import type { Operation, Position } from "./operations.ts"

/** The journey after an edit with the edit that takes it back, or the reason why it cannot be done. */
export type Applied = { ok: true; journey: Journey; inverse: Operation } | { ok: false; reason: Sentence }

type Op<Name extends Operation["op"]> = Extract<Operation, { op: Name }>

const refuse = (id: string, values: { [name: string]: string } = {}): Applied => ({
  ok: false,
  reason: sentence(`edit.${id}`, values),
})

const inserted = <Item>(items: readonly Item[], at: number, item: Item): Item[] => [
  ...items.slice(0, at),
  item,
  ...items.slice(at),
]

const removed = <Item>(items: readonly Item[], at: number): Item[] => [
  ...items.slice(0, at),
  ...items.slice(at + 1),
]

const replaced = <Item>(items: readonly Item[], at: number, item: Item): Item[] => {
  const copy = [...items]
  copy[at] = item
  return copy
}

/** Brings positions in and out; a layout without any is absent, as in the text form. */
const withPositions = (journey: Journey, positions: { [id: string]: Position | null }): Journey => {
  const merged = new Map(Object.entries(journey.layout ?? {}))
  for (const [id, position] of Object.entries(positions)) {
    if (position) merged.set(id, [wholeNumber(position[0]), wholeNumber(position[1])])
    else merged.delete(id)
  }
  const { layout: _, notes, ...rest } = journey
  return {
    ...rest,
    ...(merged.size > 0 ? { layout: Object.fromEntries(merged) } : {}),
    ...(notes ? { notes } : {}),
  }
}

const cleanNode = (node: JourneyNode): JourneyNode => ({
  id: node.id,
  type: node.type,
  version: node.version,
  ...(node.name ? { name: node.name } : {}),
  config: canonicalConfig(node),
})

const isIndex = (at: number, length: number): boolean => Number.isInteger(at) && at >= 0 && at <= length

const positionOf = (journey: Journey, id: string): Position | undefined =>
  journey.layout && Object.hasOwn(journey.layout, id) ? journey.layout[id] : undefined

const addNode = (journey: Journey, { node, at, position }: Op<"addNode">): Applied => {
  if (journey.nodes.some(present => present.id === node.id)) return refuse("node-exists", { id: node.id })
  if (!isIndex(at, journey.nodes.length)) return refuse("index-out-of-range")
  const added = { ...journey, nodes: inserted(journey.nodes, at, cleanNode(node)) }
  return {
    ok: true,
    journey: position ? withPositions(added, { [node.id]: position }) : added,
    inverse: { op: "removeNode", id: node.id },
  }
}

const removeNode = (journey: Journey, { id }: Op<"removeNode">): Applied => {
  const at = journey.nodes.findIndex(node => node.id === id)
  const node = journey.nodes[at]
  if (!node) return refuse("node-missing", { id })
  if (journey.edges.some(edge => edge.from === id || edge.to === id)) return refuse("node-connected", { id })
  const position = positionOf(journey, id)
  const rest = { ...journey, nodes: removed(journey.nodes, at) }
  return {
    ok: true,
    journey: position ? withPositions(rest, { [id]: null }) : rest,
    inverse: { op: "addNode", node, at, ...(position ? { position } : {}) },
  }
}

const sameKey = (edge: JourneyEdge, from: string, outcome: string): boolean =>
  edge.from === from && edge.outcome === outcome

const addEdge = (journey: Journey, { edge, at }: Op<"addEdge">): Applied => {
  const { from, outcome, to } = edge
  const exists = (id: string) => journey.nodes.some(node => node.id === id)
  if (!exists(from)) return refuse("node-missing", { id: from })
  if (!exists(to)) return refuse("node-missing", { id: to })
  if (journey.edges.some(present => sameKey(present, from, outcome))) {
    return refuse("outcome-connected", { from, outcome })
  }
  if (!isIndex(at, journey.edges.length)) return refuse("index-out-of-range")
  return {
    ok: true,
    journey: { ...journey, edges: inserted(journey.edges, at, { from, outcome, to }) },
    inverse: { op: "removeEdge", from, outcome },
  }
}

const removeEdge = (journey: Journey, { from, outcome }: Op<"removeEdge">): Applied => {
  const at = journey.edges.findIndex(edge => sameKey(edge, from, outcome))
  const edge = journey.edges[at]
  if (!edge) return refuse("edge-missing", { from, outcome })
  return {
    ok: true,
    journey: { ...journey, edges: removed(journey.edges, at) },
    inverse: { op: "addEdge", edge, at },
  }
}

const setNode = (journey: Journey, operation: Op<"setNode">): Applied => {
  const at = journey.nodes.findIndex(node => node.id === operation.id)
  const node = journey.nodes[at]
  if (!node) return refuse("node-missing", { id: operation.id })
  const inverse: Op<"setNode"> = { op: "setNode", id: node.id }
  if (operation.name !== undefined) inverse.name = node.name ?? ""
  if (operation.config !== undefined) inverse.config = node.config
  const changed = cleanNode({
    ...node,
    ...(operation.name === undefined ? {} : { name: operation.name }),
    ...(operation.config === undefined ? {} : { config: operation.config }),
  })
  return { ok: true, journey: { ...journey, nodes: replaced(journey.nodes, at, changed) }, inverse }
}

const moveNodes = (journey: Journey, { positions }: Op<"moveNodes">): Applied => {
  const ids = Object.keys(positions)
  const missing = ids.find(id => !journey.nodes.some(node => node.id === id))
  if (missing !== undefined) return refuse("node-missing", { id: missing })
  const before = Object.fromEntries(ids.map(id => [id, positionOf(journey, id) ?? null]))
  return {
    ok: true,
    journey: withPositions(journey, positions),
    inverse: { op: "moveNodes", positions: before },
  }
}

const setJourney = (journey: Journey, operation: Op<"setJourney">): Applied => {
  const inverse: Op<"setJourney"> = { op: "setJourney" }
  if (operation.name !== undefined) inverse.name = journey.name
  if (operation.description !== undefined) inverse.description = journey.description ?? ""
  if (operation.tags !== undefined) inverse.tags = journey.tags ?? []
  if (operation.settings !== undefined) inverse.settings = journey.settings
  const { format, key, name, description: _, tags: __, settings, ...rest } = journey
  const description = operation.description ?? journey.description
  const tags = operation.tags ?? journey.tags
  const changed: Journey = {
    format,
    key,
    name: operation.name ?? name,
    ...(description ? { description } : {}),
    ...(tags && tags.length > 0 ? { tags } : {}),
    settings: operation.settings ? canonicalSettings(operation.settings) : settings,
    ...rest,
  }
  return { ok: true, journey: changed, inverse }
}

/**
 * Does one edit. The inverse restores the journey exactly, array positions and printed text included; what
 * cannot be done comes back as a reason, with nothing done.
 */
export function applyOperation(journey: Journey, operation: Operation): Applied {
  switch (operation.op) {
    case "addNode":
      return addNode(journey, operation)
    case "removeNode":
      return removeNode(journey, operation)
    case "addEdge":
      return addEdge(journey, operation)
    case "removeEdge":
      return removeEdge(journey, operation)
    case "setNode":
      return setNode(journey, operation)
    case "moveNodes":
      return moveNodes(journey, operation)
    case "setJourney":
      return setJourney(journey, operation)
    default:
      return assertNever(operation)
  }
}
