import { expect, it } from "vitest"
import { chooseLanguage } from "./i18n.ts"

it.each([
  ["what was chosen here before", "it", ["en-GB"], "it"],
  ["the first language of the browser that we speak", null, ["de-DE", "it-CH", "en"], "it"],
  ["English where we speak none of them", null, ["de", "fr"], "en"],
  ["the browser's where the stored word is none of ours", "xx", ["it"], "it"],
])("%s", (_, stored, wanted, expected) => expect(chooseLanguage(stored, wanted)).toBe(expected))
