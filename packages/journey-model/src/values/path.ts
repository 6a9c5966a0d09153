import type { Json } from "./json.ts"

/**
 * Splits a path at its dots; `\.` is a dot inside a name and `\\` a backslash: `a\.b.c` is ["a.b", "c"].
 * Prepared once where the path is compiled; see {@link readSegments}.
 */
export function splitPath(path: string): string[] {
  if (!path.includes("\\")) return path.split(".")
  const segments: string[] = []
  let current = ""
  for (let index = 0; index < path.length; index++) {
    const char = path[index]
    const next = path[index + 1]
    if (char === "\\" && (next === "." || next === "\\")) {
      current += next
      index++
    } else if (char === ".") {
      segments.push(current)
      current = ""
    } else {
      current += char
    }
  }
  segments.push(current)
  return segments
}

/** The inverse of {@link splitPath}. */
export function joinPath(segments: readonly string[]): string {
  return segments.map(segment => segment.replace(/[\\.]/g, "\\$&")).join(".")
}

/** Descends through objects by own names; anything else on the way, or a missing name, is undefined. */
export function readSegments(value: unknown, segments: readonly string[]): Json | undefined {
  let current: unknown = value
  for (const segment of segments) {
    if (typeof current !== "object" || current === null || Array.isArray(current)) return undefined
    if (!Object.hasOwn(current, segment)) return undefined
    current = (current as Record<string, unknown>)[segment]
  }
  return current as Json | undefined
}

/** The value at a path such as `address.city`; dots descend into objects, `\.` is a dot inside a name. */
export function readPath(value: unknown, path: string): Json | undefined {
  return readSegments(value, splitPath(path))
}
