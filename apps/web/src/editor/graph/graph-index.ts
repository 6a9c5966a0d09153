import { type Journey, type JourneyEdge, type JourneyNode, outcomesOf } from "@viaggio/journey-model"

/** A journey seen as a graph, for questions that canvas and keyboard ask often. */
export type GraphIndex = {
  nodes: ReadonlyMap<string, JourneyNode>
  /** Target of each connected outcome, by node and outcome. */
  out: ReadonlyMap<string, ReadonlyMap<string, string>>
  into: ReadonlyMap<string, readonly JourneyEdge[]>
  /** Outcomes of each node in the order of its handles: the declared ones, then dangling ones. */
  outcomes: ReadonlyMap<string, readonly string[]>
  /** Ids of the edges that lead back to a node on the way to them. */
  back: ReadonlySet<string>
  /** Every node once: depth first from the entry in branch order, then what is detached. */
  order: readonly string[]
  /** The number of each node in that order, from 1. */
  place: ReadonlyMap<string, number>
}

/** React Flow's id of an edge: `first-order.timeout`. */
export const edgeId = (from: string, outcome: string): string => `${from}.${outcome}`

const cache = new WeakMap<Journey, GraphIndex>()

/** The index of a journey; computed once for each document value. */
export function graphOf(journey: Journey): GraphIndex {
  const known = cache.get(journey)
  if (known) return known
  const made = buildIndex(journey)
  cache.set(journey, made)
  return made
}

// A node object lives through every change that does not touch it, so its outcomes need to be asked once.
const declared = new WeakMap<JourneyNode, readonly string[]>()
function declaredOutcomes(node: JourneyNode): readonly string[] {
  let outcomes = declared.get(node)
  if (!outcomes) {
    outcomes = outcomesOf(node)
    declared.set(node, outcomes)
  }
  return outcomes
}

function buildIndex(journey: Journey): GraphIndex {
  const nodes = new Map(journey.nodes.map(node => [node.id, node]))
  const out = new Map<string, Map<string, string>>()
  const into = new Map<string, JourneyEdge[]>()
  for (const edge of journey.edges) {
    const targets = out.get(edge.from) ?? new Map<string, string>()
    out.set(edge.from, targets.set(edge.outcome, edge.to))
    const incoming = into.get(edge.to)
    if (incoming) incoming.push(edge)
    else into.set(edge.to, [edge])
  }
  const outcomes = new Map<string, readonly string[]>()
  for (const node of journey.nodes) {
    const own = declaredOutcomes(node)
    const dangling = [...(out.get(node.id)?.keys() ?? [])].filter(outcome => !own.includes(outcome))
    outcomes.set(node.id, dangling.length > 0 ? [...own, ...dangling] : own)
  }
  const { back, order } = walkDepthFirst(journey, nodes, out, outcomes, into)
  const place = new Map(order.map((id, index) => [id, index + 1]))
  return { nodes, out, into, outcomes, back, order, place }
}

function walkDepthFirst(
  journey: Journey,
  nodes: ReadonlyMap<string, JourneyNode>,
  out: ReadonlyMap<string, ReadonlyMap<string, string>>,
  outcomes: ReadonlyMap<string, readonly string[]>,
  into: ReadonlyMap<string, readonly JourneyEdge[]>,
): { back: Set<string>; order: string[] } {
  const back = new Set<string>()
  const order: string[] = []
  const state = new Map<string, "open" | "done">()
  const visit = (root: string) => {
    if (state.has(root)) return
    state.set(root, "open")
    order.push(root)
    const stack = [{ id: root, next: 0 }]
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const own = outcomes.get(top.id) ?? []
      const outcome = own[top.next]
      if (outcome === undefined) {
        state.set(top.id, "done")
        stack.pop()
        continue
      }
      top.next += 1
      const to = out.get(top.id)?.get(outcome)
      if (to === undefined || !nodes.has(to)) continue
      const seen = state.get(to)
      if (seen === "open") back.add(edgeId(top.id, outcome))
      if (seen) continue
      state.set(to, "open")
      order.push(to)
      stack.push({ id: to, next: 0 })
    }
  }
  for (const node of journey.nodes) if (node.type === "event-entry") visit(node.id)
  for (const node of journey.nodes) if (!into.has(node.id)) visit(node.id)
  for (const node of journey.nodes) visit(node.id)
  return { back, order }
}
