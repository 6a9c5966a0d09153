import type { Json, JsonObject } from "./json.ts"

/**
 * The text in Unicode form NFC. Every character below U+0300 is its own composed form, so ordinary text
 * passes after one scan, without the cost of the library call.
 */
export function toNfc(text: string): string {
  for (let index = 0; index < text.length; index++) {
    if (text.charCodeAt(index) >= 0x300) return text.normalize("NFC")
  }
  return text
}

const cleanText = (text: string): string => {
  const plain = text.includes("\u0000") ? text.replaceAll("\u0000", "") : text
  return toNfc(plain)
}

/**
 * What a customer's data looks like inside Viaggio: text in NFC without NUL, no −0, no prototype names.
 * Applied once, at the door and in a walk; the interpreter compares what it is given.
 */
export function normaliseJson(value: Json): Json {
  if (typeof value === "string") return cleanText(value)
  if (typeof value === "number") return value + 0
  if (typeof value !== "object" || value === null) return value
  if (Array.isArray(value)) return value.map(normaliseJson)
  return normaliseObject(value)
}

/** {@link normaliseJson} for an object such as the traits or properties that arrived. */
export function normaliseObject(value: JsonObject): JsonObject {
  const copy: JsonObject = {}
  for (const key of Object.keys(value)) {
    if (key !== "__proto__") copy[cleanText(key)] = normaliseJson(value[key] as Json)
  }
  return copy
}
