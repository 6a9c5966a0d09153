import { describe, expect, it } from "vitest"
import { parseValue, printValue } from "./json-value.ts"

describe("values typed by hand", () => {
  it.each([
    ["Ada", "Ada"],
    ["42", 42],
    ["-1.5", -1.5],
    ['"42"', "42"],
    ["true", true],
    ["trueish", "trueish"],
    ["null", null],
    ['{"a":1}', { a: 1 }],
    ["{broken", "{broken"],
    ["2026-11-21", "2026-11-21"],
    ["", ""],
  ])("reads %s", (text, value) => {
    expect(parseValue(text)).toEqual(value)
  })

  it.each([["Ada"], ["42"], ["true"], [42], [null], [{ a: [1] }], ["2026-11-21"], ['"quoted"'], [""]])(
    "reads back what it prints: %j",
    value => {
      expect(parseValue(printValue(value))).toEqual(value)
    },
  )
})
