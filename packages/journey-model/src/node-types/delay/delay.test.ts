import { expect, test } from "vitest"
import { at, dayMs, momentOf } from "../../testing/moment.ts"
import type { Decision, Moment } from "../definition.ts"
import { delay } from "./delay.ts"

const table: { name: string; moment: Partial<Moment>; expected: Decision }[] = [
  { name: "stays for its time", moment: {}, expected: { kind: "park", wakeAt: at + 3 * dayMs } },
  {
    name: "in a late turn, from the real time",
    moment: { base: at + dayMs },
    expected: { kind: "park", wakeAt: at + 4 * dayMs },
  },
  {
    name: "leaves when its time has come",
    moment: { cause: "time", wakeAt: at },
    expected: { kind: "leave", outcome: "next" },
  },
]

test.each(table)("$name", ({ moment, expected }) => {
  expect(delay.decide({ for: "P3D" })(momentOf(moment))).toEqual(expected)
})
