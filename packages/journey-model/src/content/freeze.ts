import type { View } from "../conditions/facts.ts"
import type { Json, JsonObject } from "../values/json.ts"
import { formatInstant } from "../values/time.ts"

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** The value that a template path names for a customer, e.g. ["entry", "properties", "total"]. */
export function readTemplatePath(view: View, path: readonly string[]): Json | undefined {
  const [root, ...rest] = path
  switch (root) {
    case "profile":
      return descend(view.attributes, rest)
    case "context":
      return descend(view.context, rest)
    case "entry":
      return readEntry(view, rest)
    default:
      return undefined
  }
}

const readEntry = (view: View, path: string[]): Json | undefined => {
  const [field, ...rest] = path
  const { name, at, properties } = view.entry
  if (field === undefined) return { name, at: formatInstant(at), properties }
  if (field === "name") return descend(name, rest)
  if (field === "at") return descend(formatInstant(at), rest)
  return field === "properties" ? descend(properties, rest) : undefined
}

/** Own members only; a list gives itself, since `items.size` and `items.first` are worked out when rendering. */
const descend = (value: Json, path: readonly string[]): Json | undefined => {
  let current: Json | undefined = value
  for (const segment of path) {
    if (Array.isArray(current)) return current
    if (typeof current === "string" && segment === "size") return current
    if (!isObject(current) || !Object.hasOwn(current, segment)) return undefined
    current = current[segment]
  }
  return current
}

const place = (values: JsonObject, view: View, path: readonly string[]): void => {
  let target = values
  for (let depth = 1; depth <= path.length; depth++) {
    const segment = path[depth - 1] as string
    const value = readTemplatePath(view, path.slice(0, depth))
    if (value === undefined) return
    // Short of the end only objects are opened; lists and scalars go in whole, for `items.size` or `name.size`.
    if (depth === path.length || !isObject(value)) {
      target[segment] = value
      return
    }
    const present = target[segment]
    if (isObject(present)) {
      target = present
    } else {
      const made: JsonObject = {}
      target[segment] = made
      target = made
    }
  }
}

/**
 * Copies exactly the values that templates read: ["profile", "city"] gives `{ profile: { city: … } }`. What is
 * stored beside a message is thus all that rendering it can show, whatever the profile becomes later. Longer
 * paths come first in `reads`, so that a read of all of `profile` is not cut down by one of `profile.city`.
 */
export function freezeValues(view: View, reads: readonly (readonly string[])[]): JsonObject {
  const values: JsonObject = {}
  for (const path of reads) place(values, view, path)
  return values
}
