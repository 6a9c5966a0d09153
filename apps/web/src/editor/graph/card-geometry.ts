/** Sizes of a node card in canvas units. Pure, so that edges to cards outside the view need no measuring. */
export const cardWidth = 220
const plainHeight = 78
const outcomeStripHeight = 20
const outcomeWidth = 68

export type CardSize = { width: number; height: number }

/** Outcomes of an e-mail that fall through to `next` while nothing is connected to them. */
export const fallsThrough = (type: string, outcome: string): boolean =>
  type === "email" && (outcome === "suppressed" || outcome === "failed")

/** Size of the card of a node with these outcomes. */
export function cardSize(outcomes: readonly string[]): CardSize {
  return {
    width: Math.max(cardWidth, outcomes.length * outcomeWidth),
    height: outcomes.length > 1 ? plainHeight + outcomeStripHeight : plainHeight,
  }
}

/** Where each outcome leaves the card, as x from its left edge; the y is the card's height. */
export function outcomeX(outcomes: readonly string[], index: number): number {
  const { width } = cardSize(outcomes)
  return (width / outcomes.length) * (index + 0.5)
}
