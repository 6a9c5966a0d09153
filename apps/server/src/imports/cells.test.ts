import { describe, expect, test } from "vitest"
import { type CellType, readCell } from "./cells.ts"
import { suggestTarget } from "./mapping.ts"
import { instantInZone } from "./zone.ts"

const read = (text: string, type: CellType, reading = {}) => {
  const cell = readCell(text, type, { dates: "dmy", decimal: ".", zone: "Europe/Rome", ...reading })
  return cell.ok ? cell.value : cell.reason
}

describe("cells", () => {
  const table: [text: string, type: CellType, expected: unknown, reading?: object][] = [
    [" as it is ", "text", " as it is "],
    ["1234.5", "number", 1234.5],
    ["1,234.50", "number", 1234.5],
    ["€ 12", "number", 12],
    ["1.234,50", "number", 1234.5, { decimal: "," }],
    ["12,5", "number", 12.5, { decimal: "," }],
    ["12,5", "number", "bad-number"],
    ["1e999", "number", "bad-number"],
    ["12 apples", "number", "bad-number"],
    ["Sì", "boolean", true],
    ["0", "boolean", false],
    ["maybe", "boolean", "bad-boolean"],
    ["2026-02-28", "date", "2026-02-28"],
    ["28/02/2026", "date", "2026-02-28"],
    ["02/28/2026", "date", "2026-02-28", { dates: "mdy" }],
    ["02/28/2026", "date", "bad-date"],
    ["29/02/2026", "date", "bad-date"],
    ["01/02/2026", "date", "bad-date", { dates: "ymd" }],
    ["1.2.2026", "date", "2026-02-01"],
    ["01/07/2026 10:30", "date-time", "2026-07-01T08:30:00.000Z"],
    ["2026-01-01 10:30:15", "date-time", "2026-01-01T09:30:15.000Z"],
    ["2026-01-01", "date-time", "2025-12-31T23:00:00.000Z"],
    ["2026-01-01T10:30:00Z", "date-time", "2026-01-01T10:30:00.000Z"],
    ["2026-01-01T10:30:00+02:00", "date-time", "2026-01-01T08:30:00.000Z"],
    ["2026-01-01 25:00", "date-time", "bad-date"],
    ["red; blue ;", "list", ["red", "blue"]],
    ["red, blue", "list", ["red", "blue"]],
  ]
  test.each(table)("%j as %s is %j", (text, type, expected, reading) =>
    expect(read(text, type, reading)).toEqual(expected),
  )
})

describe("clocks of a zone", () => {
  const at = (hour: number, minute: number, month: number, day: number) =>
    new Date(instantInZone({ year: 2026, month, day, hour, minute, second: 0 }, "Europe/Rome")).toISOString()
  test("in winter and in summer", () => {
    expect(at(12, 0, 1, 15)).toBe("2026-01-15T11:00:00.000Z")
    expect(at(12, 0, 7, 15)).toBe("2026-07-15T10:00:00.000Z")
  })
  test("in the hour that comes twice, and in the one that never comes", () => {
    expect(at(2, 30, 10, 25)).toBe("2026-10-25T00:30:00.000Z")
    expect(at(2, 30, 3, 29)).toBe("2026-03-29T01:30:00.000Z")
  })
})

describe("where columns go", () => {
  const table: [column: string, samples: string[], expected: object][] = [
    ["E-mail", [], { to: "identity", kind: "email" }],
    ["Indirizzo e-mail", [], { to: "identity", kind: "email" }],
    ["customerId", [], { to: "identity", kind: "user_id" }],
    ["Codice cliente", [], { to: "identity", kind: "user_id" }],
    ["Telefono", [], { to: "identity", kind: "phone" }],
    ["Tessera", [], { to: "identity", kind: "loyalty_card" }],
    ["Newsletter", ["si"], { to: "consent" }],
    ["Nome", [], { to: "attribute", name: "first_name", type: "text" }],
    ["Total spent", ["12.5", "3"], { to: "attribute", name: "total_spent", type: "number" }],
    ["ZIP", ["00184", "20121"], { to: "attribute", name: "zip", type: "text" }],
    ["Last order", ["2026-01-02"], { to: "attribute", name: "last_order", type: "date" }],
    ["Città", [], { to: "attribute", name: "city", type: "text" }],
    ["Perché", ["boh"], { to: "attribute", name: "perché", type: "text" }],
    ["", ["x"], { to: "ignore" }],
  ]
  test.each(table)("%s", (column, samples, expected) =>
    expect(suggestTarget(column, samples, { dates: "dmy", decimal: "." })).toEqual(expected),
  )
  test("numbers with a decimal comma are numbers where the file writes them so", () => {
    const written = { dates: "dmy", decimal: "," } as const
    expect(suggestTarget("Spesa", ["1.234,50", "7"], written)).toMatchObject({ type: "number" })
  })
})
