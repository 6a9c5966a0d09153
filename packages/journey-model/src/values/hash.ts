import { sha256Words } from "./sha256.ts"

/** Room that the hash itself needs behind the text. */
const padding = 72

let scratch = new Uint8Array(1024)
let used = 0

const reserve = (count: number): void => {
  if (used + count + padding <= scratch.length) return
  const larger = new Uint8Array((used + count + padding) * 2)
  larger.set(scratch.subarray(0, used))
  scratch = larger
}

/** UTF-8 by hand, since the model's library has no TextEncoder; a lone surrogate becomes U+FFFD, as there. */
const appendText = (text: string): void => {
  reserve(text.length * 3)
  let at = used
  for (let index = 0; index < text.length; index++) {
    let code = text.charCodeAt(index)
    if (code < 0x80) {
      scratch[at++] = code
      continue
    }
    if (code >= 0xd800 && code < 0xe000) {
      const low = index + 1 < text.length ? text.charCodeAt(index + 1) : 0
      if (code < 0xdc00 && low >= 0xdc00 && low < 0xe000) {
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00)
        index++
      } else {
        code = 0xfffd
      }
    }
    if (code < 0x800) {
      scratch[at++] = 0xc0 | (code >> 6)
    } else {
      if (code < 0x10000) {
        scratch[at++] = 0xe0 | (code >> 12)
      } else {
        scratch[at++] = 0xf0 | (code >> 18)
        scratch[at++] = 0x80 | ((code >> 12) & 0x3f)
      }
      scratch[at++] = 0x80 | ((code >> 6) & 0x3f)
    }
    scratch[at++] = 0x80 | (code & 0x3f)
  }
  used = at
}

const hexDigits: readonly string[] = Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).padStart(2, "0"),
)

const toHex = (words: Int32Array, count: number): string => {
  let text = ""
  for (let index = 0; index < count; index++) {
    const word = words[index] as number
    text +=
      (hexDigits[word >>> 24] as string) +
      (hexDigits[(word >>> 16) & 0xff] as string) +
      (hexDigits[(word >>> 8) & 0xff] as string) +
      (hexDigits[word & 0xff] as string)
  }
  return text
}

/** SHA-256 of a text's UTF-8 bytes, 64 hex digits. */
export function sha256Hex(text: string): string {
  used = 0
  appendText(text)
  return toHex(sha256Words(scratch, used), 8)
}

const hashParts = (parts: readonly string[]): Int32Array => {
  used = 0
  for (const part of parts) {
    reserve(4)
    const lengthAt = used
    used += 4
    appendText(part)
    const length = used - lengthAt - 4
    scratch[lengthAt] = length >>> 24
    scratch[lengthAt + 1] = (length >>> 16) & 0xff
    scratch[lengthAt + 2] = (length >>> 8) & 0xff
    scratch[lengthAt + 3] = length & 0xff
  }
  return sha256Words(scratch, used)
}

/**
 * An id made from its parts, the same everywhere and for ever: the first 128 bits, 32 hex digits, of SHA-256
 * over each part's UTF-8 bytes behind their count (four bytes, big-endian), so ("ab", "c") is not ("a", "bc").
 */
export function hashId(...parts: string[]): string {
  return toHex(hashParts(parts), 4)
}

/** The first 52 bits of the same hash as a number in [0, 1): all that a double's fraction holds. */
export function hashFraction(...parts: string[]): number {
  const words = hashParts(parts)
  return (((words[0] as number) >>> 0) * 2 ** 20 + ((words[1] as number) >>> 12)) / 2 ** 52
}
