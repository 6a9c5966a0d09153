import { fallThroughOutcomes } from "../node-types/branches.ts"
import { nodeTypeOf } from "../node-types/registry.ts"
import type { Journey, JourneyNode } from "./document.ts"
import { outcomesOf, readNode } from "./node-config.ts"

/** A way out of a node as customers take it; `unlessThrough` as the node type says of its passages. */
export type Way = { outcome: string; to: string | undefined; fallsThrough: boolean }

/** The journey as customers walk it: ways out resolved, with fall-through, in the order of the canvas. */
export type Graph = {
  entry: JourneyNode | undefined
  nodes: ReadonlyMap<string, JourneyNode>
  ways: (id: string) => readonly Way[]
}

const waysOf = (node: JourneyNode, connected: ReadonlyMap<string, string>): Way[] => {
  const outcomes = outcomesOf(node)
  const names = outcomes.length > 0 ? outcomes : [...connected.keys()]
  return names.map(outcome => {
    const to = connected.get(outcome)
    const fallsThrough = to === undefined && fallThroughOutcomes.has(outcome)
    return {
      outcome,
      to: fallsThrough ? (connected.get("next") ?? connected.get("succeeded")) : to,
      fallsThrough,
    }
  })
}

/** Prepares a journey for walking; edges that lead nowhere are left out. */
export function graphOf(journey: Journey): Graph {
  const nodes = new Map(journey.nodes.map(node => [node.id, node]))
  const connected = new Map<string, Map<string, string>>()
  for (const { from, outcome, to } of journey.edges) {
    if (!nodes.has(to)) continue
    const outOf = connected.get(from) ?? new Map<string, string>()
    if (!outOf.has(outcome)) outOf.set(outcome, to)
    connected.set(from, outOf)
  }
  const none: ReadonlyMap<string, string> = new Map()
  const ways = new Map(journey.nodes.map(node => [node.id, waysOf(node, connected.get(node.id) ?? none)]))
  return {
    entry: journey.nodes.find(node => nodeTypeOf(node.type)?.family === "entry"),
    nodes,
    ways: id => ways.get(id) ?? [],
  }
}

/**
 * A shortest path from one of the starts to a node that `isGoal` names, both included, by the ways that
 * `next` gives; undefined when there is none.
 */
export function shortestPath(
  starts: readonly string[],
  isGoal: (id: string) => boolean,
  next: (id: string) => readonly string[],
): string[] | undefined {
  const cameFrom = new Map<string, string | undefined>(starts.map(id => [id, undefined]))
  const queue = [...starts]
  for (const id of queue) {
    if (isGoal(id)) {
      const path: string[] = []
      for (let at: string | undefined = id; at !== undefined; at = cameFrom.get(at)) path.unshift(at)
      return path
    }
    for (const to of next(id)) {
      if (cameFrom.has(to)) continue
      cameFrom.set(to, id)
      queue.push(to)
    }
  }
  return undefined
}

/** Every node that a path from the starts comes to, the starts included. */
export function reachable(starts: readonly string[], next: (id: string) => readonly string[]): Set<string> {
  const seen = new Set(starts)
  for (const id of seen) for (const to of next(id)) seen.add(to)
  return seen
}

/** Where the ways out of a node lead, all of them. */
export function targetsOf(graph: Graph, id: string): string[] {
  return graph.ways(id).flatMap(({ to }) => (to === undefined ? [] : [to]))
}

/** Ways out that a customer may take in the very turn in which it arrives. */
export function passagesOf(node: JourneyNode) {
  const { known } = readNode(node)
  return known ? known.definition.passages(known.config) : []
}
