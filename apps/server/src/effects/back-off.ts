const FIRST_MS = 1_000
const LONGEST_MS = 15 * 60_000

/**
 * Ms until the next try after so many: twice as long each time up to a quarter of an hour, with a random half so
 * that many do not come back at once.
 * @param random in [0, 1)
 */
export const backOffMs = (attempts: number, random: number): number => {
  const whole = Math.min(FIRST_MS * 2 ** Math.max(0, attempts - 1), LONGEST_MS)
  return Math.round(whole / 2 + (whole / 2) * random)
}
