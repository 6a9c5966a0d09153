import { describe, expect, test } from "vitest"
import { chanceOf, delayAt, drawSlot, slotOf, slotWithin } from "./chance.ts"

describe("chance", () => {
  test("is the same for ever for a seed, a customer and a slot, and another for each of them", () => {
    const of = (seed: number, customer: number, slot: string) =>
      drawSlot(chanceOf(seed, customer), slotOf(slot))
    expect(of(1, 2, "Order")).toBe(0.15942538157105446)
    const other = [of(2, 2, "Order"), of(1, 3, "Order"), of(1, 2, "View")]
    expect(new Set([of(1, 2, "Order"), ...other]).size).toBe(4)
    expect(slotWithin(slotOf("a"), 1)).not.toBe(slotWithin(slotOf("a"), 2))
  })
  test.each(["over customers", "over seeds", "over visits"])(
    "is uniform %s: 20,000 draws fall into 20 drawers alike (chi-square at 0.1 %)",
    over => {
      const drawers = new Array<number>(20).fill(0)
      const slot = slotOf("Order Completed")
      for (let index = 0; index < 20_000; index++) {
        const drawn =
          over === "over customers"
            ? drawSlot(chanceOf(7, index), slot)
            : over === "over seeds"
              ? drawSlot(chanceOf(index, 7), slot)
              : drawSlot(chanceOf(7, 7), slotWithin(slot, index))
        const drawer = Math.floor(drawn * 20)
        drawers[drawer] = (drawers[drawer] ?? 0) + 1
      }
      const chiSquare = drawers.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0)
      expect(chiSquare).toBeLessThan(43.8)
    },
  )
  test("a delay lies between its quantiles, in a straight line", () => {
    const delaysMs = [0, 100, 1000]
    expect([0, 0.25, 0.5, 0.75, 0.9999].map(place => delayAt(delaysMs, place))).toEqual([
      1, 50, 100, 550, 1000,
    ])
    expect(delayAt([5], 0.7)).toBe(5)
    expect(delayAt([], 0.7)).toBe(1)
  })
})
