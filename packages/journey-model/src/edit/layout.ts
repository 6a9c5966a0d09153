import type { Journey } from "../journey/document.ts"
import { type Graph, graphOf, targetsOf } from "../journey/graph.ts"
import type { Position } from "./operations.ts"

/** Room that a node takes with its surroundings, in canvas units. */
export const columnWidth = 260
export const rowHeight = 140

export type Positions = { [id: string]: Position }

type Tree = { children: Map<string, string[]>; roots: string[]; depth: Map<string, number> }

/** Each node under the one through which a walk in branch order first comes to it; back edges do not count. */
const treeOf = (graph: Graph): Tree => {
  const children = new Map<string, string[]>()
  const depth = new Map<string, number>()
  const order: string[] = []
  const state = new Map<string, "open" | "done">()
  const visit = (root: string): void => {
    // By hand instead of by recursion: a journey may be a chain of 2,000 nodes.
    const stack: { id: string; next: string[] }[] = []
    const open = (id: string): void => {
      state.set(id, "open")
      const next = [...new Set(targetsOf(graph, id))]
      stack.push({ id, next })
    }
    open(root)
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const to = top.next.shift()
      if (to === undefined) {
        state.set(top.id, "done")
        order.unshift(top.id)
        stack.pop()
      } else if (!state.has(to)) {
        children.set(top.id, [...(children.get(top.id) ?? []), to])
        open(to)
      }
    }
  }
  const roots: string[] = []
  const starts = [...(graph.entry ? [graph.entry.id] : []), ...graph.nodes.keys()]
  for (const id of starts) {
    if (state.has(id)) continue
    roots.push(id)
    visit(id)
  }
  const rank = new Map(order.map((id, index) => [id, index]))
  for (const id of order) {
    const below = (depth.get(id) ?? 0) + 1
    depth.set(id, below - 1)
    for (const to of targetsOf(graph, id)) {
      const isBackEdge = (rank.get(to) ?? 0) <= (rank.get(id) ?? 0)
      if (!isBackEdge) depth.set(to, Math.max(depth.get(to) ?? 0, below))
    }
  }
  return { children, roots, depth }
}

/**
 * Places every node anew: rows by the longest way from the entry, so that edges point down except where a path
 * goes back; columns in branch order, a node above the middle of its branches; the entry at [0, 0].
 */
export function layoutJourney(journey: Journey): Positions {
  const { children, roots, depth } = treeOf(graphOf(journey))
  const columns = new Map<string, number>()
  let nextColumn = 0
  const place = (root: string): void => {
    const stack: { id: string; seen: boolean }[] = [{ id: root, seen: false }]
    for (let top = stack.pop(); top; top = stack.pop()) {
      const below = children.get(top.id) ?? []
      if (below.length === 0) {
        columns.set(top.id, nextColumn++)
      } else if (top.seen) {
        const first = columns.get(below[0] as string) ?? 0
        const last = columns.get(below[below.length - 1] as string) ?? 0
        columns.set(top.id, (first + last) / 2)
      } else {
        stack.push({ id: top.id, seen: true }, ...[...below].reverse().map(id => ({ id, seen: false })))
      }
    }
  }
  for (const root of roots) place(root)
  const middle = columns.get(roots[0] ?? "") ?? 0
  return Object.fromEntries(
    journey.nodes.map(({ id }): [string, Position] => [
      id,
      [Math.round(((columns.get(id) ?? 0) - middle) * columnWidth), (depth.get(id) ?? 0) * rowHeight],
    ]),
  )
}

/** The nearest place to the right of the wanted one where no node stands yet. */
export function freePlace(taken: Iterable<Position>, wanted: Position): Position {
  const places = [...taken]
  let [x, y] = wanted
  while (places.some(place => Math.abs(place[0] - x) < columnWidth && Math.abs(place[1] - y) < rowHeight)) {
    x += columnWidth
  }
  return [x, y]
}

/**
 * Where every node stands: as the document says, and where it says nothing, below a node that leads there, or
 * beside everything else. A document without any layout is placed anew.
 */
export function positionsOf(journey: Journey): Positions {
  const { layout } = journey
  if (!layout) return layoutJourney(journey)
  const placed = new Map<string, Position>(
    journey.nodes.flatMap(({ id }) => {
      const position = Object.hasOwn(layout, id) ? layout[id] : undefined
      return position ? [[id, position] as const] : []
    }),
  )
  let waiting = journey.nodes.map(node => node.id).filter(id => !placed.has(id))
  while (waiting.length > 0) {
    const above = (id: string): Position | undefined => {
      const from = journey.edges.find(edge => edge.to === id && placed.has(edge.from))?.from
      return from === undefined ? undefined : placed.get(from)
    }
    const id = waiting.find(candidate => above(candidate)) ?? (waiting[0] as string)
    const parent = above(id)
    const lowest = Math.max(0, ...[...placed.values()].map(([, y]) => y + rowHeight))
    const wanted: Position = parent ? [parent[0], parent[1] + rowHeight] : [0, placed.size === 0 ? 0 : lowest]
    placed.set(id, freePlace(placed.values(), wanted))
    waiting = waiting.filter(other => other !== id)
  }
  return Object.fromEntries(placed)
}
