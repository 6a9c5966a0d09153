import type { Journey, JourneyEdge } from "@viaggio/journey-model"
import { Position } from "@xyflow/react"
import { type CardBox, cardBox } from "../graph/card-boxes.ts"
import { outcomeX } from "../graph/card-geometry.ts"
import { edgeId, graphOf } from "../graph/graph-index.ts"
import { laneOf } from "./edge-lane.ts"
import { levelOf } from "./edge-level.ts"
import { type EdgePath, type Ends, forwardPath, lanePath } from "./edge-paths.ts"
import type { MovingPositions } from "./flow-elements.ts"
import { loopSide } from "./loop-side.ts"

/** Where an edge runs down, if not straight from one end to the other: beside what is in its way, or round it. */
export function runOf(journey: Journey, { from, outcome, to }: JourneyEdge): number | undefined {
  const { back, nodes } = graphOf(journey)
  // An edge is drawn for a moment longer than its step is there.
  if (!nodes.has(from) || !nodes.has(to)) return undefined
  return back.has(edgeId(from, outcome)) ? loopSide(journey, from, to) : laneOf(journey, from, outcome, to)
}

const cache = new WeakMap<Journey, Map<string, EdgePath>>()

/** The way of an edge between its cards as the document has them; found once for each document value. */
export function edgeRoute(journey: Journey, edge: JourneyEdge): EdgePath {
  const routes = cache.get(journey) ?? new Map<string, EdgePath>()
  cache.set(journey, routes)
  const id = edgeId(edge.from, edge.outcome)
  let route = routes.get(id)
  if (!route) {
    const ends = endsOf(journey, edge, cardBox(journey, edge.from), cardBox(journey, edge.to))
    const run = runOf(journey, edge)
    const level = levelOf(journey, edge.from, edge.outcome)
    route = run === undefined ? forwardPath(ends, level) : lanePath(ends, run, level)
    routes.set(id, route)
  }
  return route
}

/** The same while a card at one of its ends is on the move: straight, without looking at what is in the way. */
export function movingRoute(journey: Journey, edge: JourneyEdge, moving: MovingPositions): EdgePath {
  const boxOf = (id: string) => ({ ...cardBox(journey, id), ...moving.get(id) })
  return forwardPath(endsOf(journey, edge, boxOf(edge.from), boxOf(edge.to)))
}

function endsOf(journey: Journey, { from, outcome }: JourneyEdge, source: CardBox, target: CardBox): Ends {
  const { nodes, outcomes } = graphOf(journey)
  const own = outcomes.get(from) ?? []
  return {
    sourceX: source.x + outcomeX(nodes.get(from)?.type ?? "", own, own.indexOf(outcome)),
    sourceY: source.y + source.height,
    targetX: target.x + target.width / 2,
    targetY: target.y,
    sourcePosition: Position.Bottom,
    targetPosition: Position.Top,
  }
}
