import { journeyStatuses } from "./status.ts"

/** What the address of the journey list keeps: the text searched for, a status, and the column it is sorted by. */
export type JourneysSearch = {
  search?: string
  status?: (typeof journeyStatuses)[number]
  sort?: (typeof sortColumns)[number]
  order?: "asc" | "desc"
}

export const sortColumns = ["name", "entered24h", "inside", "ended", "failed", "updatedAt"] as const

/** Reads the address; what it does not understand is left out. */
export function readSearch(search: Record<string, unknown>): JourneysSearch {
  const status = journeyStatuses.find(each => each === search.status)
  // A number typed into the address bar ("?search=42") arrives as a number.
  const text = typeof search.search === "number" ? String(search.search) : search.search
  const sort = sortColumns.find(each => each === search.sort)
  return {
    ...(typeof text === "string" && text ? { search: text } : {}),
    ...(status ? { status } : {}),
    ...(sort ? { sort } : {}),
    ...(search.order === "asc" || search.order === "desc" ? { order: search.order } : {}),
  }
}
