/** Chance that can be had again: the same seed gives the same run. */
export type Chance = {
  /** From 0 to below 1. */
  next: () => number
  below: (most: number) => number
  pick: <T>(from: readonly T[]) => T
}

/** Mulberry32: small, and good enough to choose what to press next. */
export function createChance(seed: number): Chance {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (most: number) => Math.floor(next() * most)
  return {
    next,
    below,
    pick(from) {
      const found = from[below(from.length)]
      if (found === undefined) throw new Error("nothing to pick from")
      return found
    },
  }
}
