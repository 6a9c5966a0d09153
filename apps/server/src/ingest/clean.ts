import type { Json } from "@viaggio/journey-model"

/** Deepest nesting of an event's data that is taken. */
export const MAX_DEPTH = 32
/** Longest key of an event's data, in UTF-16 units. */
export const MAX_KEY = 256

/** Why a piece of data was refused, and where (a path such as `properties.cart.items`). */
export type Uncleanable = { field: string; text: string }

// biome-ignore lint/suspicious/noControlCharactersInRegex: NUL is what is looked for
const dirty = /[\u0000\ud800-\udfff]/
const loneSurrogates = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

/**
 * Text as PostgreSQL and every JSON reader can hold it: without NUL, lone surrogates replaced by U+FFFD, NFC.
 */
export const cleanText = (text: string): string => {
  if (isAscii(text)) return text
  const plain = dirty.test(text) ? text.replaceAll("\u0000", "").replace(loneSurrogates, "\ufffd") : text
  return plain.normalize("NFC")
}

/** Of the characters 1 to 127 only. */
const isAscii = (text: string): boolean => {
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i)
    if (code > 127 || code === 0) return false
  }
  return true
}

/**
 * Cleans parsed JSON in place of refusing it where that loses nothing (text), and throws `Refused` where it
 * would (nesting past `MAX_DEPTH`, keys past `MAX_KEY`, numbers that are no finite doubles). What is clean already,
 * as nearly all is, is answered itself and not copied.
 */
export const cleanJson = (input: unknown, field: string, depth = 0): Json => {
  switch (typeof input) {
    case "string":
      return cleanText(input)
    case "boolean":
      return input
    case "number":
      if (!Number.isFinite(input)) throw new Refused({ field, text: "is a number out of range" })
      return input
    case "object": {
      if (input === null) return null
      if (depth >= MAX_DEPTH) throw new Refused({ field, text: `is nested deeper than ${MAX_DEPTH} levels` })
      if (Array.isArray(input)) return cleanList(input, field, depth)
      return cleanObject(input as Record<string, Json>, field, depth)
    }
    default:
      throw new Refused({ field, text: "is not JSON" })
  }
}

const cleanList = (input: Json[], field: string, depth: number): Json[] => {
  let output: Json[] | undefined
  for (let i = 0; i < input.length; i += 1) {
    const item = cleanJson(input[i], field, depth + 1)
    if (item === input[i]) continue
    output ??= input.slice()
    output[i] = item
  }
  return output ?? input
}

const cleanObject = (input: Record<string, Json>, field: string, depth: number): Record<string, Json> => {
  const keys = Object.keys(input)
  let isClean = true
  const values: Json[] = []
  for (const key of keys) {
    if (key.length > MAX_KEY)
      throw new Refused({ field, text: `has a key longer than ${MAX_KEY} characters` })
    const name = cleanText(key)
    const value = cleanJson(input[key], depth > 2 ? field : `${field}.${name}`, depth + 1)
    values.push(value)
    if (name !== key || value !== input[key] || name === "__proto__") isClean = false
  }
  if (isClean) return input
  const output: Record<string, Json> = {}
  for (const [i, key] of keys.entries()) {
    const name = cleanText(key)
    if (name !== "__proto__") output[name] = values[i]!
  }
  return output
}

/** Thrown inside the door for one event that cannot be taken; it never leaves the door. */
export class Refused extends Error {
  readonly what: Uncleanable
  constructor(what: Uncleanable) {
    super(`${what.field} ${what.text}`)
    this.what = what
  }
}
