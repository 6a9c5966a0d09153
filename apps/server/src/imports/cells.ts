import { formatInstant, type Json, parseInstant } from "@viaggio/journey-model"
import { instantInZone } from "./zone.ts"

export type CellType = "text" | "number" | "boolean" | "date" | "date-time" | "list"
export type Reading = { dates: "dmy" | "mdy" | "ymd"; decimal: "." | ","; zone: string }

/** A cell read as its column's type, or what is wrong with it. */
export type Cell = { ok: true; value: Json } | { ok: false; reason: CellReason }
export type CellReason = "bad-number" | "bad-boolean" | "bad-date"

const LONGEST_LIST = 100

const yes = new Set([
  "true",
  "yes",
  "y",
  "1",
  "t",
  "on",
  "si",
  "sì",
  "s",
  "vero",
  "x",
  "subscribed",
  "iscritto",
  "opt-in",
])
const no = new Set([
  "false",
  "no",
  "n",
  "0",
  "f",
  "off",
  "falso",
  "unsubscribed",
  "disiscritto",
  "non iscritto",
  "opt-out",
])

const ok = (value: Json): Cell => ({ ok: true, value })
const wrong = (reason: CellReason): Cell => ({ ok: false, reason })

/** Reads what stands in a cell that is not empty. */
export function readCell(text: string, type: CellType, reading: Reading): Cell {
  const trimmed = text.trim()
  switch (type) {
    case "text":
      return ok(text)
    case "number":
      return readNumber(trimmed, reading.decimal)
    case "boolean": {
      const word = trimmed.toLowerCase()
      return yes.has(word) ? ok(true) : no.has(word) ? ok(false) : wrong("bad-boolean")
    }
    case "date": {
      const day = readDay(trimmed, reading.dates)
      return day === undefined ? wrong("bad-date") : ok(dayText(day))
    }
    case "date-time":
      return readDateTime(trimmed, reading)
    case "list":
      return ok(listOf(trimmed))
  }
}

const listOf = (text: string): string[] => {
  const separator = text.includes(";") ? ";" : text.includes("|") ? "|" : ","
  return text
    .split(separator)
    .map(part => part.trim())
    .filter(part => part !== "")
    .slice(0, LONGEST_LIST)
}

/** 1234.5, 1,234.5 and 1 234.5; or, with a comma for the decimals, 1234,5 and 1.234,5. */
const readNumber = (text: string, decimal: "." | ","): Cell => {
  const grouping = decimal === "." ? "," : "."
  const shape =
    decimal === "."
      ? /^[+-]?(\d+|\d{1,3}([, '\u00a0]\d{3})+)(\.\d+)?(e[+-]?\d+)?$/i
      : /^[+-]?(\d+|\d{1,3}([. '\u00a0]\d{3})+)(,\d+)?$/
  const bare = text.replace(/^(€|\$|£)\s*|\s*(€|\$|£)$/, "")
  if (!shape.test(bare)) return wrong("bad-number")
  const number = Number(
    bare
      .replaceAll(grouping, "")
      .replaceAll(/[ '\u00a0]/g, "")
      .replace(decimal, "."),
  )
  return Number.isFinite(number) ? ok(number) : wrong("bad-number")
}

type Day = { year: number; month: number; day: number }

const twoDigits = (number: number): string => String(number).padStart(2, "0")
const dayText = ({ year, month, day }: Day): string => `${year}-${twoDigits(month)}-${twoDigits(day)}`

const isDay = ({ year, month, day }: Day): boolean => {
  const at = new Date(Date.UTC(year, month - 1, day))
  return year >= 1000 && at.getUTCMonth() === month - 1 && at.getUTCDate() === day
}

const readDay = (text: string, order: Reading["dates"]): Day | undefined => {
  const iso = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/.exec(text)
  const other = /^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})$/.exec(text)
  const found =
    iso !== null
      ? { year: Number(iso[1]), month: Number(iso[2]), day: Number(iso[3]) }
      : other !== null && order !== "ymd"
        ? {
            year: Number(other[3]),
            month: Number(other[order === "dmy" ? 2 : 1]),
            day: Number(other[order === "dmy" ? 1 : 2]),
          }
        : undefined
  return found !== undefined && isDay(found) ? found : undefined
}

/** With a zone of its own, or else as clocks show it in the workspace's zone. */
const readDateTime = (text: string, { dates, zone }: Reading): Cell => {
  const instant = parseInstant(text)
  if (instant !== undefined) return ok(formatInstant(instant))
  const parts = /^(\S+?)(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?)?$/.exec(text)
  const day = parts === null ? undefined : readDay(parts[1]!, dates)
  if (parts === null || day === undefined) return wrong("bad-date")
  const [hour, minute, second] = [parts[2], parts[3], parts[4]].map(part => Number(part ?? 0)) as [
    number,
    number,
    number,
  ]
  if (hour > 23 || minute > 59 || second > 59) return wrong("bad-date")
  return ok(formatInstant(instantInZone({ ...day, hour, minute, second }, zone)))
}
