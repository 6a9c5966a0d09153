/** Letters that must be changed, added, left out or swapped to come from one text to the other, up to `most`. */
function distance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      let best = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + same)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, (beforeLast[j - 2] ?? 0) + 1)
      row.push(best)
    }
    if (Math.min(...row) > most) return most + 1
    beforeLast = last
    last = row
  }
  return last[b.length] ?? 0
}

/** A name without what people mix up: capitals, and how words are joined. */
const plain = (name: string): string => name.toLowerCase().replace(/[\s_-]+/g, "")

/**
 * The known name that was probably meant: written with other capitals or joins, or one letter away (two in a name
 * of eight letters or more). Undefined where none is near, or the name is too short to say.
 */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  const wanted = plain(name)
  if (wanted.length < 4) return undefined
  const most = wanted.length >= 8 ? 2 : 1
  let best: { name: string; far: number } | undefined
  for (const candidate of known) {
    const far = distance(wanted, plain(candidate), most)
    if (far <= most && (!best || far < best.far)) best = { name: candidate, far }
  }
  return best?.name
}
