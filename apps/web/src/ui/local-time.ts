/** How far a zone is ahead of UTC at an instant, in ms. */
function offsetMs(zone: string, at: number): number {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  }).formatToParts(at)
  const read = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find(part => part.type === type)?.value)
  const local = Date.UTC(
    read("year"),
    read("month") - 1,
    read("day"),
    read("hour"),
    read("minute"),
    read("second"),
  )
  return local - Math.floor(at / 1000) * 1000
}

/**
 * What a person typed into a date and time field (`2026-11-21T19:44`), read in a zone, as epoch ms. In the hour that
 * spring leaves out, the clock's later reading is taken (02:30 in Rome becomes 03:30); in the hour that comes twice,
 * the earlier one. Undefined for what is no date and time.
 */
export function fromLocalText(text: string, zone: string): number | undefined {
  const asUtc = Date.parse(`${text}Z`)
  if (Number.isNaN(asUtc)) return undefined
  const dayMs = 86_400_000
  const before = asUtc - offsetMs(zone, asUtc - dayMs)
  const after = asUtc - offsetMs(zone, asUtc + dayMs)
  const fits = (at: number) => at + offsetMs(zone, at) === asUtc
  if (fits(before)) return before
  return fits(after) ? after : before
}

/** An instant as the text of a date and time field in a zone: `2026-11-21T19:44`. */
export function toLocalText(at: number, zone: string): string {
  return new Date(at + offsetMs(zone, at)).toISOString().slice(0, 16)
}
