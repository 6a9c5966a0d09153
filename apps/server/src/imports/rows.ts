import {
  addressAttribute,
  type EpochMs,
  formatInstant,
  type JsonObject,
  unsubscribedAttribute,
} from "@viaggio/journey-model"
import { type Identifier, type Incoming, identifierOf, importMessageId, readCall } from "../ingest/message.ts"
import { type CellReason, readCell } from "./cells.ts"
import type { CsvRecord } from "./csv.ts"
import type { ImportMapping, ImportTarget } from "./mapping.ts"

/** Why a row is not taken, in which column, by which value. `text`: the door's own words. */
export type ImportProblem = {
  reason:
    | CellReason
    | "no-identity"
    | "bad-email"
    | "bad-phone"
    | "broken-quotes"
    | "too-many-fields"
    | "too-long"
    | "refused"
  column?: string
  value?: string
  text?: string
}

/** A row as a customer's own words about themselves: who they are, and their values. */
export type ReadRow = { identifiers: Identifier[]; attributes: JsonObject }

export type RowReading = { mapping: ImportMapping; columns: readonly string[]; zone: string }

const PHONE_ATTRIBUTE = "phone"
const LONGEST_CELL = 10_000
const looksLikeAddress = /^[^\s@]+@[^\s@]+\.[^\s@]+$/

/** Reads a row by the mapping; the first thing that is wrong with it rejects it. Empty cells say nothing. */
export function readRow(record: CsvRecord, reading: RowReading): ReadRow | ImportProblem {
  if (record.broken) return { reason: "broken-quotes", value: cut(record.fields[0] ?? "") }
  const { mapping, columns } = reading
  const extra = record.fields.slice(columns.length).find(field => field.trim() !== "")
  if (extra !== undefined) return { reason: "too-many-fields", value: cut(extra) }
  const row: ReadRow = { identifiers: [], attributes: {} }
  let unfit: ImportProblem | undefined
  for (const [i, target] of mapping.columns.entries()) {
    const value = record.fields[i] ?? ""
    if (value.trim() === "") continue
    const problem =
      value.length > LONGEST_CELL ? ({ reason: "too-long" } as const) : take(row, target, value, reading)
    if (problem === undefined) continue
    const said: ImportProblem = { ...problem, column: columns[i] ?? "", value: cut(value) }
    // A telephone number without its country names nobody, but may stand beside something that does.
    if (problem.reason === "bad-phone") unfit ??= said
    else return said
  }
  if (row.identifiers.length > 0) return row
  return unfit ?? { reason: "no-identity" }
}

const cut = (value: string): string => value.slice(0, 200)

function take(
  row: ReadRow,
  target: ImportTarget,
  value: string,
  { mapping, zone }: RowReading,
): Pick<ImportProblem, "reason"> | undefined {
  switch (target.to) {
    case "ignore":
      return undefined
    case "identity":
      return takeIdentity(row, target.kind, value.trim())
    case "consent": {
      const cell = readCell(value, "boolean", { ...mapping, zone })
      if (!cell.ok) return cell
      if (cell.value === false) row.attributes[unsubscribedAttribute] = true
      return undefined
    }
    case "attribute": {
      const cell = readCell(value, target.type, { ...mapping, zone })
      if (!cell.ok) return cell
      row.attributes[target.name] = cell.value
      return undefined
    }
  }
}

function takeIdentity(
  row: ReadRow,
  kind: Extract<ImportTarget, { to: "identity" }>["kind"],
  value: string,
): Pick<ImportProblem, "reason"> | undefined {
  if (kind === "email") {
    if (!looksLikeAddress.test(value)) return { reason: "bad-email" }
    row.attributes[addressAttribute] = value
  }
  if (kind === "phone") row.attributes[PHONE_ATTRIBUTE] = value
  const identifier = identifierOf(kind, value)
  if (identifier !== undefined) row.identifiers.push(identifier)
  else if (kind === "phone") return { reason: "bad-phone" }
  return undefined
}

/** The event by which a row comes in; `run` stands for the file's bytes and how they are read. */
export function eventOfRow(
  { identifiers, attributes }: ReadRow,
  place: { run: string; line: number; at: EpochMs; mode: ImportMapping["mode"] },
): Incoming | ImportProblem {
  const read = readCall(
    {
      type: "identify",
      // Replaced below by what the row says: it need not be a user id.
      userId: "import",
      messageId: importMessageId(place.run, place.line),
      timestamp: formatInstant(place.at),
      traits: attributes,
      mode: place.mode,
    },
    0,
    "",
  )
  if ("field" in read) return { reason: "refused", text: read.text }
  return { ...read, identifiers }
}
