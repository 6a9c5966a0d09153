import type { EpochMs } from "@viaggio/journey-model"

/** What clocks and calendars show at some place. */
export type WallTime = {
  year: number
  month: number
  day: number
  hour: number
  minute: number
  second: number
}

const formats = new Map<string, Intl.DateTimeFormat>()

const formatOf = (zone: string): Intl.DateTimeFormat => {
  const present = formats.get(zone)
  if (present !== undefined) return present
  const made = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  })
  formats.set(zone, made)
  return made
}

const utcOf = ({ year, month, day, hour, minute, second }: WallTime): number =>
  Date.UTC(year, month - 1, day, hour, minute, second)

/** How far the clocks of a zone are ahead of UTC at an instant. */
const aheadMs = (at: EpochMs, zone: string): number => {
  const parts = Object.fromEntries(
    formatOf(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  ) as unknown as WallTime
  return utcOf(parts) - at
}

/**
 * The instant at which clocks in a zone show that. Where they show it twice, the earlier one; in the hour that they
 * leap over, the instant as far after the leap as the text goes into it.
 */
export function instantInZone(wall: WallTime, zone: string): EpochMs {
  const utc = utcOf(wall)
  const before = utc - aheadMs(utc - 86_400_000, zone)
  if (before + aheadMs(before, zone) === utc) return before
  const after = utc - aheadMs(utc + 86_400_000, zone)
  return after + aheadMs(after, zone) === utc ? after : before
}
