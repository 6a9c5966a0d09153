import { useTranslation } from "react-i18next"
import { useZone } from "./workspace.ts"

/** An instant as the API gives it (RFC 3339) or as the model counts it (epoch milliseconds). */
export type InstantLike = string | number | Date

const durationUnits = ["week", "day", "hour", "minute", "second"] as const

/** `P1DT2H` → `[["day", 1], ["hour", 2]]`; undefined for anything that is not a duration of the document. */
export function splitDuration(
  text: string,
): [unit: (typeof durationUnits)[number], count: number][] | undefined {
  const match = /^P(?=\d|T\d)(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(text)
  if (!match) return undefined
  const parts = durationUnits.flatMap((unit, index): [typeof unit, number][] => {
    const count = match[index + 1]
    return count === undefined || Number(count) === 0 ? [] : [[unit, Number(count)]]
  })
  return parts.length > 0 ? parts : [["second", 0]]
}

const relativeSteps: [unit: Intl.RelativeTimeFormatUnit, ms: number][] = [
  ["year", 31_557_600_000],
  ["month", 2_629_800_000],
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
]

/**
 * Dates, times, numbers and durations for people, in one language and one zone. Every screen uses this, so a
 * time is never shown in the browser's zone by accident.
 */
export function createFormat(language: string, zone: string) {
  const make = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(language, { timeZone: zone, ...options })
  const dateTime = make({
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
  })
  const date = make({ day: "numeric", month: "short", year: "numeric" })
  const time = make({ hour: "2-digit", minute: "2-digit" })
  const exact = make({ dateStyle: "full", timeStyle: "medium" })
  const number = new Intl.NumberFormat(language, { useGrouping: "always" })
  const compact = (digits: number) =>
    new Intl.NumberFormat(language, { notation: "compact", maximumSignificantDigits: digits })
  const [twoDigits, threeDigits] = [compact(2), compact(3)]
  const percent = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 })
  const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto" })
  const and = new Intl.ListFormat(language, { type: "conjunction" })
  const or = new Intl.ListFormat(language, { type: "disjunction" })
  const units = new Map(
    durationUnits.map(unit => [
      unit,
      new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" }),
    ]),
  )
  return {
    language,
    zone,
    /** `21 Nov 2026, 19:44` */
    dateTime: (at: InstantLike) => dateTime.format(new Date(at)),
    date: (at: InstantLike) => date.format(new Date(at)),
    /** `19:44` */
    time: (at: InstantLike) => time.format(new Date(at)),
    /** The whole instant with seconds and the zone's name, for a hover: `Saturday, 21 November 2026 at 19:44:00 · Europe/Rome`. */
    exact: (at: InstantLike) => `${exact.format(new Date(at))} · ${zone}`,
    /** `3 hours ago`; `now` in the first minute. */
    relative: (at: InstantLike, now: number) => {
      const distance = new Date(at).getTime() - now
      const step = relativeSteps.find(([, ms]) => Math.abs(distance) >= ms)
      return step ? relative.format(Math.trunc(distance / step[1]), step[0]) : relative.format(0, "second")
    },
    number: (value: number) => number.format(value),
    /** The same where there is little room, `1.3K`, `12K`, `104K`. */
    short: (value: number) =>
      (value < 1_000 ? number : value < 100_000 ? twoDigits : threeDigits).format(value),
    /** A share from 0 to 1 as a percentage. */
    percent: (share: number) => percent.format(share),
    /** `P3D` → `3 days`; a text that is no duration comes back as it is. */
    duration: (text: string) => {
      const parts = splitDuration(text)
      return parts ? and.format(parts.map(([unit, count]) => units.get(unit)!.format(count))) : text
    },
    and: (items: string[]) => and.format(items),
    or: (items: string[]) => or.format(items),
  }
}

export type Format = ReturnType<typeof createFormat>

const made = new Map<string, Format>()

/** The same formats for all who ask: making them costs a dozen of Intl's objects, and hundreds of cards ask. */
function formatOf(language: string, zone: string): Format {
  const key = `${language} ${zone}`
  const format = made.get(key) ?? createFormat(language, zone)
  made.set(key, format)
  return format
}

/** The formats of the workspace on screen, in the person's language. */
export function useFormat(): Format {
  const zone = useZone()
  const { i18n } = useTranslation()
  // British forms for English: day before month and 24 hours, as the rest of the product writes them.
  const language = i18n.language === "en" ? "en-GB" : i18n.language
  return formatOf(language, zone)
}
