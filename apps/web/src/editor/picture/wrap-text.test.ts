import { describe, expect, it } from "vitest"
import { wrapText } from "./wrap-text.ts"

describe("text in lines", () => {
  it("breaks between words", () =>
    expect(wrapText("Wait for Order, at most 3 days", 16, 2)).toEqual(["Wait for Order,", "at most 3 days"]))
  it("says that something is left out", () =>
    expect(wrapText("one two three four five", 8, 2)).toEqual(["one two", "three…"]))
  it("cuts a word that is longer than a line", () => expect(wrapText("abcdefghij", 5, 2)).toEqual(["abcd…"]))
  it("of nothing is nothing", () => expect(wrapText(" ", 5, 2)).toEqual([]))
})
