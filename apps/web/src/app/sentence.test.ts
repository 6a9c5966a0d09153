import { describe, expect, it } from "vitest"
import { createFormat } from "./format.ts"
import { type LookUp, saySentence } from "./sentence.ts"

const format = createFormat("en-GB", "UTC")

/** A catalogue of templates that knows only `{{name}}`, as i18next does. */
const lookUp: LookUp = (id, values) =>
  ({
    wait: "Wait for {{event}}, at most {{timeout}}",
    where: "{{event}} with {{where}}",
    is: "{{path}} is {{value}}",
    any: "one of {{items}}",
  })[id]?.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name])) ?? id

describe("a sentence of the model", () => {
  it("says durations in words", () => {
    const sentence = { id: "wait", values: { event: "Order Completed", timeout: "P3D" } }
    expect(saySentence(sentence, format, lookUp)).toBe("Wait for Order Completed, at most 3 days")
  })

  it("says the sentences inside it first", () => {
    const where = { id: "is", values: { path: "cart_id", value: 42 } }
    expect(saySentence({ id: "where", values: { event: "Order Completed", where } }, format, lookUp)).toBe(
      "Order Completed with cart_id is 42",
    )
  })

  it("joins lists and writes yes and no as they are", () => {
    expect(saySentence({ id: "any", values: { items: ["IT", "SM", true] } }, format, lookUp)).toBe(
      "one of IT, SM or true",
    )
  })
})
