import { expect, it } from "vitest"
import { readSearch } from "./search.ts"

it("opens the first tab where the address names none that exists", () => {
  expect([readSearch({ tab: "keys" }), readSearch({ tab: "nowhere" }), readSearch({})]).toEqual([
    { tab: "keys" },
    {},
    {},
  ])
})
