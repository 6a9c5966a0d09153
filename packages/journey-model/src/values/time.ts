/** Milliseconds since 1970-01-01T00:00:00Z. The engine counts in these; documents and APIs hold RFC 3339 text. */
export type EpochMs = number

const instantPattern =
  /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?([Zz]|[+-]\d{2}:\d{2})$/
const datePattern = /^(\d{4})-(\d{2})-(\d{2})$/

const daysInMonth = (year: number, month: number): number => {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

const midnight = (year: string, month: string, day: string): EpochMs | undefined => {
  const monthNumber = Number(month)
  const dayNumber = Number(day)
  if (monthNumber < 1 || monthNumber > 12) return undefined
  if (dayNumber < 1 || dayNumber > daysInMonth(Number(year), monthNumber)) return undefined
  return Date.parse(`${year}-${month}-${day}T00:00:00.000Z`)
}

/**
 * Reads an RFC 3339 instant, any offset: `2026-11-21T18:44:00.000Z`. Finer than a millisecond is cut off.
 * Text that names no instant (30 February, hour 24, a leap second) is undefined.
 */
export function parseInstant(text: string): EpochMs | undefined {
  const match = instantPattern.exec(text)
  if (!match) return undefined
  const [, year = "", month = "", day = "", hour = "", minute = "", second = "", fraction = "", zone = ""] =
    match
  const start = midnight(year, month, day)
  if (start === undefined) return undefined
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined
  const ms = Number(fraction.slice(0, 3).padEnd(3, "0"))
  const local = start + ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1000 + ms
  if (zone.length === 1) return local
  const offsetHours = Number(zone.slice(1, 3))
  const offsetMinutes = Number(zone.slice(4, 6))
  if (offsetHours > 23 || offsetMinutes > 59) return undefined
  const offsetMs = (offsetHours * 60 + offsetMinutes) * 60_000
  return zone.startsWith("-") ? local + offsetMs : local - offsetMs
}

/** As {@link parseInstant}, and a plain date `2026-11-21` is midnight UTC: how conditions read dates. */
export function parseDateOrInstant(text: string): EpochMs | undefined {
  const date = datePattern.exec(text)
  return date ? midnight(date[1] ?? "", date[2] ?? "", date[3] ?? "") : parseInstant(text)
}

/** RFC 3339 in UTC with milliseconds: `2026-11-21T18:44:00.000Z`. */
export function formatInstant(ms: EpochMs): string {
  return new Date(ms).toISOString()
}
