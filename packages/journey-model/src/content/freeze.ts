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

/** What is read of one member: all of it, or only members of it. */
type Part = { name: string; whole: boolean; parts: Part[] }

const addPath = (parts: Part[], [name, ...rest]: readonly string[]): void => {
  if (name === undefined) return
  let part = parts.find(known => known.name === name)
  if (!part) {
    part = { name, whole: false, parts: [] }
    parts.push(part)
  }
  if (rest.length === 0) part.whole = true
  else addPath(part.parts, rest)
}

/** Only objects are opened; lists and scalars go in whole, for `items.size` or `name.size`. */
const copyPart = (value: Json, { whole, parts }: Part): Json => {
  if (whole || !isObject(value)) return value
  const copy: JsonObject = {}
  for (const part of parts) {
    if (Object.hasOwn(value, part.name)) copy[part.name] = copyPart(value[part.name] as Json, part)
  }
  return copy
}

const copyEntry = (view: View, { whole, parts }: Part): JsonObject => {
  const { name, at, properties } = view.entry
  if (whole) return { name, at: formatInstant(at), properties }
  const copy: JsonObject = {}
  for (const part of parts) {
    if (part.name === "name") copy.name = name
    else if (part.name === "at") copy.at = formatInstant(at)
    else if (part.name === "properties") copy.properties = copyPart(properties, part)
  }
  return copy
}

/**
 * Prepares the copying of exactly the values that templates read: ["profile", "city"] gives
 * `{ profile: { city: … } }`. What is stored beside a message is thus all that rendering it can show, whatever the
 * profile becomes later.
 */
export function compileFreeze(reads: readonly (readonly string[])[]): (view: View) => JsonObject {
  const roots: Part[] = []
  for (const path of reads) addPath(roots, path)
  return view => {
    const values: JsonObject = {}
    for (const root of roots) {
      if (root.name === "profile") values.profile = copyPart(view.attributes, root)
      else if (root.name === "context") values.context = copyPart(view.context, root)
      else if (root.name === "entry") values.entry = copyEntry(view, root)
    }
    return values
  }
}
