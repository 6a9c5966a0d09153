import { beforeEach, describe, expect, it } from "vitest"
import { type Circuit, createCircuit } from "./circuit.ts"

let now = 0
let circuit: Circuit
beforeEach(() => {
  now = 1_000
  circuit = createCircuit({ nowMs: () => now, random: () => 1 })
})

const fail = (times: number, retryAfterMs?: number) => {
  for (let i = 0; i < times; i += 1) {
    circuit.began()
    circuit.ended("overload", retryAfterMs)
  }
}

describe("the circuit of a provider", () => {
  it("stays closed while some sends come through", () => {
    for (let i = 0; i < 20; i += 1) {
      fail(4)
      circuit.ended("answered")
    }
    expect(circuit.state()).toBe("closed")
    expect(circuit.allowance()).toBe(Number.POSITIVE_INFINITY)
  })

  it("opens after five overloads one after the other, and lets one probe through after a second", () => {
    fail(5)
    expect(circuit.state()).toBe("open")
    expect(circuit.allowance()).toBe(0)
    now += 999
    expect(circuit.allowance()).toBe(0)
    now += 1
    expect(circuit.state()).toBe("half-open")
    expect(circuit.allowance()).toBe(1)
    circuit.began()
    expect(circuit.allowance()).toBe(0)
    circuit.ended("answered")
    expect(circuit.state()).toBe("closed")
  })

  it("waits twice as long after each failed probe, at most a minute", () => {
    fail(5)
    const waits: number[] = []
    for (let i = 0; i < 8; i += 1) {
      waits.push(circuit.waitMs())
      now += circuit.waitMs()
      fail(1)
    }
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000])
  })

  it("is not held open longer by sends that had begun before", () => {
    for (let i = 0; i < 9; i += 1) circuit.began()
    for (let i = 0; i < 9; i += 1) circuit.ended("overload")
    expect(circuit.waitMs()).toBe(1_000)
  })

  it("heeds how long the provider asks to be left alone", () => {
    fail(1, 7_000)
    expect(circuit.state()).toBe("open")
    expect(circuit.waitMs()).toBe(7_000)
  })

  it("asks again after a probe that had no time to try", () => {
    fail(5)
    now += 1_000
    circuit.began()
    circuit.ended("not tried")
    expect(circuit.allowance()).toBe(1)
  })
})
