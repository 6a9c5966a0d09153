import { parseDuration } from "@viaggio/journey-model"
import { describe, expect, test } from "vitest"
import { readAmount, type Unit, unitOf } from "./duration-amount.ts"

describe("an amount and a unit", () => {
  test.each<[string | number, Unit, string]>([
    [3, "day", "P3D"],
    ["1.5", "day", "P1DT12H"],
    ["1,5", "hour", "PT1H30M"],
    ["1.", "minute", "PT1M"],
    [2, "week", "P14D"],
    [1, "second", "PT1S"],
    [730, "day", "P730D"],
    [0.1, "minute", "PT6S"],
    [1.1, "hour", "PT1H6M"],
  ])("%s %s is %s", (typed, unit, iso) => {
    expect(readAmount(typed, unit)).toBe(iso)
  })

  test.each<[string | number, Unit]>([
    ["", "day"],
    [0, "day"],
    ["-", "day"],
    [-1, "day"],
    ["two", "day"],
    [".", "day"],
    [0.5, "second"],
    [731, "day"],
    [105, "week"],
    ["9".repeat(400), "second"],
    [1e21, "second"],
    [Number.NaN, "day"],
  ])("%s %s is nothing that a document takes", (typed, unit) => {
    expect(readAmount(typed, unit)).toBeUndefined()
  })
})

test.each([
  ["PT26H", "hour"],
  ["PT48H", "day"],
  ["P1DT12H", "hour"],
  ["PT90S", "second"],
])("%s is shown in %ss", (iso, unit) => {
  expect(unitOf(parseDuration(iso)!)).toBe(unit)
})
