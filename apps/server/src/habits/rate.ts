/**
 * How often one thing follows another, and when. `delaysMs`: the quantiles 0, 0.1 … 1 of the time between, rising;
 * between two of them a straight line. Where too little is known, usual values stand there and `known` is false.
 */
export type Rate = { known: boolean; n: number; share: number; delaysMs: number[] }

/** Of fewer occasions than this nothing is concluded. */
const ENOUGH = 20
/** Of fewer delays than this no distribution is drawn. */
const ENOUGH_DELAYS = 5
const QUANTILES = 10

const hourMs = 3_600_000

/** Quantiles of waiting times that forget how long one has waited already, with that median. */
const usualDelays = (medianMs: number): number[] =>
  Array.from({ length: QUANTILES + 1 }, (_, i) =>
    Math.round((medianMs * -Math.log(1 - Math.min(i / QUANTILES, 0.99))) / Math.LN2),
  )

const usual = (share: number, medianHours: number): Rate => ({
  known: false,
  n: 0,
  share,
  delaysMs: usualDelays(medianHours * hourMs),
})

/** What is taken where a workspace has shown nothing yet; rules of thumb of retail mailings. */
export const usualRates = {
  afterEntry: usual(0.3, 24),
  afterMessage: usual(0.1, 24),
  opened: usual(0.35, 4),
  clicked: usual(0.05, 6),
  bounced: usual(0.01, 1),
  unsubscribed: usual(0.003, 8),
} as const
export const usualShare30d = 0.2

/** A rate out of occasions and the delays of those that were followed. */
export function rateOf(n: number, delays: readonly number[], otherwise: Rate): Rate {
  if (n < ENOUGH) return { ...otherwise, n }
  const sorted = [...delays].sort((a, b) => a - b)
  const share = sorted.length / n
  if (sorted.length < ENOUGH_DELAYS) return { known: true, n, share, delaysMs: otherwise.delaysMs }
  const at = (i: number) => sorted[Math.round(((sorted.length - 1) * i) / QUANTILES)]!
  return { known: true, n, share, delaysMs: Array.from({ length: QUANTILES + 1 }, (_, i) => at(i)) }
}
