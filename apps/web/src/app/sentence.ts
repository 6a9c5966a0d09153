import type { Json, JsonObject, Sentence } from "@viaggio/journey-model"
import i18next from "i18next"
import { useCallback } from "react"
import { useTranslation } from "react-i18next"
import { type Format, useFormat } from "./format.ts"

/** Looks a sentence up in the catalogue, e.g. `say("delay.describe", { for: "3 days" })`. */
export type LookUp = (id: string, values: Record<string, string | number>) => string

function isSentence(value: Json): value is JsonObject & Sentence {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    typeof value.id === "string" &&
    typeof value.values === "object" &&
    value.values !== null &&
    !Array.isArray(value.values)
  )
}

/** Groups of conditions: their parts stand in one list, joined by "and" or by "or". */
const groups = new Set(["condition.all", "condition.any"])

/** Lists in which all is meant, not one of many. */
const wholes = new Set([
  "condition.all",
  "node.random-split",
  "node.update-profile",
  "node.update-profile.unset",
  "node.update-profile.both",
  "node.webhook.save",
])

/** A part with an "and" or an "or" of its own: a group of several, or "is not IT, or is unknown". */
function isCompound(value: Json): boolean {
  if (!isSentence(value)) return false
  if (value.id.startsWith("compare.not.")) return true
  return groups.has(value.id) && Array.isArray(value.values.parts) && value.values.parts.length > 1
}

/**
 * Says a sentence of the model: values that are sentences themselves are said first, durations and lists are put
 * into words of the language. A part with several inside stands in brackets, so that "and" and "or" are not mixed up.
 */
export function saySentence(sentence: Sentence, format: Format, lookUp: LookUp): string {
  const { id, values } = sentence
  if (id === "duration" && typeof values.iso === "string") return format.duration(values.iso)
  const sayPart = (value: Json, _: number, all: Json[]): string => {
    const said = String(sayValue(value))
    return groups.has(id) && all.length > 1 && isCompound(value) ? `(${said})` : said
  }
  const sayValue = (value: Json): string | number => {
    // What is not filled in yet is a gap in the sentence, not nothing.
    if (value === "") return "…"
    if (typeof value === "number" || typeof value === "string") return value
    if (typeof value === "boolean" || value === null) return String(value)
    if (Array.isArray(value)) return format[wholes.has(id) ? "and" : "or"](value.map(sayPart))
    if (isSentence(value)) return saySentence(value, format, lookUp)
    return JSON.stringify(value)
  }
  const said = Object.entries(values).map(([name, value]) => [name, sayValue(value)] as const)
  return lookUp(id, Object.fromEntries(said))
}

/** The function that says the model's sentences and problems in the person's language. */
export function useSentence(): (sentence: Sentence) => string {
  const format = useFormat()
  const { i18n } = useTranslation("node-types")
  const language = i18n.language
  return useCallback(
    sentence =>
      saySentence(sentence, format, (id, values) =>
        // The model's ids are data, so they cannot be typed keys here; a test holds the catalogue to the model's list.
        String(i18next.t(id as never, { ns: "node-types", lng: language, ...values } as never)),
      ),
    [format, language],
  )
}
