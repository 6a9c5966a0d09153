import { describe, expect, it } from "vitest"
import { createFormat, splitDuration } from "./format.ts"

const at = "2026-11-21T18:44:05.000Z"
const english = createFormat("en-GB", "Europe/Rome")
const italian = createFormat("it", "America/New_York")

describe("times", () => {
  it("are shown in the workspace's zone", () => {
    expect(english.dateTime(at)).toBe("21 Nov 2026, 19:44")
    expect(italian.dateTime(at)).toBe("21 nov 2026, 13:44")
    expect(english.date(at)).toBe("21 Nov 2026")
    expect(english.time(new Date(at).getTime())).toBe("19:44")
  })

  it("name the zone to the second on hover", () => {
    expect(english.exact(at)).toBe("Saturday, 21 November 2026 at 19:44:05 · Europe/Rome")
  })

  it.each([
    [20_000, "now"],
    [59 * 60_000, "59 minutes ago"],
    [90 * 60_000, "1 hour ago"],
    [26 * 3_600_000, "yesterday"],
    [-3 * 86_400_000, "in 3 days"],
    [800 * 86_400_000, "2 years ago"],
  ])("are %i ms away", (distanceMs, expected) => {
    expect(english.relative(at, new Date(at).getTime() + distanceMs)).toBe(expected)
  })
})

describe("durations", () => {
  it.each([
    ["P3D", "3 days", "3 giorni"],
    ["P1W", "1 week", "1 settimana"],
    ["P1DT2H30M", "1 day, 2 hours and 30 minutes", "1 giorno, 2 ore e 30 minuti"],
    ["PT0S", "0 seconds", "0 secondi"],
    ["never", "never", "never"],
  ])("%s", (text, inEnglish, inItalian) => {
    expect(english.duration(text)).toBe(inEnglish)
    expect(italian.duration(text)).toBe(inItalian)
  })

  it.each(["", "P", "PT", "3 days", "P1Y", "P1DT", "P-1D"])("%j is none", text => {
    expect(splitDuration(text)).toBeUndefined()
  })
})

it("writes numbers and shares in the language", () => {
  expect([english.number(12345.5), english.percent(0.1234)]).toEqual(["12,345.5", "12.3%"])
  // Italian usually groups from five digits on; in a column of numbers all must line up.
  expect([italian.number(1234.5), italian.percent(0.5)]).toEqual(["1.234,5", "50%"])
})
