import { expect, it } from "vitest"
import { readSearch } from "./search.ts"

it("reads filters and the open message, an id of digits too, and drops the rest", () => {
  expect(readSearch({ journey: "welcome", state: "sent", userId: 1001, message: "", page: 3 })).toEqual({
    journey: "welcome",
    state: "sent",
    userId: "1001",
  })
  expect(readSearch({ state: "lost", inDoubt: "perhaps" })).toEqual({})
  expect(readSearch({ inDoubt: true })).toEqual({ inDoubt: true })
})
