import { describe, expect, it } from "vitest"
import { englishFiles, fillItalianMany, gatherCatalogues, languages, readCataloguePath } from "./catalogue.ts"
import { italianFiles } from "./italian.ts"

type Messages = { [key: string]: string | Messages }

/** `{ a: { b: "…" } }` → `[["a.b", "…"]]`. */
function flatten(messages: Messages, prefix = ""): [key: string, text: string][] {
  return Object.entries(messages).flatMap(([key, value]): [string, string][] =>
    typeof value === "string" ? [[prefix + key, value]] : flatten(value, `${prefix}${key}.`),
  )
}

function placeholders(text: string): string[] {
  return [...new Set([...text.matchAll(/\{\{\s*([\w.-]+)/g)].map(match => match[1]!))].sort()
}

const catalogues = Object.entries({ ...englishFiles, ...italianFiles }).map(([path, messages]) => ({
  ...readCataloguePath(path),
  entries: new Map(flatten(messages)),
}))
const namespaces = [...new Set(catalogues.map(({ namespace }) => namespace))].sort()

function entriesOf(namespace: string, language: string): Map<string, string> {
  const found = catalogues.find(each => each.namespace === namespace && each.language === language)
  if (!found) throw new Error(`${namespace} has no ${language} catalogue`)
  return found.entries
}

it("finds the features' catalogues", () => {
  expect(namespaces).toEqual(
    expect.arrayContaining(["app", "customers", "editor", "journeys", "settings", "shell"]),
  )
})

describe.each(namespaces)("%s", namespace => {
  const english = entriesOf(namespace, "en")
  const italian = entriesOf(namespace, "it")

  it("has the same keys in both languages", () => {
    const ofMillions = (key: string) => key.endsWith("_many")
    expect([...italian.keys()].filter(key => !ofMillions(key)).sort()).toEqual([...english.keys()].sort())
  })

  it("has the same placeholders in both languages", () => {
    for (const [key, text] of english) {
      expect(placeholders(italian.get(key) ?? ""), key).toEqual(placeholders(text))
    }
  })

  it("says something in one language wherever it does in the other", () => {
    for (const [key, text] of english) expect(italian.get(key)?.trim() === "", key).toBe(text.trim() === "")
  })

  it("has a form for one and for more wherever it counts", () => {
    for (const entries of [english, italian]) {
      for (const key of entries.keys()) {
        const counted = /^(.*)_(one|other|many)$/.exec(key)?.[1]
        if (counted === undefined) continue
        expect([...entries.keys()], key).toEqual(
          expect.arrayContaining([`${counted}_one`, `${counted}_other`]),
        )
      }
    }
  })
})

it("says Italian millions with the form for many", () => {
  expect(fillItalianMany({ list: { count_one: "1", count_other: "{{count}}" } })).toEqual({
    list: { count_one: "1", count_other: "{{count}}", count_many: "{{count}}" },
  })
  expect(new Intl.PluralRules("it").select(1_000_000)).toBe("many")
})

it("gathers one namespace per folder and language", () => {
  const gathered = gatherCatalogues({
    "../journeys/messages.it.json": { title: "Viaggi" },
    "./messages.en.json": {},
  })
  expect(Object.keys(gathered)).toEqual([...languages])
  expect(gathered).toEqual({ en: { app: {} }, it: { journeys: { title: "Viaggi" } } })
})
