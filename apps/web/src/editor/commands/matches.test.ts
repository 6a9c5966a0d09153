import { describe, expect, it } from "vitest"
import { matches } from "./matches.ts"

describe("what is asked for in a list", () => {
  it.each([
    ["Welcome mail", "wel mai", true],
    ["Riordina le attività", "attivita", true],
    ["Send “10 % off”", "10 %", true],
    ["Welcome mail", "", true],
    ["Welcome mail", "wel bye", false],
  ])("%s, asked for %s: %s", (text, asked, found) => expect(matches(text, asked)).toBe(found))
})
