import { randomBytes, randomFillSync } from "node:crypto"
import { setTimeout as pause } from "node:timers/promises"
import type { EpochMs } from "@viaggio/journey-model"

/** The process' only source of time, ids and randomness; a test passes its own. */
export type Ports = {
  /** Wall clock. */
  now(): EpochMs
  /** Milliseconds that only ever grow, unrelated to the wall clock. */
  monotonicMs(): number
  /** UUIDv7, rising with time. */
  newId(): string
  randomBytes(length: number): Uint8Array
  sleep(ms: number): Promise<void>
}

const text = Buffer.alloc(36, "-")
const digits = Buffer.from("0123456789abcdef")
/** Where the two digits of each of the sixteen bytes stand in the text. */
const places = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34]

/** UUIDv7 (RFC 9562) of an instant, from ten random bytes. */
export function uuidV7(at: EpochMs, random: Uint8Array): string {
  const high = Math.floor(at / 0x1_0000_0000)
  const low = at >>> 0
  write(0, high >>> 8)
  write(1, high)
  write(2, low >>> 24)
  write(3, low >>> 16)
  write(4, low >>> 8)
  write(5, low)
  write(6, (random[0]! & 0x0f) | 0x70)
  write(7, random[1]!)
  write(8, (random[2]! & 0x3f) | 0x80)
  for (let i = 9; i < 16; i += 1) write(i, random[i - 6]!)
  return text.toString("latin1")
}

const write = (index: number, byte: number): void => {
  const place = places[index]!
  text[place] = digits[(byte >>> 4) & 15]!
  text[place + 1] = digits[byte & 15]!
}

/** One call of the system for many ids: alone it takes ten times as long as all else of an id. */
const POOLED_IDS = 256

/** Ids in the order of their making, from chance that is fetched for many at once. */
function createIds(): () => string {
  const random = Buffer.alloc(10 * POOLED_IDS)
  let used = random.length
  return () => {
    if (used === random.length) {
      randomFillSync(random)
      used = 0
    }
    used += 10
    return uuidV7(Date.now(), random.subarray(used - 10, used))
  }
}

/** The real world. */
export function systemPorts(): Ports {
  return {
    now: () => Date.now(),
    monotonicMs: () => performance.now(),
    newId: createIds(),
    randomBytes: length => randomBytes(length),
    sleep: ms => pause(ms),
  }
}
