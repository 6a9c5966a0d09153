import { describe, expect, it } from "vitest"
import { addLatency, emptyLatency, latencyAt } from "./latency.ts"

describe("how long sends took", () => {
  it("is known within a quarter", () => {
    const counts = emptyLatency()
    for (let ms = 1; ms <= 1_000; ms += 1) addLatency(counts, ms)
    expect(latencyAt(counts, 0.5)! / 500).toBeGreaterThanOrEqual(1)
    expect(latencyAt(counts, 0.5)! / 500).toBeLessThan(1.25)
    expect(latencyAt(counts, 0.95)! / 950).toBeGreaterThanOrEqual(1)
    expect(latencyAt(counts, 0.95)! / 950).toBeLessThan(1.25)
  })

  it("is nothing without a send, and holds what takes very long", () => {
    const counts = emptyLatency()
    expect(latencyAt(counts, 0.5)).toBeUndefined()
    addLatency(counts, 60 * 60_000)
    expect(counts.at(-1)).toBe(1)
  })
})
