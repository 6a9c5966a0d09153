const GROWTH = 1.25
const SLOTS = 64

/** Durations of sends counted in slots: slot n holds those of at most 1.25^n ms, so that processes can be added up. */
export const emptyLatency = (): number[] => new Array<number>(SLOTS).fill(0)

export const addLatency = (counts: number[], ms: number): void => {
  const slot = Math.min(SLOTS - 1, Math.max(0, Math.ceil(Math.log(Math.max(ms, 1)) / Math.log(GROWTH))))
  counts[slot] = (counts[slot] ?? 0) + 1
}

/** The duration in ms that this share of sends does not exceed; undefined when there was none. */
export const latencyAt = (counts: readonly number[], share: number): number | undefined => {
  const sum = counts.reduce((a, b) => a + b, 0)
  if (sum === 0) return undefined
  let seen = 0
  const slot = counts.findIndex(n => {
    seen += n
    return seen >= sum * share
  })
  return Math.round(GROWTH ** slot)
}
