import { type Journey, type Positions, positionsOf } from "@viaggio/journey-model"
import { cardSize, cardWidth } from "./card-geometry.ts"
import { graphOf } from "./graph-index.ts"

/** Where a card is drawn, in canvas units. */
export type CardBox = { x: number; y: number; width: number; height: number }

const cache = new WeakMap<Journey, Positions>()

/** Where every node stands; placed once for each document value. */
export function placesOf(journey: Journey): Positions {
  const known = cache.get(journey)
  if (known) return known
  const places = positionsOf(journey)
  cache.set(journey, places)
  return places
}

/** A place in the document is that of a card of ordinary width; one with many outcomes reaches out on both sides. */
const overhang = (width: number): number => (width - cardWidth) / 2

/** The box of a node's card. */
export function cardBox(journey: Journey, id: string): CardBox {
  const [x, y] = placesOf(journey)[id] ?? [0, 0]
  const size = cardSize(graphOf(journey).outcomes.get(id) ?? [])
  return { x: x - overhang(size.width), y, ...size }
}

/** The place that the document holds for a card drawn at this point. */
export const toPlace = (at: { x: number; y: number }, width: number): [x: number, y: number] => [
  Math.round(at.x + overhang(width)),
  Math.round(at.y),
]
