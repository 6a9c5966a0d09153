/** A JSON Pointer (RFC 6901) from its segments: ["branches", 0, "a/b"] is `/branches/0/a~1b`. */
export function toPointer(segments: readonly (string | number | symbol)[]): string {
  return segments.map(segment => `/${String(segment).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("")
}
