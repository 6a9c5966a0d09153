import type { Json } from "@viaggio/journey-model"

/** What somebody typed as a value: a number, true, false, null, JSON in brackets, else text. `"42"` is a text. */
export function parseValue(text: string): Json {
  const trimmed = text.trim()
  if (!/^(-?\d|true$|false$|null$|[[{"])/.test(trimmed)) return text
  try {
    return JSON.parse(trimmed) as Json
  } catch {
    return text
  }
}

/** The way to write a value so that it is read back as the same one. */
export function printValue(value: Json): string {
  if (typeof value !== "string") return JSON.stringify(value)
  return parseValue(value) === value ? value : JSON.stringify(value)
}
