import { createHmac } from "node:crypto"
import type { EpochMs } from "@viaggio/journey-model"

const PREFIX = "whsec_"

/** A signing secret as people copy it: `whsec_` and 24 random bytes in base64. */
export const toSecret = (random: Uint8Array): string => PREFIX + Buffer.from(random).toString("base64")

const keyOf = (secret: string): Buffer =>
  Buffer.from(secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret, "base64")

/**
 * The headers of Standard Webhooks (standardwebhooks.com): `webhook-id` is the same at every attempt, and while a
 * secret is being changed there is a signature with the new one and one with the old.
 */
export const signatureHeaders = (
  secrets: readonly string[],
  { id, at, body }: { id: string; at: EpochMs; body: string },
): Record<string, string> => {
  const timestamp = String(Math.floor(at / 1_000))
  const signatures = secrets.map(
    secret =>
      `v1,${createHmac("sha256", keyOf(secret)).update(`${id}.${timestamp}.${body}`).digest("base64")}`,
  )
  return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signatures.join(" ") }
}
