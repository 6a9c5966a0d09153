const pattern = /^P(?:(\d{1,9})W)?(?:(\d{1,9})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})S)?)?$/

const secondMs = 1000
const minuteMs = 60 * secondMs
const hourMs = 60 * minuteMs
/** A day is 24 hours of elapsed time everywhere in a journey; calendar days are another matter. */
export const dayMs = 24 * hourMs

/** The longest duration of a document, 730 days; the shortest is one second. */
export const longestDurationMs = 730 * dayMs

/** Reads `P[nW][nD][T[nH][nM][nS]]` into milliseconds: `P3D` is 259,200,000. No months, years or fractions. */
export function parseDuration(text: string): number | undefined {
  const match = pattern.exec(text)
  if (!match || text.endsWith("P") || text.endsWith("T")) return undefined
  const [, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = match
  return (
    (Number(weeks) * 7 + Number(days)) * dayMs +
    Number(hours) * hourMs +
    Number(minutes) * minuteMs +
    Number(seconds) * secondMs
  )
}

/** Canonical text of a duration, days first: `P3D`, `PT1H30M`, `PT0S`. Parts of a second are cut off. */
export function formatDuration(ms: number): string {
  let rest = Math.floor(ms / secondMs)
  const take = (unitSeconds: number, letter: string): string => {
    const count = Math.floor(rest / unitSeconds)
    rest -= count * unitSeconds
    return count > 0 ? `${count}${letter}` : ""
  }
  const days = take(86_400, "D")
  const time = take(3600, "H") + take(60, "M") + take(1, "S")
  if (days === "" && time === "") return "PT0S"
  return `P${days}${time === "" ? "" : `T${time}`}`
}
