import { hashId } from "./hash.ts"

/** Thirteen hex digits are 52 bits, all that a double's fraction holds. */
const digits = 13
const range = 2 ** 52

/**
 * A number in [0, 1) that is the same for ever for the same customer or enrollment, node and salt, and uniform
 * over many of them: how branches are drawn without a random source.
 */
export function draw(id: string, node: string, salt: string): number {
  return Number.parseInt(hashId(id, node, salt).slice(0, digits), 16) / range
}
