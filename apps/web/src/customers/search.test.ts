import { expect, it } from "vitest"
import { readSearch } from "./search.ts"

it.each([
  ["nothing", {}, {}],
  ["a number that was typed as a search", { search: 42 }, { search: "42" }],
  [
    "every filter",
    { search: "ada", inside: "welcome", consent: "suppressed" },
    { search: "ada", inside: "welcome", consent: "suppressed" },
  ],
  [
    "a condition",
    { condition: { kind: "profile", path: "vip", is: "exists" } },
    { condition: { kind: "profile", path: "vip", is: "exists" } },
  ],
  ["what it does not understand", { search: ["x"], inside: "", consent: "maybe", condition: "vip" }, {}],
])("reads %s out of the address", (_, search, expected) => expect(readSearch(search)).toEqual(expected))
