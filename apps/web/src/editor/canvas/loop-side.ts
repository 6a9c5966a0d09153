import type { Journey } from "@viaggio/journey-model"
import { cardBox } from "../graph/card-boxes.ts"

const clearance = 30

/**
 * The x at which a way back runs up, past every card that stands between its two ends: on the left or on the
 * right, whichever is nearer to where it starts.
 */
export function loopSide(journey: Journey, from: string, to: string): number {
  const source = cardBox(journey, from)
  const target = cardBox(journey, to)
  const top = Math.min(source.y, target.y)
  const bottom = Math.max(source.y + source.height, target.y + target.height)
  let left = Math.min(source.x, target.x)
  let right = Math.max(source.x + source.width, target.x + target.width)
  for (const { id } of journey.nodes) {
    const box = cardBox(journey, id)
    if (box.y + box.height < top || box.y > bottom) continue
    left = Math.min(left, box.x)
    right = Math.max(right, box.x + box.width)
  }
  const middle = source.x + source.width / 2
  return middle - left < right - middle ? left - clearance : right + clearance
}
