import type { Journey } from "@viaggio/journey-model"
import { placesOf } from "./card-boxes.ts"
import { graphOf } from "./graph-index.ts"

export type Direction = "next" | "previous" | "left" | "right"

/**
 * The node that an arrow key reaches from `from`: `next` and `previous` follow the connections (the first
 * connected outcome; the first way in), `left` and `right` go to the sibling branch, or, where there is none,
 * to the nearest card on that side, so that every card can be reached. Undefined where there is nothing.
 */
export function neighbour(journey: Journey, from: string, direction: Direction): string | undefined {
  const graph = graphOf(journey)
  switch (direction) {
    case "next": {
      for (const outcome of graph.outcomes.get(from) ?? []) {
        const to = graph.out.get(from)?.get(outcome)
        if (to !== undefined && graph.nodes.has(to)) return to
      }
      return undefined
    }
    case "previous":
      return graph.into.get(from)?.find(edge => graph.nodes.has(edge.from))?.from
    case "left":
    case "right":
      return sibling(journey, from, direction) ?? nearest(journey, from, direction)
  }
}

function sibling(journey: Journey, from: string, direction: "left" | "right"): string | undefined {
  const graph = graphOf(journey)
  const parent = graph.into.get(from)?.[0]?.from
  if (parent === undefined) return undefined
  const children = (graph.outcomes.get(parent) ?? [])
    .map(outcome => graph.out.get(parent)?.get(outcome))
    .filter(to => to !== undefined)
  const all = [...new Set(children)]
  const at = all.indexOf(from)
  return at < 0 ? undefined : all[direction === "left" ? at - 1 : at + 1]
}

function nearest(journey: Journey, from: string, direction: "left" | "right"): string | undefined {
  const positions = placesOf(journey)
  const [x, y] = positions[from] ?? [0, 0]
  let best: { id: string; far: number } | undefined
  for (const node of journey.nodes) {
    const [otherX, otherY] = positions[node.id] ?? [0, 0]
    const across = direction === "left" ? x - otherX : otherX - x
    if (across <= 0) continue
    // Cards of the same row come first: a step up or down counts three times.
    const far = across + 3 * Math.abs(otherY - y)
    if (!best || far < best.far) best = { id: node.id, far }
  }
  return best?.id
}
