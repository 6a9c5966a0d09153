import type { Json } from "@viaggio/journey-model"

/** A value as somebody would write it; no value is the empty text. */
export const writeJsonText = (value: Json | undefined): string =>
  value === undefined ? "" : JSON.stringify(value, undefined, 2)

/** What a text says: a JSON value, or none where it is empty. Undefined: it is no JSON. */
export function readJsonText(text: string): { value: Json | undefined } | undefined {
  if (text.trim() === "") return { value: undefined }
  try {
    return { value: JSON.parse(text) as Json }
  } catch {
    return undefined
  }
}
