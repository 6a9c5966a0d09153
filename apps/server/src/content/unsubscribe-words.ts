/** The words of the one page that the server writes itself; its readers are customers, not users. */
export const unsubscribeWords = {
  en: {
    title: "Unsubscribe",
    ask: (sender: string) => `Do you want to stop getting marketing e-mail from ${sender}?`,
    confirm: "Unsubscribe me",
    done: (sender: string) => `You will get no more marketing e-mail from ${sender}.`,
    unknown: "This link does not work any more.",
  },
  it: {
    title: "Annulla l'iscrizione",
    ask: (sender: string) => `Non vuoi più ricevere e-mail promozionali da ${sender}?`,
    confirm: "Annulla la mia iscrizione",
    done: (sender: string) => `Non riceverai più e-mail promozionali da ${sender}.`,
    unknown: "Questo link non funziona più.",
  },
} as const

export type UnsubscribeLanguage = keyof typeof unsubscribeWords

/** The page's language: the workspace's where we have it, else English. */
export const languageOf = (code: string | undefined): UnsubscribeLanguage =>
  code?.startsWith("it") === true ? "it" : "en"
