import type { Resource, ResourceLanguage } from "i18next"

/** The languages that the screens speak; the first is the one that others are measured against. */
export const languages = ["en", "it"] as const
export type Language = (typeof languages)[number]

export type Messages = { [key: string]: string | Messages }

/** `../journeys/messages.en.json` → `{ namespace: "journeys", language: "en" }`. */
export function readCataloguePath(path: string): { namespace: string; language: Language } {
  // The glob writes the files beside this module as "./messages.en.json".
  const match = /\/([^/]+)\/messages\.([a-z]{2})\.json$/.exec(path.replace(/^\.\//, "../app/"))
  const language = languages.find(each => each === match?.[2])
  if (!match?.[1] || !language) throw new Error(`not a message catalogue: ${path}`)
  return { namespace: match[1], language }
}

/**
 * Italian counts have a third form, used from a million on ("1.000.000 di clienti"); where a feature does not
 * write it, its `_other` form is said.
 */
export function fillItalianMany(messages: Messages): Messages {
  const filled: Messages = {}
  for (const [key, value] of Object.entries(messages)) {
    filled[key] = typeof value === "string" ? value : fillItalianMany(value)
    if (key.endsWith("_other")) {
      const many = `${key.slice(0, -"_other".length)}_many`
      if (!(many in messages)) filled[many] = value
    }
  }
  return filled
}

/** Gathers the catalogues of all feature folders: one namespace per folder, one language per file. */
export function gatherCatalogues(files: Record<string, Messages>): Resource {
  const resources: Record<Language, ResourceLanguage> = { en: {}, it: {} }
  for (const [path, messages] of Object.entries(files)) {
    const { namespace, language } = readCataloguePath(path)
    resources[language][namespace] = language === "it" ? fillItalianMany(messages) : messages
  }
  return resources
}

/** The English catalogues by their paths, e.g. `../journeys/messages.en.json`; what is missing elsewhere is said in it. */
export const englishFiles = import.meta.glob<Messages>("../*/messages.en.json", {
  eager: true,
  import: "default",
})
