import { formatDuration } from "@viaggio/journey-model"

export const unitsMs = {
  second: 1_000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
} as const
export type Unit = keyof typeof unitsMs
export const units = Object.keys(unitsMs) as Unit[]

/** What a document takes: 1 second to 730 days. */
const shortestMs = unitsMs.second
const longestMs = 730 * unitsMs.day

/** The largest unit that says the duration without a fraction: 26 h stay hours, 48 h become days. */
export function unitOf(durationMs: number): Unit {
  const fitting = units.filter(unit => durationMs % unitsMs[unit] === 0 && unit !== "week")
  return durationMs === 0 ? "day" : (fitting.at(-1) ?? "second")
}

/** What somebody typed as an ISO 8601 duration in whole seconds; undefined where a document would not take it. */
export function readAmount(typed: string | number, unit: Unit): string | undefined {
  const text = String(typed).trim().replace(",", ".")
  if (!/^(?:\d+\.?\d*|\.\d+)$/.test(text)) return undefined
  const durationMs = Number(text) * unitsMs[unit]
  if (durationMs < shortestMs || durationMs > longestMs) return undefined
  return formatDuration(Math.round(durationMs / 1_000) * 1_000)
}
