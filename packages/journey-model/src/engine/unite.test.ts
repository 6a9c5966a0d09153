import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { type StatedValues, uniteValues } from "./unite.ts"

const said = (attributes: StatedValues["attributes"], at: number): StatedValues => ({
  attributes,
  valueTimes: Object.fromEntries(Object.keys(attributes).map(name => [name, at])),
})

const profiles: fc.Arbitrary<StatedValues> = fc
  .dictionary(
    fc.constantFrom("town", "plan", "unsubscribed"),
    fc.record({
      at: fc.integer({ min: 0, max: 3 }),
      value: fc.constantFrom<(boolean | string | undefined)[]>(true, false, "a", "b", undefined),
    }),
  )
  .map(entries => ({
    attributes: Object.fromEntries(
      Object.entries(entries).flatMap(([name, { value }]) => (value === undefined ? [] : [[name, value]])),
    ),
    valueTimes: Object.fromEntries(Object.entries(entries).map(([name, { at }]) => [name, at])),
  }))

describe("values of two profiles that are one person", () => {
  test("what was said later stays, what was removed later is gone", () => {
    const a: StatedValues = { attributes: { town: "Pisa" }, valueTimes: { town: 5, plan: 9 } }
    expect(uniteValues(a, said({ town: "Lucca", plan: "free" }, 7))).toEqual({
      attributes: { town: "Lucca" },
      valueTimes: { town: 7, plan: 9 },
    })
  })
  test("who unsubscribed under one of them stays so, whatever the other said meanwhile", () => {
    const united = uniteValues(said({ unsubscribed: true }, 5), said({ unsubscribed: false }, 8))
    expect(united).toEqual({ attributes: { unsubscribed: true }, valueTimes: { unsubscribed: 8 } })
  })
  test("no order of merging matters", () => {
    fc.assert(
      fc.property(profiles, profiles, (a, b) => {
        expect(uniteValues(a, b)).toEqual(uniteValues(b, a))
        expect(uniteValues(a, a)).toEqual(a)
      }),
    )
  })
})
