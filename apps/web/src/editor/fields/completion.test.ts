import { describe, expect, it } from "vitest"
import { complete, typedAt } from "./completion.ts"

/** The caret stands at the bar. */
const at = (marked: string) => {
  const caret = marked.indexOf("|")
  return { text: marked.replace("|", ""), caret }
}
const asked = (marked: string) => {
  const { text, caret } = at(marked)
  return typedAt(text, caret)?.asked
}
const completed = (marked: string, path: string) => {
  const { text, caret } = at(marked)
  const typed = typedAt(text, caret)
  if (!typed) return undefined
  const done = complete(text, typed, path)
  return `${done.text.slice(0, done.caret)}|${done.text.slice(done.caret)}`
}

describe("a name in a template", () => {
  it.each([
    ["Hi {{|", ""],
    ["Hi {{ pro|", "pro"],
    ["Hi {{ profile.fi|rst }}", "profile.fi"],
    ["{% if profile.|", "profile."],
    ["{% if profile.vip and entry.|", "entry."],
    ["Hi |", undefined],
    ["Hi {{ a }} pro|", undefined],
    ["{{ a | def|", undefined],
    ["{{ 'pro|", undefined],
    ["{% i|", undefined],
  ])("%s", (marked, expected) => {
    // The bar of a filter is written before the one that marks the caret.
    const caret = marked.lastIndexOf("|")
    expect(typedAt(marked.slice(0, caret) + marked.slice(caret + 1), caret)?.asked).toBe(expected)
  })
  it("is asked for only where one can stand", () => expect(asked("plain |")).toBeUndefined())
  it.each([
    ["Hi {{|", "profile.name", "Hi {{ profile.name | default: '' }}|"],
    ["Hi {{ pro|", "profile.name", "Hi {{ profile.name | default: '' }}|"],
    ["Hi {{ pro|x }}!", "profile.name", "Hi {{ profile.name| }}!"],
    ["{% if pro| %}x{% endif %}", "profile.vip", "{% if profile.vip| %}x{% endif %}"],
    ["{{ pro| and {{ b }}", "profile.name", "{{ profile.name | default: '' }}| and {{ b }}"],
  ])("%s becomes %s", (marked, path, expected) => expect(completed(marked, path)).toBe(expected))
})
