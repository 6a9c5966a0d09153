import type { ImportProblem } from "./rows.ts"

type Words = Record<ImportProblem["reason"], string>

/** Why a row was not taken, for the file of rejects; screens have sentences of their own. */
const words: Record<"en" | "it", Words> = {
  en: {
    "no-identity": "nothing in the row says who the customer is",
    "bad-email": "this is no e-mail address",
    "bad-phone": "a telephone number needs its country, such as +39 02 1234567",
    "bad-number": "this is no number",
    "bad-boolean": "this is neither yes nor no",
    "bad-date": "this is no date",
    "broken-quotes": "a quotation mark does not close",
    "too-many-fields": "the row has more values than the first line has columns",
    "too-long": "the value is longer than 10,000 characters",
    refused: "the row was refused",
  },
  it: {
    "no-identity": "niente nella riga dice chi è il cliente",
    "bad-email": "non è un indirizzo e-mail",
    "bad-phone": "un numero di telefono vuole il prefisso del paese, per esempio +39 02 1234567",
    "bad-number": "non è un numero",
    "bad-boolean": "non è né sì né no",
    "bad-date": "non è una data",
    "broken-quotes": "una virgoletta non si chiude",
    "too-many-fields": "la riga ha più valori di quante colonne ha la prima riga",
    "too-long": "il valore ha più di 10.000 caratteri",
    refused: "la riga è stata rifiutata",
  },
}

export const problemText = (
  { reason, column, value, text }: ImportProblem,
  language: "en" | "it",
): string => {
  const where = column === undefined ? "" : `${column}: `
  const what = value === undefined ? "" : ` (${value.slice(0, 60)})`
  return `${where}${words[language][reason]}${text === undefined ? what : `: ${text}`}`
}
