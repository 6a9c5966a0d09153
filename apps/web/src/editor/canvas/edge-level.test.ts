import { expect, test } from "vitest"
import { findLevels } from "./edge-level.ts"

const levels = (...runs: [outcome: string, x: number, to: number][]) =>
  Object.fromEntries(findLevels(runs.map(([outcome, x, to]) => ({ outcome, x, to }))))

test("ways that part from each other share one height", () => {
  expect(levels(["a", 10, -50], ["b", 30, 90])).toEqual({ a: 0, b: 0 })
})

test("ways that pass each other do not lie on one another", () => {
  expect(levels(["a", 10, 90], ["b", 30, -50])).toEqual({ a: 5, b: -5 })
})

test("two ways to one side never cross", () => {
  expect(levels(["a", 10, 60], ["b", 30, 90])).toEqual({ a: 5, b: -5 })
  expect(levels(["a", 10, -90], ["b", 30, -50])).toEqual({ a: -5, b: 5 })
})

test("many ways stay between the two rows", () => {
  const all = Array.from({ length: 8 }, (_, i): [string, number, number] => [`way${i}`, i * 10, 500 + i])
  const heights = Object.values(levels(...all))
  expect(new Set(heights).size).toBe(8)
  expect(Math.max(...heights.map(Math.abs))).toBe(16)
})
