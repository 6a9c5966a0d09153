import { formatInstant, type Json } from "@viaggio/journey-model"
import type { Db } from "../db/client.ts"
import { type CatalogueValueRow, listEvents, listValues } from "./store.ts"

/** A path of an event's properties or of a profile's attributes, as customers' data have shown it. */
export type CatalogueValue = { path: string; type: string; lastSeenAt: string; samples: Json[] }
export type CatalogueEvent = {
  name: string
  count: number
  lastSeenAt: string
  properties: CatalogueValue[]
}
export type CatalogueList = { events: CatalogueEvent[]; attributes: CatalogueValue[] }

/** What a workspace has seen: event names by count, their property paths, attributes. */
export const createCatalogue = (db: Db) => ({
  async list(workspace: { id: number }): Promise<CatalogueList> {
    const [events, values] = await Promise.all([
      listEvents(db, { workspace: workspace.id }),
      listValues(db, { workspace: workspace.id }),
    ])
    const byName = new Map<number, CatalogueValue[]>()
    for (const row of values) {
      const list = byName.get(row.name_id) ?? []
      byName.set(row.name_id, list)
      list.push(toValue(row))
    }
    return {
      events: events.map(event => ({
        name: event.name,
        count: event.count,
        lastSeenAt: formatInstant(event.seen),
        properties: byName.get(event.id) ?? [],
      })),
      attributes: byName.get(0) ?? [],
    }
  },
})

export type Catalogue = ReturnType<typeof createCatalogue>

const toValue = (row: CatalogueValueRow): CatalogueValue => ({
  path: row.path,
  type: row.type,
  lastSeenAt: formatInstant(row.seen),
  samples: row.samples,
})
