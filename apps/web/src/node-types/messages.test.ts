import { NodeType, nodeTypeOf, sentenceIds } from "@viaggio/journey-model"
import { describe, expect, it } from "vitest"
import en from "./messages.en.json"
import it_ from "./messages.it.json"

type Messages = { [key: string]: unknown }

const forms = (messages: Messages, id: string): string[] =>
  [id, `${id}_one`, `${id}_other`].map(key => messages[key]).filter(text => typeof text === "string")

const placeholders = (text: string): string[] =>
  [...text.matchAll(/\{\{(\w+)\}\}/g)].map(match => match[1] ?? "")

describe.each([
  ["English", en as Messages],
  ["Italian", it_ as Messages],
])("the model's sentences in %s", (_language, messages) => {
  it.each(Object.entries(sentenceIds))("say %s with no value that the model does not give", (id, values) => {
    const texts = forms(messages, id)
    expect(texts.length).toBeGreaterThan(0)
    for (const text of texts)
      for (const name of placeholders(text)) expect([...values, "count"]).toContain(name)
  })
})

describe("node types", () => {
  it.each(Object.values(NodeType))("tell what %s is for", type => {
    expect(nodeTypeOf(type)).toBeDefined()
    expect(Object.keys(en.about)).toContain(type)
  })
})
