import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { centred, fitAround, type Rect, type View } from "./fit-around.ts"

const area = { width: 1000, height: 800 }
const palette = { x: 15, y: 15, width: 146, height: 210 }
const controls = { x: 15, y: 750, width: 170, height: 35 }
const minimap = { x: 785, y: 635, width: 200, height: 150 }
const covers = [palette, controls, minimap]
const zoom = { min: 0.05, max: 1 }

const seen = (card: Rect, view: View): Rect => ({
  x: card.x * view.zoom + view.x,
  y: card.y * view.zoom + view.y,
  width: card.width * view.zoom,
  height: card.height * view.zoom,
})
const meets = (a: Rect, b: Rect) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height

describe("a view of the whole journey", () => {
  it("stands in the middle, at full size, where it fits between everything", () => {
    const view = fitAround([{ x: 0, y: 0, width: 220, height: 78 }], area, covers, zoom)
    expect(view).toEqual({ x: 390, y: 361, zoom: 1 })
  })

  it("uses corners that the cards leave free", () => {
    // A tall row of cards: palette and minimap stand beside it, and none of them costs height.
    const tall = Array.from({ length: 10 }, (_, row) => ({ x: 0, y: row * 140, width: 220, height: 78 }))
    const view = fitAround(tall, area, covers, zoom)
    expect(view?.zoom).toBeCloseTo((800 - 56) / (9 * 140 + 78), 5)
  })

  it("gives up the height of the minimap rather than its width for a wide journey", () => {
    const wide = Array.from({ length: 6 }, (_, column) => ({
      x: column * 260,
      y: 0,
      width: 220,
      height: 78,
    }))
    const view = fitAround(wide, area, covers, zoom)
    expect(view?.zoom).toBeCloseTo((1000 - 56) / (5 * 260 + 220), 5)
  })

  it("has nothing to say of no cards, nor without room", () => {
    expect(fitAround([], area, covers, zoom)).toBeUndefined()
    expect(fitAround([{ x: 0, y: 0, width: 220, height: 78 }], { width: 40, height: 40 }, [], zoom)).toBe(
      undefined,
    )
  })

  it("stands in the middle, as small as can be, where there is no room for all", () => {
    const far = [0, 1_000_000].map(x => ({ x, y: 0, width: 220, height: 78 }))
    expect(centred(far, area, zoom)).toEqual({
      x: 500 - 500_110 * 0.05,
      y: 400 - 39 * 0.05,
      zoom: 0.05,
    })
    expect(centred([], area, zoom)).toEqual({ x: 500, y: 400, zoom: 1 })
  })

  it("shows every card whole and covers none, whatever the journey's shape", () => {
    const card = fc.record({
      x: fc.integer({ min: -3000, max: 3000 }),
      y: fc.integer({ min: -3000, max: 3000 }),
      width: fc.integer({ min: 220, max: 700 }),
      height: fc.constantFrom(78, 98),
    })
    fc.assert(
      fc.property(fc.array(card, { minLength: 1, maxLength: 12 }), cards => {
        const view = fitAround(cards, area, covers, zoom)
        expect(view).toBeDefined()
        if (!view) return
        for (const each of cards.map(one => seen(one, view))) {
          expect(each.x).toBeGreaterThanOrEqual(27.99)
          expect(each.y).toBeGreaterThanOrEqual(27.99)
          expect(each.x + each.width).toBeLessThanOrEqual(972.01)
          expect(each.y + each.height).toBeLessThanOrEqual(772.01)
          for (const cover of covers) expect(meets(each, cover)).toBe(false)
        }
      }),
    )
  })
})
