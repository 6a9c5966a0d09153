import { formatInstant, parseInstant } from "@viaggio/journey-model"
import type { CustomerItem } from "../answers.ts"
import type { Db } from "../db/client.ts"
import { isUuid } from "../db/uuid.ts"
import { Refusal } from "../refusal.ts"
import type { Workspace } from "../workspaces/workspace.ts"
import * as store from "./store.ts"

/** Where a customer lies. */
export type Place = { bucket: number; id: string }

/** What a list of customers is narrowed by in the database itself. */
export type PeopleFilter = { search?: string; inside?: string; consent?: string }

const LAST_ID = "ffffffff-ffff-ffff-ffff-ffffffffffff"

/** Customers as lists show them. */
export const createPeople = (db: Db) => ({
  /** The next ones after a cursor, newest first. */
  async page(
    workspace: Workspace,
    filter: PeopleFilter,
    cursor: string | undefined,
    most: number,
  ): Promise<store.ListRow[]> {
    const [at, id] = (cursor ?? "").split("_")
    const pattern = filter.search
      ?.trim()
      .toLowerCase()
      .replaceAll(/[\\%_]/g, "\\$&")
    return store.listProfiles(db, {
      workspace: workspace.id,
      search: pattern === undefined || pattern === "" ? null : `%${pattern}%`,
      journey: filter.inside === undefined ? null : await journeyId(db, workspace, filter.inside),
      consent: filter.consent ?? null,
      before_at: at && parseInstant(at) !== undefined ? at : "infinity",
      before_id: isUuid(id ?? "") ? id! : LAST_ID,
      most,
    })
  },

  /** Customers by their places, under the ids that were asked for. */
  async items(workspace: Workspace, places: readonly Place[]): Promise<Map<string, CustomerItem>> {
    if (places.length === 0) return new Map()
    const rows = await store.readListed(db, {
      workspace: workspace.id,
      buckets: places.map(place => place.bucket),
      ids: places.map(place => place.id),
    })
    return new Map(rows.map(row => [row.asked, toCustomerItem(row)]))
  },
})

export type People = ReturnType<typeof createPeople>

async function journeyId(db: Db, workspace: Workspace, key: string): Promise<number> {
  const [row] = await store.findJourneyId(db, { workspace: workspace.id, key })
  if (row === undefined) throw new Refusal("not-found", `There is no journey “${key}”.`)
  return row.id
}

export const cursorOf = (row: store.ListRow): string => `${formatInstant(row.created_at)}_${row.id}`

const textOf = (value: unknown): string | null =>
  typeof value === "string" && value !== "" ? value : typeof value === "number" ? String(value) : null

export const toCustomerItem = (row: store.ListRow): CustomerItem => {
  const { name, firstName, lastName, first_name, last_name, email } = row.attributes
  const both = [textOf(firstName ?? first_name), textOf(lastName ?? last_name)].filter(part => part !== null)
  return {
    id: row.id,
    userId: row.user_id,
    name: textOf(name) ?? (both.length > 0 ? both.join(" ") : null),
    email: textOf(email),
    // Who is known by history alone was never seen: their clock still stands at the beginning.
    lastSeenAt: row.seen_at === 0 ? null : formatInstant(row.seen_at),
    createdAt: formatInstant(row.created_at),
    inside: row.inside,
  }
}
