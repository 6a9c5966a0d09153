import { BATCH, type Held } from "./batch.ts"
import type { Attempt } from "./careful.ts"
import type { LeaseRow } from "./lease-store.ts"

/** A bucket in the hands of its worker. */
export type Slot = Held & {
  /** What is under way in it; settled when nothing is. */
  running: Promise<unknown>
  dirty: boolean
  scheduled: boolean
  /** In monotonic ms: not before this after a failure. */
  notBefore: number
  /** Size of the next batch: a whole one, or less after a failure. */
  most: number
  /** Milliseconds that each log had since both have had something. */
  spent: { live: number; bulk: number }
  /** Customers of this bucket who were set aside are to be tried again. */
  asked: boolean
  /** The bucket's last worker died: whatever it was at is done with care. */
  attempt: Attempt | undefined
}

export const newSlot = (row: LeaseRow, owner: string): Slot => ({
  bucket: row.bucket,
  owner,
  epoch: row.epoch,
  live: { on: row.cursor_on, seq: row.cursor_seq },
  bulk: { on: row.bulk_on, seq: row.bulk_seq },
  spent: { live: 0, bulk: 0 },
  most: BATCH,
  running: Promise.resolve(),
  dirty: false,
  scheduled: false,
  notBefore: 0,
  asked: false,
  attempt: row.abandoned ? { timers: 0, bulk: 0 } : undefined,
})
