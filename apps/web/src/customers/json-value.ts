/** The types by which data is named on screens. */
export const valueTypes = ["text", "number", "boolean", "date", "list", "object", "nothing"] as const
export type ValueType = (typeof valueTypes)[number]

const datePattern = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$/

/** What kind of value it is, as a person would say it; a text in the form of a date is a date. */
export function typeOfValue(value: unknown): ValueType {
  if (value === null || value === undefined) return "nothing"
  if (Array.isArray(value)) return "list"
  if (typeof value === "string") return datePattern.test(value) ? "date" : "text"
  if (typeof value === "number" || typeof value === "boolean")
    return typeof value === "number" ? "number" : "boolean"
  return "object"
}

/** A value as text: plain where it is plain, JSON where it has parts. */
export function showValue(value: unknown): string {
  if (typeof value === "string") return value
  return JSON.stringify(value, undefined, typeof value === "object" && value !== null ? 2 : 0) ?? ""
}
