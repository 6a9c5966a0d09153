import type { CustomerFilter, CustomerItem, Page } from "../answers.ts"
import type { Workspace } from "../workspaces/workspace.ts"
import { asksForPassage, type MatchingService } from "./matching.ts"
import { cursorOf, type People, toCustomerItem } from "./people.ts"
import type { ListRow } from "./store.ts"

const MOST = 200
const USUAL = 50
/** How long one page of customers with a condition is looked for. */
const BUDGET_MS = 1_500

type Deps = { people: People; matching: MatchingService; monotonicMs(): number }

/** Customers, newest first. A condition is asked page by page until enough are found or the time is out. */
export async function listCustomers(
  deps: Deps,
  workspace: Workspace,
  filter: CustomerFilter,
): Promise<Page<CustomerItem>> {
  const most = Math.min(filter.limit ?? USUAL, MOST)
  if (filter.condition === undefined) {
    const rows = await deps.people.page(workspace, filter, filter.before, most + 1)
    return pageOf(rows.slice(0, most), rows.length > most ? rows[most - 1] : undefined)
  }
  // What nobody has outside of a journey holds for nobody.
  if (asksForPassage(filter.condition)) return { items: [] }
  const until = deps.monotonicMs() + BUDGET_MS
  const found: ListRow[] = []
  let cursor = filter.before
  do {
    const rows = await deps.people.page(workspace, filter, cursor, MOST)
    for (const row of await deps.matching.filter(workspace, filter.condition, rows)) {
      found.push(row)
      if (found.length === most) return pageOf(found, row)
    }
    const last = rows.at(-1)
    if (last === undefined || rows.length < MOST) return pageOf(found, undefined)
    cursor = cursorOf(last)
  } while (deps.monotonicMs() < until)
  return { ...pageOf(found, undefined), next: cursor }
}

const pageOf = (rows: readonly ListRow[], last: ListRow | undefined): Page<CustomerItem> => {
  const items = rows.map(toCustomerItem)
  return last === undefined ? { items } : { items, next: cursorOf(last) }
}
