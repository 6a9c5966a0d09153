import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { fromLocalText, toLocalText } from "./local-time.ts"

describe("a date and time typed in a zone", () => {
  it.each([
    ["winter in Rome", "2026-01-15T12:00", "Europe/Rome", "2026-01-15T11:00:00.000Z"],
    ["summer in Rome", "2026-07-15T12:00", "Europe/Rome", "2026-07-15T10:00:00.000Z"],
    ["half-hour zone", "2026-07-15T12:00", "Asia/Kolkata", "2026-07-15T06:30:00.000Z"],
    ["the hour that spring leaves out", "2026-03-29T02:30", "Europe/Rome", "2026-03-29T01:30:00.000Z"],
    ["the hour that comes twice: the first", "2026-10-25T02:30", "Europe/Rome", "2026-10-25T00:30:00.000Z"],
    ["just after the clock goes forward", "2026-03-29T03:00", "Europe/Rome", "2026-03-29T01:00:00.000Z"],
    ["west of UTC", "2026-11-01T23:30", "America/New_York", "2026-11-02T04:30:00.000Z"],
  ])("%s", (_, text, zone, expected) => {
    expect(new Date(fromLocalText(text, zone)!).toISOString()).toBe(expected)
  })

  it("refuses what is no date", () => {
    expect(fromLocalText("", "Europe/Rome")).toBeUndefined()
    expect(fromLocalText("soon", "Europe/Rome")).toBeUndefined()
  })

  it("comes back as it was typed, but for the hour that does not exist", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: Date.UTC(2000, 0), max: Date.UTC(2040, 0) }),
        fc.constantFrom("UTC", "Europe/Rome", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"),
        (at, zone) => {
          const text = toLocalText(at, zone)
          expect(toLocalText(fromLocalText(text, zone)!, zone)).toBe(text)
        },
      ),
      { seed: 1 },
    )
  })
})
