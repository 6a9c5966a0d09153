import i18next from "i18next"
import { initReactI18next } from "react-i18next"
import { englishFiles, gatherCatalogues, type Language, languages } from "./catalogue.ts"

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
  await learn(language)
  await i18next.changeLanguage(language)
}

/** English is always here. Where another language cannot be fetched, English is said. */
async function learn(language: Language): Promise<void> {
  if (language === "en" || i18next.hasResourceBundle(language, "app")) return
  const files = await import("./italian.ts").then(
    ({ italianFiles }) => italianFiles,
    () => ({}),
  )
  for (const [namespace, messages] of Object.entries(gatherCatalogues(files)[language] ?? {}))
    i18next.addResourceBundle(language, namespace, messages)
}

/** Starts the message catalogue; resolves when the first page can be said in the person's language. */
export async function startI18n(): Promise<void> {
  i18next.on("languageChanged", language => {
    document.documentElement.lang = language
  })
  const language = chooseLanguage(readStored(), navigator.languages)
  void i18next.use(initReactI18next).init({
    resources: gatherCatalogues(englishFiles),
    lng: language,
    fallbackLng: "en",
    defaultNS: "app",
    interpolation: { escapeValue: false },
    returnNull: false,
    initAsync: false,
  })
  await learn(language)
}
