/** A rectangle; of cards in canvas units, of what covers the canvas in pixels of it. */
export type Rect = { x: number; y: number; width: number; height: number }

/** As React Flow has it: where the canvas' origin lies in the area, in pixels, and how large a unit is. */
export type View = { x: number; y: number; zoom: number }

type Free = { left: number; top: number; right: number; bottom: number }

const marginPx = 28
const gapPx = 14

/**
 * The largest view of all cards in which nothing that lies over the canvas covers one. What lies over it may
 * stand beside the cards or in a corner that they leave free. Undefined where there is nothing to show or no
 * room for it.
 */
export function fitAround(
  cards: readonly Rect[],
  area: { width: number; height: number },
  covers: readonly Rect[],
  zoom: { min: number; max: number },
): View | undefined {
  if (cards.length === 0) return undefined
  const bounds = boundsOf(cards)
  const wide = covers.map(cover => ({
    x: cover.x - gapPx,
    y: cover.y - gapPx,
    width: cover.width + 2 * gapPx,
    height: cover.height + 2 * gapPx,
  }))
  let best: View | undefined
  for (const free of freeAreas(area, wide)) {
    const view = viewInto(bounds, free, zoom)
    // A little more is not worth leaving the middle.
    if (!view || view.zoom <= (best?.zoom ?? 0) * 1.02) continue
    const isCovered = cards.some(card => wide.some(cover => overlaps(placed(card, view), cover)))
    if (!isCovered) best = view
  }
  return best
}

/** The view with the middle of all cards in the middle, as large as they fit or the smallest that there is. */
export function centred(
  cards: readonly Rect[],
  area: { width: number; height: number },
  zoom: { min: number; max: number },
): View {
  const bounds = cards.length > 0 ? boundsOf(cards) : { x: 0, y: 0, width: 0, height: 0 }
  const fitting = Math.min(area.width / bounds.width, area.height / bounds.height)
  const scale = Math.max(zoom.min, Math.min(zoom.max, fitting))
  return {
    x: area.width / 2 - (bounds.x + bounds.width / 2) * scale,
    y: area.height / 2 - (bounds.y + bounds.height / 2) * scale,
    zoom: scale,
  }
}

/** The whole area, then what is left of it when covers are left out by one of the sides that they lie at. */
function freeAreas(area: { width: number; height: number }, covers: readonly Rect[]): Free[] {
  const whole: Free = {
    left: marginPx,
    top: marginPx,
    right: area.width - marginPx,
    bottom: area.height - marginPx,
  }
  return covers.reduce<Free[]>(
    (frees, cover) =>
      frees.flatMap(free => [
        free,
        { ...free, left: Math.max(free.left, cover.x + cover.width) },
        { ...free, right: Math.min(free.right, cover.x) },
        { ...free, top: Math.max(free.top, cover.y + cover.height) },
        { ...free, bottom: Math.min(free.bottom, cover.y) },
      ]),
    [whole],
  )
}

function viewInto(bounds: Rect, free: Free, zoom: { min: number; max: number }): View | undefined {
  const width = free.right - free.left
  const height = free.bottom - free.top
  const scale = Math.min(zoom.max, width / bounds.width, height / bounds.height)
  if (!(scale >= zoom.min)) return undefined
  return {
    x: free.left + (width - bounds.width * scale) / 2 - bounds.x * scale,
    y: free.top + (height - bounds.height * scale) / 2 - bounds.y * scale,
    zoom: scale,
  }
}

function boundsOf(cards: readonly Rect[]): Rect {
  const x = Math.min(...cards.map(card => card.x))
  const y = Math.min(...cards.map(card => card.y))
  return {
    x,
    y,
    width: Math.max(...cards.map(card => card.x + card.width)) - x,
    height: Math.max(...cards.map(card => card.y + card.height)) - y,
  }
}

const placed = (card: Rect, { x, y, zoom }: View): Rect => ({
  x: card.x * zoom + x,
  y: card.y * zoom + y,
  width: card.width * zoom,
  height: card.height * zoom,
})

const overlaps = (a: Rect, b: Rect): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
