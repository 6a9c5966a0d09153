import type { Outputs } from "../app/api.ts"
import type { JourneysSearch } from "./search.ts"

export type JourneyRow = Outputs["journeys"]["list"][number]

/** The text without accents and case, so that "citta" finds "Città". */
function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase()
}

/** The rows that the address asks for, in its order; the last changed first where it names none. */
export function selectRows(rows: JourneyRow[], search: JourneysSearch, language: string): JourneyRow[] {
  const wanted = fold(search.search ?? "")
  const found = rows.filter(
    row =>
      (!search.status || row.status === search.status) &&
      (wanted === "" || fold(row.name).includes(wanted) || row.key.includes(wanted)),
  )
  const column = search.sort ?? "updatedAt"
  const sign = (search.order ?? (column === "name" ? "asc" : "desc")) === "asc" ? 1 : -1
  const collator = new Intl.Collator(language, { numeric: true })
  return found.sort((a, b) => {
    const by =
      column === "name"
        ? collator.compare(a.name, b.name)
        : column === "updatedAt"
          ? new Date(a.updatedAt).getTime() - new Date(b.updatedAt).getTime()
          : a[column] - b[column]
    return by === 0 ? collator.compare(a.key, b.key) : sign * by
  })
}
