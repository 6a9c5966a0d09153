import { describe, expect, test } from "vitest"
import { draw } from "./draw.ts"

describe("draw", () => {
  test("is the same for ever", () => {
    expect(draw("e1", "n1", "salt")).toBe(draw("e1", "n1", "salt"))
    expect(draw("e1", "n1", "salt")).not.toBe(draw("e1", "n2", "salt"))
  })
  test("is uniform: 20,000 draws fall into 20 drawers alike (chi-square at 0.1 %)", () => {
    const drawers = new Array<number>(20).fill(0)
    for (let index = 0; index < 20_000; index++) {
      const drawn = draw(`customer-${index}`, "split", "s")
      expect(drawn).toBeGreaterThanOrEqual(0)
      expect(drawn).toBeLessThan(1)
      const drawer = Math.floor(drawn * 20)
      drawers[drawer] = (drawers[drawer] ?? 0) + 1
    }
    const chiSquare = drawers.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0)
    expect(chiSquare).toBeLessThan(43.8)
  })
})
