import type { WaitForEventConfig } from "../node-types/wait-for-event/config.ts"
import { type Problem, problem } from "../values/problem.ts"
import type { Journey, JourneyNode } from "./document.ts"
import { type Graph, graphOf, passagesOf, reachable, shortestPath, targetsOf } from "./graph.ts"
import { readNode } from "./node-config.ts"

const checkReachable = (graph: Graph, inside: ReadonlySet<string>): Problem[] => {
  // Without an entry every node is unreachable, and the missing entry is the one thing to say.
  if (!graph.entry) return []
  return [...graph.nodes.keys()]
    .filter(id => !inside.has(id) && id !== graph.entry?.id)
    .map(node => problem("node-unreachable", { node }))
}

const checkOutcomes = (graph: Graph): Problem[] =>
  [...graph.nodes.values()].flatMap(node =>
    graph
      .ways(node.id)
      .filter(way => way.to === undefined && !way.fallsThrough)
      .map(({ outcome }) => {
        const isEntry = readNode(node).known?.definition.family === "entry"
        const place = { node: node.id, outcome }
        return problem("outcome-unconnected", isEntry ? { ...place, severity: "error" } : place, { outcome })
      }),
  )

type Quick = { to: string; unlessThrough?: string }

/** The edges that a customer can run along without ever staying at a node. */
const quickEdges = (graph: Graph): Map<string, Quick[]> => {
  const edges = new Map<string, Quick[]>()
  for (const node of graph.nodes.values()) {
    const ways = new Map(graph.ways(node.id).map(way => [way.outcome, way.to]))
    const quick = passagesOf(node).flatMap(({ outcome, unlessThrough }): Quick[] => {
      const to = ways.get(outcome)
      if (to === undefined) return []
      return [unlessThrough === undefined ? { to } : { to, unlessThrough }]
    })
    edges.set(node.id, quick)
  }
  return edges
}

/** Leaves only nodes that can be on a cycle, so that the usual graph without one costs one pass. */
const trimmed = (edges: ReadonlyMap<string, Quick[]>): Map<string, Quick[]> => {
  const incoming = new Map<string, number>()
  for (const outOf of edges.values()) {
    for (const { to } of outOf) incoming.set(to, (incoming.get(to) ?? 0) + 1)
  }
  const left = new Map(edges)
  const free = [...edges.keys()].filter(id => !incoming.get(id))
  for (const id of free) {
    left.delete(id)
    for (const { to } of edges.get(id) ?? []) {
      const count = (incoming.get(to) ?? 0) - 1
      incoming.set(to, count)
      if (count === 0) free.push(to)
    }
  }
  return left
}

/** Whether every edge along a path may be run through when the path is a round: none looks back into it. */
const isQuickRound = (edges: ReadonlyMap<string, Quick[]>, round: readonly string[]): boolean =>
  round
    .slice(1)
    .every((to, index) =>
      edges
        .get(round[index] ?? "")
        ?.some(
          edge => edge.to === to && (edge.unlessThrough === undefined || !round.includes(edge.unlessThrough)),
        ),
    )

/**
 * One problem per cycle that a customer could run round within a single turn. A wait that looks back past the
 * cycle finds the same event at every round, so it stops nobody; one that looks back to a node of the cycle does.
 */
const checkCycles = (graph: Graph): Problem[] => {
  const edges = trimmed(quickEdges(graph))
  const found: Problem[] = []
  const told = new Set<string>()
  for (const [id, outOf] of edges) {
    for (const { to, unlessThrough: node } of outOf) {
      if (told.has(id) || node === id || node === to) continue
      const next = (at: string): string[] =>
        (edges.get(at) ?? [])
          // A round over such an edge is found from that edge, so others need not look at it.
          .filter(edge => edge.to !== node && (node !== undefined || edge.unlessThrough === undefined))
          .map(edge => edge.to)
      const path = shortestPath([to], at => at === id, next)
      if (!path || !isQuickRound(edges, [id, ...path])) continue
      for (const passed of path) told.add(passed)
      found.push(problem("cycle-without-wait", { node: id }, { path: [id, ...path] }))
    }
  }
  return found
}

const waitOf = (node: JourneyNode): WaitForEventConfig | undefined => {
  const { known } = readNode(node)
  return known?.definition.type === "wait-for-event" ? (known.config as WaitForEventConfig) : undefined
}

const pathTo = (graph: Graph, id: string, avoiding?: string): string[] | undefined => {
  if (!graph.entry || graph.entry.id === avoiding) return undefined
  const next = (at: string) => targetsOf(graph, at).filter(to => to !== avoiding)
  return shortestPath([graph.entry.id], at => at === id, next)
}

const checkWait = (graph: Graph, node: JourneyNode, { timeout, since }: WaitForEventConfig): Problem[] => {
  const found: Problem[] = []
  const path = timeout === "never" ? pathTo(graph, node.id) : undefined
  if (path) found.push(problem("wait-for-ever", { node: node.id, at: "/timeout" }, { path }))
  if (typeof since !== "object") return found
  const place = { node: node.id, at: "/since/node" }
  if (!graph.nodes.has(since.node)) {
    found.push(problem("since-node-missing", place, { since: since.node }))
    return found
  }
  const past = pathTo(graph, node.id, since.node === node.id ? undefined : since.node)
  if (past) found.push(problem("since-node-not-on-every-path", place, { since: since.node, path: past }))
  return found
}

/** What is wrong with the graph as a whole; every problem of the logic has a path that shows it. */
export function checkGraph(journey: Journey): Problem[] {
  const graph = graphOf(journey)
  const inside = reachable(graph.entry ? [graph.entry.id] : [], id => targetsOf(graph, id))
  const waits = journey.nodes.flatMap(node => {
    const config = waitOf(node)
    return config ? checkWait(graph, node, config) : []
  })
  return [...checkReachable(graph, inside), ...checkOutcomes(graph), ...checkCycles(graph), ...waits]
}
