import type { Json, JsonObject } from "@viaggio/journey-model"
import { type Catalogue, type KnownField, propertiesOf } from "./catalogue.ts"

/** The values that a template may read, made from the catalogue's first samples: `{ profile, entry, context }`. */
export function sampleValues(catalogue: Catalogue, entryEvent: string): JsonObject {
  return {
    profile: fromPaths(catalogue.attributes),
    entry: {
      name: entryEvent,
      at: "2026-01-01T09:00:00.000Z",
      properties: fromPaths(propertiesOf(catalogue, entryEvent)),
    },
    context: {},
  }
}

/** `[{ path: "cart.total", samples: [42] }]` → `{ cart: { total: 42 } }`. */
export function fromPaths(fields: readonly Pick<KnownField, "path" | "samples">[]): JsonObject {
  const root: JsonObject = {}
  for (const { path, samples } of fields) {
    const sample = samples[0]
    if (sample === undefined) continue
    const names = path.split(/(?<!\\)\./).map(name => name.replaceAll("\\.", "."))
    const last = names.pop() ?? path
    let at: JsonObject = root
    for (const name of names) {
      const below: Json | undefined = at[name]
      const next: JsonObject = isObject(below) ? below : {}
      at[name] = next
      at = next
    }
    if (!isObject(at[last])) at[last] = sample
  }
  return root
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value)
