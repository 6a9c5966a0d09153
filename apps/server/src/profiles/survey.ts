/** What was found in each bucket that was looked at, in their order, and how much of all customers those hold (0 to 1). */
export type Surveyed<Part> = { parts: Part[]; share: number }

/** Buckets looked at at once; the pool for screens has others to serve. */
const AT_ONCE = 3

/**
 * Looks at one bucket after the other until the time is out, at least at one. Customers lie in buckets by a hash of
 * their id, so any number of whole buckets is an even sample of them all.
 */
export async function survey<Part>(
  options: { buckets: readonly number[]; budgetMs: number; monotonicMs: () => number },
  look: (bucket: number) => Promise<Part>,
): Promise<Surveyed<Part>> {
  const { buckets, budgetMs, monotonicMs } = options
  const until = monotonicMs() + budgetMs
  const found: { place: number; part: Part }[] = []
  const waiting = [...buckets.entries()]
  const work = async (): Promise<void> => {
    for (;;) {
      if (found.length > 0 && monotonicMs() >= until) return
      const next = waiting.shift()
      if (next === undefined) return
      const [place, bucket] = next
      found.push({ place, part: await look(bucket) })
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  const parts = found.sort((a, b) => a.place - b.place).map(({ part }) => part)
  return { parts, share: buckets.length === 0 ? 1 : parts.length / buckets.length }
}

/** A sum over the buckets that were looked at, as it would be over all of them. */
export const extrapolated = (sum: number, share: number): number =>
  share >= 1 ? sum : Math.round(sum / share)
