import { randomBytes } from "node:crypto"
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

/** UUIDv7 (RFC 9562) of an instant, from ten random bytes. */
export function uuidV7(at: EpochMs, random: Uint8Array): string {
  const bytes = Buffer.alloc(16)
  bytes.writeUIntBE(at, 0, 6)
  bytes.set(random.subarray(0, 10), 6)
  bytes[6] = (bytes[6]! & 0x0f) | 0x70
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = bytes.toString("hex")
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** The real world. */
export function systemPorts(): Ports {
  return {
    now: () => Date.now(),
    monotonicMs: () => performance.now(),
    newId: () => uuidV7(Date.now(), randomBytes(10)),
    randomBytes: length => randomBytes(length),
    sleep: ms => pause(ms),
  }
}
