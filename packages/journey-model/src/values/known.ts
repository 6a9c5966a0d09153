const knownTypes = ["text", "number", "boolean", "date", "list", "object", "mixed"] as const

/** The type of a value as the catalogue has seen it. `mixed`: more than one. */
export type KnownType = (typeof knownTypes)[number]

/** A type that is not known here is as good as mixed: nothing is said against it. */
export function toKnownType(type: string): KnownType {
  return knownTypes.find(known => known === type) ?? "mixed"
}

/**
 * Whether a name of the context is set for everybody who comes to a node: nowhere in the journey, or not on a
 * path that is given. Undefined: it is.
 */
export type ContextNames = (name: string) => { never: true } | { path: string[] } | undefined

/**
 * What a workspace has seen so far: events with their property paths, and attributes. Where a part is absent
 * nothing is known and nothing is said about it. Paths as in conditions: dots descend, `\.` escapes.
 */
export type Knowledge = {
  events?: { [name: string]: { properties: { [path: string]: KnownType | (string & {}) } } }
  attributes?: { [path: string]: KnownType | (string & {}) }
}
