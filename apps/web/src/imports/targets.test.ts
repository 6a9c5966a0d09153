import { describe, expect, it } from "vitest"
import type { ImportTarget } from "./import.ts"
import { choiceOf, problemsOf, targetChoices, targetOf } from "./targets.ts"

const email: ImportTarget = { to: "identity", kind: "email" }
const attribute = (name: string): ImportTarget => ({ to: "attribute", name, type: "text" })

describe("what a column becomes", () => {
  it.each(targetChoices)("%s is chosen and read again", choice => {
    expect(choiceOf(targetOf(choice, "Column"))).toBe(choice)
  })

  it("an attribute is named after its column", () => {
    expect(targetOf("attribute", " First name ")).toEqual({
      to: "attribute",
      name: "First name",
      type: "text",
    })
  })
})

describe("what stands against a mapping", () => {
  it.each<[string, ImportTarget[], ReturnType<typeof problemsOf>]>([
    ["nothing where a row says who it is about", [email, attribute("city")], []],
    ["nobody is named", [attribute("city"), { to: "consent" }], [{ kind: "nobody" }]],
    ["two columns of one identifier", [email, email], [{ kind: "twice", column: 1 }]],
    [
      "two columns of one attribute",
      [email, attribute("a"), attribute(" a ")],
      [{ kind: "twice", column: 2 }],
    ],
    ["an attribute without a name", [email, attribute(" ")], [{ kind: "unnamed", column: 1 }]],
    ["two columns that are left out are no trouble", [email, { to: "ignore" }, { to: "ignore" }], []],
  ])("%s", (_, columns, expected) => expect(problemsOf(columns)).toEqual(expected))
})
