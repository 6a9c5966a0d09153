import type { EpochMs } from "@viaggio/journey-model"

const KEPT = 1_024
const keptAt = new Float64Array(KEPT).fill(Number.NaN)
const keptText = new Array<string>(KEPT)

/**
 * An instant as PostgreSQL reads it, RFC 3339 in UTC. The steps of a batch share few instants and name each many
 * times, so the last texts are kept.
 */
export const instantText = (at: EpochMs): string => {
  const slot = Math.abs(at) % KEPT
  if (keptAt[slot] === at) return keptText[slot]!
  const text = new Date(at).toISOString()
  keptAt[slot] = at
  keptText[slot] = text
  return text
}
