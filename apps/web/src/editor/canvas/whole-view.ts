import { centred, fitAround, type Rect, type View } from "./fit-around.ts"

/** What lies over the canvas. */
const overCanvas = "[data-live-bar], [data-find-bar]"

/** Where the bar with the totals comes to lie: kept free from the start, so that no card is under it when it opens. */
const barRoom = { width: 600, height: 58 }

export const minZoom = 0.015
const largestOfWhole = 1

/** The view of these cards in which nothing that lies over the canvas covers one, as far as there is room. */
export function wholeView(canvas: Element, cards: readonly Rect[]): View {
  const area = canvas.getBoundingClientRect()
  const covers = [...(canvas.parentElement ?? canvas).querySelectorAll(overCanvas)].map(element => {
    const { x, y, width, height } = element.getBoundingClientRect()
    return { x: x - area.x, y: y - area.y, width, height }
  })
  const room = { ...barRoom, x: (area.width - barRoom.width) / 2, y: 0 }
  const zoom = { min: minZoom, max: largestOfWhole }
  return fitAround(cards, area, [...covers, room], zoom) ?? centred(cards, area, zoom)
}
