import { sha256 } from "@noble/hashes/sha2.js"
import fc from "fast-check"
import { expect, test } from "vitest"
import { sha256Words } from "./sha256.ts"

const digest = (bytes: Uint8Array): number[] => {
  const buffer = new Uint8Array(bytes.length + 72).fill(0xaa)
  buffer.set(bytes)
  return [...sha256Words(buffer, bytes.length)].flatMap(word => [
    word >>> 24,
    (word >>> 16) & 0xff,
    (word >>> 8) & 0xff,
    word & 0xff,
  ])
}

test("is what the library says, around the lengths at which a block is full", () => {
  for (let length = 0; length <= 200; length++) {
    const bytes = Uint8Array.from({ length }, (_, index) => (index * 37 + length) & 0xff)
    expect(digest(bytes)).toEqual([...sha256(bytes)])
  }
})

test("is what the library says of any bytes", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2000 }), bytes => {
      expect(digest(bytes)).toEqual([...sha256(bytes)])
    }),
  )
})
