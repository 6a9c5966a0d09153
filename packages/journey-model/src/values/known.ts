/** The type of a value as the catalogue has seen it. `mixed`: more than one. */
export type KnownType = "text" | "number" | "boolean" | "date" | "list" | "object" | "mixed"

/**
 * What a workspace has seen so far: events with their property paths, and attributes. Where a part is absent
 * nothing is known and nothing is said about it. Paths as in conditions: dots descend, `\.` escapes.
 */
export type Knowledge = {
  events?: { [name: string]: { properties: { [path: string]: KnownType | (string & {}) } } }
  attributes?: { [path: string]: KnownType | (string & {}) }
}
