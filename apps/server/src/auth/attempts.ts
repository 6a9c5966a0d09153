import { createHash } from "node:crypto"
import type { Db } from "../db/client.ts"
import { Refusal } from "../refusal.ts"
import { type Curve, claimTry, clearTries, forgetOldTries, giveTryBack } from "./attempt-store.ts"
import { networkOf } from "./network.ts"

const dayS = 86_400

/** Five tries an account, then 15 s, 30 s … 15 min between them, until a right password or a day of peace. */
const accountCurve: Curve = { free: 5, firstWaitS: 15, longestWaitS: 900, forgottenAfterS: dayS }
/** An office may sit behind one address, so it gets more; a right password gives its own try back, no other. */
const addressCurve: Curve = { free: 30, firstWaitS: 15, longestWaitS: 900, forgottenAfterS: 3_600 }

/**
 * Limits how often passwords may be tried, by account (whether it exists or not, so nothing is learned) and by
 * address, counted in the database for all processes together.
 */
export function createAttempts(db: Db) {
  const refuseAfter = (wait: number | undefined) => {
    if (wait === undefined) return
    throw new Refusal("too-many", `Too many tries. Try again in ${wait} seconds.`, {
      retryAfterSeconds: wait,
    })
  }

  return {
    /** Counts a try; one that comes too early is refused with `retryAfterSeconds` and makes the wait no longer. */
    async begin(email: string, address: string): Promise<void> {
      // In this order a refused address cannot use up an account's tries.
      refuseAfter(await claimTry(db, addressKey(address), addressCurve))
      refuseAfter(await claimTry(db, accountKey(email), accountCurve))
    },

    /** The password was right: the account starts anew. */
    async succeeded(email: string, address: string): Promise<void> {
      await clearTries(db, accountKey(email))
      await giveTryBack(db, addressKey(address))
      await forgetOldTries(db)
    },
  }
}

export type Attempts = ReturnType<typeof createAttempts>

const keyOf = (text: string): Uint8Array => createHash("sha256").update(text).digest()
const accountKey = (email: string) => keyOf(`account:${email.trim().toLowerCase()}`)
const addressKey = (address: string) => keyOf(`address:${networkOf(address)}`)
