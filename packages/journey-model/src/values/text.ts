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

/** How many bytes a text takes in UTF-8; a lone surrogate takes three, as its replacement does. */
export function utf8Length(text: string): number {
  let bytes = text.length
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code < 0x80) continue
    const isPair = code >= 0xd800 && code < 0xdc00 && (text.charCodeAt(index + 1) & 0xfc00) === 0xdc00
    // A pair is two units and four bytes; the second unit is passed over here.
    if (isPair) {
      bytes += 2
      index++
    } else bytes += code < 0x800 ? 1 : 2
  }
  return bytes
}
