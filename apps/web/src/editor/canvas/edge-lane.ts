import type { Journey } from "@viaggio/journey-model"
import { cardBox } from "../graph/card-boxes.ts"
import { outcomeX } from "../graph/card-geometry.ts"
import { edgeId, graphOf } from "../graph/graph-index.ts"

// Less than this is from one row to the next: no card can stand between.
const nextRow = 110
const clearance = 20

const cache = new WeakMap<Journey, Map<string, number | undefined>>()

/**
 * The x at which an edge over several rows runs down, so that it passes beside the cards between its ends and not
 * behind them; undefined where none is in its way. Found once for each document value.
 */
export function laneOf(journey: Journey, from: string, outcome: string, to: string): number | undefined {
  const lanes = cache.get(journey) ?? new Map<string, number | undefined>()
  cache.set(journey, lanes)
  const id = edgeId(from, outcome)
  if (!lanes.has(id)) lanes.set(id, findLane(journey, from, outcome, to))
  return lanes.get(id)
}

function findLane(journey: Journey, from: string, outcome: string, to: string): number | undefined {
  const { nodes, outcomes } = graphOf(journey)
  const source = cardBox(journey, from)
  const target = cardBox(journey, to)
  const top = source.y + source.height
  const bottom = target.y
  if (bottom - top < nextRow) return undefined
  const own = outcomes.get(from) ?? []
  const begin = source.x + outcomeX(nodes.get(from)?.type ?? "", own, own.indexOf(outcome))
  const end = target.x + target.width / 2
  const between = journey.nodes
    .map(({ id }) => cardBox(journey, id))
    .filter(box => box.y < bottom && box.y + box.height > top)
  const isFree = (x: number) =>
    between.every(box => x <= box.x - clearance || x >= box.x + box.width + clearance)
  const lanes = [
    begin,
    end,
    ...between.flatMap(box => [box.x - clearance, box.x + box.width + clearance]),
  ].filter(isFree)
  if (between.length === 0 || lanes.length === 0) return undefined
  const detour = (x: number) => Math.abs(x - begin) + Math.abs(x - end)
  return lanes.reduce((best, x) => (detour(x) < detour(best) ? x : best))
}
