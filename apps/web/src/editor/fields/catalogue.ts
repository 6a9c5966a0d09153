import type { Json, Knowledge } from "@viaggio/journey-model"
import { createContext, useContext } from "react"

/** A property path or an attribute that the workspace has seen. */
export type KnownField = { path: string; type: string; samples: readonly Json[] }

export type KnownEvent = { name: string; count: number; properties: readonly KnownField[] }

/** What the workspace has learned from incoming events. */
export type Catalogue = { events: readonly KnownEvent[]; attributes: readonly KnownField[] }

export const emptyCatalogue: Catalogue = { events: [], attributes: [] }

export const CatalogueContext = createContext<Catalogue>(emptyCatalogue)

export const useCatalogue = (): Catalogue => useContext(CatalogueContext)

/** The name of the event that starts the journey being edited, `""` while there is none. */
export const EntryEventContext = createContext("")

/** The properties seen with an event; none while it has not been seen. */
export function propertiesOf(catalogue: Catalogue, event: string): readonly KnownField[] {
  return catalogue.events.find(known => known.name === event)?.properties ?? []
}

/** The catalogue as the checker wants it. An empty catalogue knows nothing and so contradicts nothing. */
export function toKnowledge(catalogue: Catalogue): Knowledge {
  const typesOf = (fields: readonly KnownField[]) =>
    Object.fromEntries(fields.map(field => [field.path, field.type]))
  return {
    ...(catalogue.events.length > 0
      ? {
          events: Object.fromEntries(
            catalogue.events.map(event => [event.name, { properties: typesOf(event.properties) }]),
          ),
        }
      : {}),
    ...(catalogue.attributes.length > 0 ? { attributes: typesOf(catalogue.attributes) } : {}),
  }
}
