import { nodeWidth } from "@viaggio/journey-model"

/** Sizes of a node card in canvas units. Pure, so that edges to cards outside the view need no measuring. */
export const cardWidth = nodeWidth(1)
const plainHeight = 78
const outcomeStripHeight = 20

export type CardSize = { width: number; height: number }

/** The way by which what falls through goes on. */
export const mainWay = (type: string): "next" | "succeeded" => (type === "webhook" ? "succeeded" : "next")

/** Outcomes that go on by the main way while nothing is connected to them. */
export const fallsThrough = (type: string, outcome: string): boolean =>
  (type === "email" && outcome === "suppressed") ||
  ((type === "email" || type === "webhook") && outcome === "failed")

/** Size of the card of a node with these outcomes. */
export function cardSize(outcomes: readonly string[]): CardSize {
  return {
    width: nodeWidth(outcomes.length),
    height: outcomes.length > 1 ? plainHeight + outcomeStripHeight : plainHeight,
  }
}

/**
 * Where an outcome leaves the card, as x from its left edge; the y is the card's height. Ways that fall through
 * stand at the sides, so that the main way of an e-mail leaves in the middle.
 */
export function outcomeX(type: string, outcomes: readonly string[], index: number): number {
  const { width } = cardSize(outcomes)
  return (width / outcomes.length) * (slotOf(type, outcomes, index) + 0.5)
}

/** The place of an outcome from the left: `[next, suppressed, failed]` stand as suppressed, next, failed. */
export function slotOf(type: string, outcomes: readonly string[], index: number): number {
  if (outcomes.length !== 3 || type !== "email") return index
  return [1, 0, 2][index] ?? index
}
