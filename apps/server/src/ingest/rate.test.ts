import { expect, it } from "vitest"
import { createRateLimit, USUAL_PER_SECOND } from "./rate.ts"

it("lets a burst pass, then so many a second, each workspace by itself", () => {
  let now = 1_000_000
  const limit = createRateLimit(() => now)
  expect(limit.take(1, 200, 100)).toBe(0)
  expect(limit.take(1, 1, 100)).toBe(1)
  expect(limit.take(2, 1, 100)).toBe(0)
  now += 1_000
  expect(limit.take(1, 100, 100)).toBe(0)
  expect(limit.take(1, 1, 100)).toBeGreaterThan(0)
})

it("takes a request that is larger than what is left, and lets it be made up for", () => {
  let now = 0
  const limit = createRateLimit(() => now)
  expect(limit.take(1, 500, 100)).toBe(0)
  expect(limit.take(1, 1, 100)).toBe(3_001)
  now += 3_001
  expect(limit.take(1, 1, 100)).toBe(0)
})

it("is no hindrance to who says nothing", () => {
  const limit = createRateLimit(() => 0)
  expect(limit.take(1, USUAL_PER_SECOND)).toBe(0)
})
