import { describe, expect, it } from "vitest"
import { align } from "./alignment.ts"

const card = (x: number, y: number, width = 220, height = 78) => ({ x, y, width, height })

describe("a dragged card", () => {
  it("gives way to stand right below another, with a line through both", () => {
    const { dx, dy, lines } = align(card(4, 140), [card(0, 0)], 6)
    expect([dx, dy]).toEqual([-4, 0])
    expect(lines).toEqual([{ axis: "x", at: 110, from: 0, to: 218 }])
  })
  it("stands in one row by the top edge with a higher card", () => {
    const { dy, lines } = align(card(260, 137), [card(0, 140, 220, 98)], 6)
    expect(dy).toBe(3)
    expect(lines).toEqual([{ axis: "y", at: 140, from: 0, to: 480 }])
  })
  it("takes the nearest of several", () =>
    expect(align(card(5, 300), [card(0, 0), card(8, 150)], 6).dx).toBe(3))
  it("stays where it is away from all others", () =>
    expect(align(card(40, 300), [card(0, 0)], 6)).toEqual({ dx: 0, dy: 0, lines: [] }))
})
