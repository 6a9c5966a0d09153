/** What the address of the customer list keeps. */
export type CustomersSearch = { search?: string }

/** Reads the address; what it does not understand is left out. */
export function readSearch(search: Record<string, unknown>): CustomersSearch {
  // A number typed into the address bar ("?search=42") arrives as a number.
  const text = typeof search.search === "number" ? String(search.search) : search.search
  return typeof text === "string" && text ? { search: text } : {}
}
