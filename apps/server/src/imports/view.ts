import { formatInstant } from "@viaggio/journey-model"
import type { Delimiter, Encoding } from "./csv.ts"
import type * as store from "./import-store.ts"
import type { ImportMapping } from "./mapping.ts"
import { countsOf, type ImportCounts } from "./run.ts"

export type ImportState =
  | "uploaded"
  | "checking"
  | "checked"
  | "importing"
  | "imported"
  | "cancelled"
  | "failed"

export type ImportView = {
  id: string
  name: string
  state: ImportState
  bytes: number
  /** Rows under the header. */
  rows: number
  encoding: Encoding
  delimiter: Delimiter
  mapping?: ImportMapping
  /** What the last dry run found, and what the last import did, as far as it came. */
  checked?: ImportCounts
  imported?: ImportCounts
  /** Rows done of the run that goes on. */
  done: number
  error?: string
  by: string
  createdAt: string
  endedAt?: string
}

/** The run that goes on. */
export const openRun = ({ import_run, check_run }: store.ImportRow): store.RunRow | undefined =>
  [import_run, check_run].find(run => run?.state === "open") ?? undefined

/** The run that was asked for last. */
export const lastRun = ({ import_run, check_run }: store.ImportRow): store.RunRow | undefined => {
  if (import_run === null || check_run === null) return import_run ?? check_run ?? undefined
  return Date.parse(import_run.createdAt) > Date.parse(check_run.createdAt) ? import_run : check_run
}

const stateOf = (row: store.ImportRow): ImportState => {
  const run = lastRun(row)
  if (run === undefined) return "uploaded"
  const isImport = run === row.import_run
  switch (run.state) {
    case "open":
      return isImport ? "importing" : "checking"
    case "done":
      return isImport ? "imported" : "checked"
    case "failed":
    case "cancelled":
      return run.state
  }
}

/** An import as its page shows it. */
export const toView = (row: store.ImportRow): ImportView => {
  const { import_run, check_run } = row
  const last = lastRun(row)
  return {
    id: row.id,
    name: row.name,
    state: stateOf(row),
    bytes: row.bytes,
    rows: row.rows,
    encoding: row.encoding,
    delimiter: row.delimiter,
    ...(row.mapping === null ? {} : { mapping: row.mapping as unknown as ImportMapping }),
    ...(check_run?.state === "done" ? { checked: countsOf(check_run.progress) } : {}),
    ...(import_run === null ? {} : { imported: countsOf(import_run.progress) }),
    done: openRun(row) === undefined ? 0 : countsOf(openRun(row)!.progress).rows,
    ...(last?.error == null ? {} : { error: last.error }),
    by: row.uploaded_by,
    createdAt: formatInstant(row.created_at),
    ...(last?.endedAt == null ? {} : { endedAt: formatInstant(Date.parse(last.endedAt)) }),
  }
}
