import { connectionRule } from "../journey/connection-rule.ts"
import type { Journey, JourneyEdge, JourneyNode, JourneySettings } from "../journey/document.ts"
import { canonicalConfig, outcomesOf } from "../journey/node-config.ts"
import { nodeTypeOf } from "../node-types/registry.ts"
import { type Sentence, sentence } from "../values/problem.ts"
import type { EpochMs } from "../values/time.ts"
import type { Change } from "./history.ts"
import { freePlace, type Positions, positionsOf, rowHeight } from "./layout.ts"
import type { Operation, Position } from "./operations.ts"

/** A change ready for `applyChange`, with the ids of the nodes it makes, or the reason why it cannot be. */
export type Command = { ok: true; change: Change; created: string[] } | { ok: false; reason: Sentence }

/** When the edit is made, and the new node's configuration where it is not the default one. */
export type NodeOptions = { at: EpochMs; config?: Record<string, unknown>; name?: string }

export const refused = (reason: Sentence): Command => ({ ok: false, reason })

export const changed = (
  label: Sentence,
  operations: Operation[],
  at: EpochMs,
  more: { created?: string[]; group?: string } = {},
): Command => {
  const change: Change = { label, operations, at }
  if (more.group !== undefined) change.group = more.group
  return { ok: true, change, created: more.created ?? [] }
}

/** A free id for a new node: `delay-1`, `delay-2` …, past the highest that is in use. */
export function nextNodeId(nodes: readonly { id: string }[], type: string): string {
  let highest = 0
  for (const { id } of nodes) {
    const count = id.startsWith(`${type}-`) ? Number(id.slice(type.length + 1)) : Number.NaN
    if (Number.isInteger(count)) highest = Math.max(highest, count)
  }
  return `${type}-${highest + 1}`
}

const newNode = (journey: Journey, type: string, options: NodeOptions): JourneyNode | undefined => {
  const definition = nodeTypeOf(type)
  if (!definition) return undefined
  const config = options.config ?? (definition.defaults() as Record<string, unknown>)
  return {
    id: nextNodeId(journey.nodes, type),
    type,
    version: definition.version,
    ...(options.name ? { name: options.name } : {}),
    config: canonicalConfig({ type, version: definition.version, config }),
  }
}

const mainOutcomes = ["next", "succeeded", "timeout", "else"]

/** The way out by which a path goes on when a node is put into it: for everybody, or for the rest. */
export function mainOutcome(node: JourneyNode): string | undefined {
  const outcomes = outcomesOf(node)
  return mainOutcomes.find(name => outcomes.includes(name)) ?? outcomes[0]
}

const typeSentence = (type: string): Sentence => sentence(`type.${type}`)

/** What a step of undo calls a node: its name, else that of its type. */
export const nodeWord = (journey: Pick<Journey, "nodes">, id: string): string | Sentence => {
  const node = journey.nodes.find(candidate => candidate.id === id)
  if (!node) return id
  return node.name ?? (nodeTypeOf(node.type) ? typeSentence(node.type) : node.type)
}

const unknownType = (type: string): Command => refused(sentence("edit.type-unknown", { type }))

/** Everything that comes after a node, itself included, without going round through `past`. */
const downstream = (journey: Journey, start: string, past: string): Set<string> => {
  const found = new Set([start])
  for (const id of found) {
    for (const edge of journey.edges) if (edge.from === id && edge.to !== past) found.add(edge.to)
  }
  return found
}

/** Writes down where nodes stand that had no place of their own, before one of them gets one. */
const pin = (journey: Journey): Operation[] => {
  const { layout } = journey
  const loose = journey.nodes.filter(({ id }) => !layout || !Object.hasOwn(layout, id))
  if (loose.length === 0) return []
  const positions = positionsOf(journey)
  return [
    {
      op: "moveNodes",
      positions: Object.fromEntries(loose.map(({ id }) => [id, positions[id] ?? null])),
    },
  ]
}

/** Room for a node between two: halfway where there is any, else what comes after moves down a row. */
const makeRoom = (journey: Journey, from: string, to: string): { place: Position; moves: Operation[] } => {
  const positions = positionsOf(journey)
  const above = positions[from] ?? [0, 0]
  const below = positions[to] ?? [above[0], above[1] + rowHeight]
  if (below[1] <= above[1]) {
    return { place: freePlace(Object.values(positions), [above[0], above[1] + rowHeight]), moves: [] }
  }
  if (below[1] - above[1] >= 2 * rowHeight) {
    return { place: [below[0], above[1] + rowHeight], moves: [] }
  }
  const moved: { [id: string]: Position } = {}
  for (const id of downstream(journey, to, from)) {
    const position = positions[id]
    if (position && position[1] >= below[1]) moved[id] = [position[0], position[1] + rowHeight]
  }
  return { place: below, moves: [{ op: "moveNodes", positions: moved }] }
}

const refusalOf = (
  journey: Journey,
  node: JourneyNode,
  edges: readonly JourneyEdge[],
): Sentence | undefined => {
  const withNode = { nodes: [...journey.nodes, node] }
  return edges.map(edge => connectionRule(withNode, edge)).find(refusal => refusal !== undefined)
}

const indexAfter = (journey: Journey, id: string): number => {
  const index = journey.nodes.findIndex(node => node.id === id)
  return index < 0 ? journey.nodes.length : index + 1
}

/**
 * Puts a new node into a connection and keeps both ends: the path goes on by the new node's main way out. A
 * node without one (an exit) ends the path there.
 */
export function insertOnEdge(
  journey: Journey,
  { from, outcome }: Pick<JourneyEdge, "from" | "outcome">,
  type: string,
  options: NodeOptions,
): Command {
  const node = newNode(journey, type, options)
  if (!node) return unknownType(type)
  const index = journey.edges.findIndex(edge => edge.from === from && edge.outcome === outcome)
  const edge = journey.edges[index]
  if (!edge) return refused(sentence("edit.edge-missing", { from, outcome }))
  const goesOn = mainOutcome(node)
  const edges: JourneyEdge[] = [{ from, outcome, to: node.id }]
  if (goesOn !== undefined) edges.push({ from: node.id, outcome: goesOn, to: edge.to })
  const refusal = refusalOf(journey, node, edges)
  if (refusal) return refused(refusal)
  const { place, moves } = makeRoom(journey, from, edge.to)
  const operations: Operation[] = [
    ...pin(journey),
    { op: "removeEdge", from, outcome },
    ...moves,
    { op: "addNode", node, at: indexAfter(journey, from), position: place },
    ...edges.map((added, offset): Operation => ({ op: "addEdge", edge: added, at: index + offset })),
  ]
  const label = sentence("change.insert", { type: typeSentence(type) })
  return changed(label, operations, options.at, { created: [node.id] })
}

/** Puts a new node after a way out to which nothing is connected yet. */
export function appendAfter(
  journey: Journey,
  from: string,
  outcome: string,
  type: string,
  options: NodeOptions & { position?: Position },
): Command {
  const node = newNode(journey, type, options)
  if (!node) return unknownType(type)
  const edge = { from, outcome, to: node.id }
  const refusal = refusalOf(journey, node, [edge])
  if (refusal) return refused(refusal)
  if (journey.edges.some(present => present.from === from && present.outcome === outcome)) {
    return refused(sentence("edit.outcome-connected", { from, outcome }))
  }
  const positions = positionsOf(journey)
  const [x, y] = positions[from] ?? [0, 0]
  const position = options.position ?? freePlace(Object.values(positions), [x, y + rowHeight])
  const operations: Operation[] = [
    ...pin(journey),
    { op: "addNode", node, at: indexAfter(journey, from), position },
    { op: "addEdge", edge, at: journey.edges.length },
  ]
  const label = sentence("change.add", { type: typeSentence(type) })
  return changed(label, operations, options.at, { created: [node.id] })
}

/** Puts a new node on the canvas without any connection. */
export function addDetached(
  journey: Journey,
  type: string,
  options: NodeOptions & { position?: Position },
): Command {
  const node = newNode(journey, type, options)
  if (!node) return unknownType(type)
  const position = options.position ?? freePlace(Object.values(positionsOf(journey)), [0, 0])
  const operations: Operation[] = [
    ...pin(journey),
    { op: "addNode", node, at: journey.nodes.length, position },
  ]
  const label = sentence("change.add", { type: typeSentence(type) })
  return changed(label, operations, options.at, { created: [node.id] })
}

/** Connects a way out; one that led elsewhere now leads here. */
export function connect(journey: Journey, edge: JourneyEdge, at: EpochMs): Command {
  const refusal = connectionRule(journey, edge)
  if (refusal) return refused(refusal)
  const index = journey.edges.findIndex(other => other.from === edge.from && other.outcome === edge.outcome)
  const present = journey.edges[index]
  if (present?.to === edge.to) return refused(sentence("edit.nothing"))
  const operations: Operation[] = present
    ? [
        { op: "removeEdge", from: edge.from, outcome: edge.outcome },
        { op: "addEdge", edge, at: index },
      ]
    : [{ op: "addEdge", edge, at: journey.edges.length }]
  const label = sentence("change.connect", {
    from: nodeWord(journey, edge.from),
    to: nodeWord(journey, edge.to),
  })
  return changed(label, operations, at)
}

/** Takes a connection away. */
export function disconnect(
  journey: Journey,
  { from, outcome }: Pick<JourneyEdge, "from" | "outcome">,
  at: EpochMs,
): Command {
  const edge = journey.edges.find(other => other.from === from && other.outcome === outcome)
  if (!edge) return refused(sentence("edit.edge-missing", { from, outcome }))
  const label = sentence("change.disconnect", {
    from: nodeWord(journey, from),
    to: nodeWord(journey, edge.to),
  })
  return changed(label, [{ op: "removeEdge", from, outcome }], at)
}

/**
 * Gives a node a new configuration. Connections of ways out that are gone with it (a removed branch) go too.
 * `group`: changes of one field in one stretch of typing are one step of undo.
 */
export function replaceConfig(
  journey: Journey,
  id: string,
  config: Record<string, unknown>,
  options: { at: EpochMs; group?: string },
): Command {
  const node = journey.nodes.find(candidate => candidate.id === id)
  if (!node) return refused(sentence("edit.node-missing", { id }))
  const before = outcomesOf(node)
  const after = outcomesOf({ ...node, config })
  const lost = before.filter(outcome => !after.includes(outcome))
  const cut = journey.edges
    .filter(edge => edge.from === id && lost.includes(edge.outcome))
    .map((edge): Operation => ({ op: "removeEdge", from: id, outcome: edge.outcome }))
  const label = sentence("change.configure", { node: nodeWord(journey, id) })
  return changed(label, [...cut, { op: "setNode", id, config }], options.at, options)
}

/** Gives a node another name; an empty one takes the name away. The id stays. */
export function renameNode(journey: Journey, id: string, name: string, at: EpochMs): Command {
  const node = journey.nodes.find(candidate => candidate.id === id)
  if (!node) return refused(sentence("edit.node-missing", { id }))
  const label = sentence("change.rename", { node: nodeWord(journey, id) })
  return changed(label, [{ op: "setNode", id, name }], at, { group: `name:${id}` })
}

/** Puts nodes at other places; `null` gives them back to the layout. */
export function moveNodes(
  journey: Journey,
  positions: { [id: string]: Position | null },
  at: EpochMs,
): Command {
  const [only, ...more] = Object.keys(positions)
  const operations: Operation[] = [...pin(journey), { op: "moveNodes", positions }]
  const label =
    only !== undefined && more.length === 0
      ? sentence("change.move-one", { node: nodeWord(journey, only) })
      : sentence("change.move", { count: more.length + 1 })
  return changed(label, operations, at)
}

/** Puts every node where a layout of the whole journey has it. */
export function tidyUp(journey: Journey, positions: Positions, at: EpochMs): Command {
  const present = positionsOf(journey)
  const places = Object.entries(positions).filter(
    ([id, [x, y]]) => present[id] && (present[id]?.[0] !== x || present[id]?.[1] !== y),
  )
  if (places.length === 0) return refused(sentence("edit.tidy-already"))
  const operations: Operation[] = [
    ...pin(journey),
    { op: "moveNodes", positions: Object.fromEntries(places) },
  ]
  return changed(sentence("change.tidy"), operations, at)
}

/** Changes the journey's own name, words or settings. */
export function setJourney(
  parts: { name?: string; description?: string; tags?: string[]; settings?: JourneySettings },
  at: EpochMs,
): Command {
  return changed(sentence("change.settings"), [{ op: "setJourney", ...parts }], at, {
    group: `journey:${Object.keys(parts).join()}`,
  })
}
