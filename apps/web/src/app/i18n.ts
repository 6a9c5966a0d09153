import i18next from "i18next"
import { initReactI18next } from "react-i18next"
import { catalogueFiles, gatherCatalogues, type Language, languages } from "./catalogue.ts"

const storageKey = "viaggio.language"

function isLanguage(text: string | null): text is Language {
  return languages.some(each => each === text)
}

/** The language that the person chose here before, else the first of the browser's that we speak, else English. */
export function chooseLanguage(stored: string | null, wanted: readonly string[]): Language {
  if (isLanguage(stored)) return stored
  for (const tag of wanted) {
    const base = tag.slice(0, 2).toLowerCase()
    if (isLanguage(base)) return base
  }
  return "en"
}

function readStored(): string | null {
  try {
    return localStorage.getItem(storageKey)
  } catch {
    return null
  }
}

/** Changes the language of the screens at once and remembers it in this browser. */
export async function changeLanguage(language: Language): Promise<void> {
  try {
    localStorage.setItem(storageKey, language)
  } catch {
    // Not remembered where storage is refused; the screens change all the same.
  }
  await i18next.changeLanguage(language)
}

/** Starts the message catalogue. Everything is bundled, so this is done before the first render. */
export function startI18n(): void {
  i18next.on("languageChanged", language => {
    document.documentElement.lang = language
  })
  void i18next.use(initReactI18next).init({
    resources: gatherCatalogues(catalogueFiles),
    lng: chooseLanguage(readStored(), navigator.languages),
    fallbackLng: "en",
    defaultNS: "app",
    interpolation: { escapeValue: false },
    returnNull: false,
    initAsync: false,
  })
}
