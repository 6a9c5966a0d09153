import type { Json } from "@viaggio/journey-model"
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
    "compare.not.equals": "{{path}} is not {{value}}, or is unknown",
    "condition.all": "{{parts}}",
    "condition.any": "{{parts}}",
  })[id]?.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name])) ?? id

const is = (path: string, value: string | number) => ({ id: "is", values: { path, value } })

describe("a sentence of the model", () => {
  it("says durations in words, and nothing else that looks like one", () => {
    const values = { event: "P3D", timeout: { id: "duration", values: { iso: "P3D" } } }
    expect(saySentence({ id: "wait", values }, format, lookUp)).toBe("Wait for P3D, at most 3 days")
  })

  it("says the sentences inside it first", () => {
    expect(
      saySentence(
        { id: "where", values: { event: "Order Completed", where: is("cart_id", 42) } },
        format,
        lookUp,
      ),
    ).toBe("Order Completed with cart_id is 42")
  })

  it("joins lists and writes yes and no as they are", () => {
    expect(saySentence({ id: "any", values: { items: ["IT", "SM", true] } }, format, lookUp)).toBe(
      "one of IT, SM or true",
    )
  })

  it("joins what must all hold by and, what may hold by or, and brackets a group in a group", () => {
    const any = { id: "condition.any", values: { parts: [is("country", "IT"), is("country", "SM")] } }
    const all = { id: "condition.all", values: { parts: [is("plan", "free"), any] } }
    expect(saySentence(any, format, lookUp)).toBe("country is IT or country is SM")
    expect(saySentence(all, format, lookUp)).toBe("plan is free and (country is IT or country is SM)")
  })

  it("brackets what is not so or unknown among others, and leaves it alone by itself", () => {
    const not = { id: "compare.not.equals", values: { path: "country", value: "IT" } }
    const all = (...parts: Json[]) => ({ id: "condition.all", values: { parts } })
    expect(saySentence(all(is("plan", "free"), not), format, lookUp)).toBe(
      "plan is free and (country is not IT, or is unknown)",
    )
    expect(saySentence(all(not), format, lookUp)).toBe("country is not IT, or is unknown")
  })

  it("leaves a group of one without brackets", () => {
    const one = { id: "condition.any", values: { parts: [is("vip", "yes")] } }
    const all = { id: "condition.all", values: { parts: [is("plan", "free"), one] } }
    expect(saySentence(all, format, lookUp)).toBe("plan is free and vip is yes")
  })
})
