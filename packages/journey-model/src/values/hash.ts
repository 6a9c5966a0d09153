import { sha256 } from "@noble/hashes/sha2.js"

let scratch = new Uint8Array(1024)
let used = 0

const reserve = (count: number): void => {
  if (used + count <= scratch.length) return
  const larger = new Uint8Array((used + count) * 2)
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

const toHex = (bytes: Uint8Array, count: number): string => {
  let text = ""
  for (let index = 0; index < count; index++) text += hexDigits[bytes[index] as number]
  return text
}

/** SHA-256 of a text's UTF-8 bytes, 64 hex digits. */
export function sha256Hex(text: string): string {
  used = 0
  appendText(text)
  return toHex(sha256(scratch.subarray(0, used)), 32)
}

/**
 * An id made from its parts, the same everywhere and for ever: the first 128 bits, 32 hex digits, of SHA-256
 * over each part's UTF-8 bytes behind their count (four bytes, big-endian), so ("ab", "c") is not ("a", "bc").
 */
export function hashId(...parts: string[]): string {
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
  return toHex(sha256(scratch.subarray(0, used)), 16)
}
