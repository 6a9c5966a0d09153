/**
 * Something that happens to a share of those whom it concerns (0 to 1), and how long after its cause: eleven rising
 * quantiles in milliseconds, of 0, 10 … 100 %. In between they are read in a straight line, so that every browser
 * gives the same instant.
 */
export type Chance = { share: number; delaysMs: readonly number[] }

const mix = (a: number, b: number): number => {
  let h = (a ^ Math.imul(b, 0x9e3779b1)) | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** What chance knows a thing by: a number of 32 bits from its name. */
export function slotOf(name: string): number {
  let slot = 0x811c9dc5
  for (let index = 0; index < name.length; index++) {
    slot = Math.imul(slot ^ name.charCodeAt(index), 0x01000193)
  }
  return slot >>> 0
}

/** A slot within another, such as the third visit of a node. */
export const slotWithin = (slot: number, part: number): number => mix(slot, part + 1)

/** The chance of one customer: every slot of every customer is another number, and the same one again for its seed. */
export const chanceOf = (seed: number, customer: number): number => mix(mix(0x2545f491, seed), customer + 1)

/** A number in [0, 1) for a slot. */
export const drawSlot = (chance: number, slot: number): number => mix(chance, slot) / 2 ** 32

/** One of so many, evenly. */
export const pickSlot = (chance: number, slot: number, count: number): number =>
  Math.min(count - 1, Math.floor(drawSlot(chance, slot) * count))

/**
 * The delay at a place in [0, 1) of the distribution, whole milliseconds, one at least: what has a cause comes after
 * it, and not in the same instant.
 */
export function delayAt(delaysMs: readonly number[], place: number): number {
  const last = delaysMs.length - 1
  if (last < 0) return 1
  const at = place * last
  const index = Math.min(Math.floor(at), last)
  const low = delaysMs[index] as number
  const high = delaysMs[Math.min(index + 1, last)] as number
  return Math.max(1, Math.round(low + (high - low) * (at - index)))
}
