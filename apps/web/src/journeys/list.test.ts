import { describe, expect, it } from "vitest"
import { type JourneyRow, selectRows } from "./list.ts"
import { readSearch } from "./search.ts"

const row = (values: Partial<JourneyRow> & { key: string }): JourneyRow => ({
  name: values.key,
  status: "draft",
  version: null,
  revision: 1,
  entered24h: 0,
  inside: 0,
  ended: 0,
  failed: 0,
  updatedAt: "2026-11-21T10:00:00.000Z",
  changed: false,
  ...values,
})

const rows = [
  row({ key: "welcome", name: "Welcome", status: "live", inside: 12, updatedAt: "2026-11-20T10:00:00.000Z" }),
  row({ key: "citta", name: "Città d'arte", inside: 3 }),
  row({
    key: "win-back",
    name: "Win back",
    status: "paused",
    inside: 7,
    updatedAt: "2026-11-21T12:00:00.000Z",
  }),
]

const keys = (search: Parameters<typeof selectRows>[1]) =>
  selectRows(rows, search, "en").map(({ key }) => key)

describe("the rows of the journey list", () => {
  it.each([
    ["the last changed first", {}, ["win-back", "citta", "welcome"]],
    ["found by a part of the name, whatever the accents", { search: "citta D" }, ["citta"]],
    ["found by the key", { search: "win-b" }, ["win-back"]],
    ["of one status", { status: "live" as const }, ["welcome"]],
    ["by name from A", { sort: "name" as const }, ["citta", "welcome", "win-back"]],
    ["by number from the largest", { sort: "inside" as const }, ["welcome", "win-back", "citta"]],
    [
      "the other way round",
      { sort: "inside" as const, order: "asc" as const },
      ["citta", "win-back", "welcome"],
    ],
  ])("%s", (_, search, expected) => expect(keys(search)).toEqual(expected))

  it("leaves out of the address what it does not understand", () => {
    expect(readSearch({ search: 42, status: "gone", sort: "name", order: "up" })).toEqual({
      search: "42",
      sort: "name",
    })
  })
})
