import { expect, test } from "vitest"
import { momentOf } from "../../testing/moment.ts"
import { exit } from "./exit.ts"

test("ends with its reason", () => {
  expect(exit.decide({ reason: "bought" })(momentOf())).toEqual({ kind: "end", reason: "bought" })
})

const table: [reason: string, problems: string[]][] = [
  ["bought", []],
  ["", ["exit-reason-invalid"]],
  ["Bought", ["exit-reason-invalid"]],
  ["stopped", ["exit-reason-reserved"]],
  ["end-of-path", ["exit-reason-reserved"]],
]

test.each(table)("the reason %j", (reason, problems) => {
  const found = exit.check({ reason }, { node: "x", knowledge: {} })
  expect(found.map(({ id }) => id)).toEqual(problems)
})
