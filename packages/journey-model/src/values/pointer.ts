import type { Json } from "./json.ts"

/** A JSON Pointer (RFC 6901) from its segments: ["branches", 0, "a/b"] is `/branches/0/a~1b`. */
export function toPointer(segments: readonly (string | number | symbol)[]): string {
  return segments.map(segment => `/${String(segment).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("")
}

/** The segments of a JSON Pointer: `/lead/id` is ["lead", "id"], "" the whole. Undefined: it is none. */
export function parsePointer(text: string): string[] | undefined {
  if (text === "") return []
  if (!text.startsWith("/") || /~(?![01])/.test(text)) return undefined
  return text
    .slice(1)
    .split("/")
    .map(segment => segment.replaceAll("~1", "/").replaceAll("~0", "~"))
}

const place = /^(?:0|[1-9]\d*)$/

/** The value that a pointer's segments lead to, through objects by own names and lists by place. */
export function readPointer(value: Json, segments: readonly string[]): Json | undefined {
  let current: Json | undefined = value
  for (const segment of segments) {
    if (Array.isArray(current)) current = place.test(segment) ? current[Number(segment)] : undefined
    else if (typeof current === "object" && current !== null && Object.hasOwn(current, segment))
      current = current[segment]
    else return undefined
  }
  return current
}

/** The value with another one at a place that it has; undefined where it has no such place. */
export function writePointer(value: Json, [name, ...rest]: readonly string[], next: Json): Json | undefined {
  if (name === undefined) return next
  if (Array.isArray(value)) {
    const part = place.test(name) ? value[Number(name)] : undefined
    const written = part === undefined ? undefined : writePointer(part, rest, next)
    return written === undefined ? undefined : value.map((each, at) => (at === Number(name) ? written : each))
  }
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined
  const written = writePointer(value[name] as Json, rest, next)
  return written === undefined ? undefined : { ...value, [name]: written }
}
