import { hashFraction } from "./hash.ts"

/**
 * A number in [0, 1) that is the same for ever for the same customer or enrollment, node and salt, and uniform
 * over many of them: how branches are drawn without a random source.
 */
export function draw(id: string, node: string, salt: string): number {
  return hashFraction(id, node, salt)
}
