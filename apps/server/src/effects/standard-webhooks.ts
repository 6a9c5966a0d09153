import { createHmac, timingSafeEqual } from "node:crypto"
import type { EpochMs } from "@viaggio/journey-model"

const PREFIX = "whsec_"
/** An older signature may be somebody's copy. */
const TOLERANCE_MS = 5 * 60_000

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

/**
 * Whether a callback carries a fresh signature with this secret. The headers may be called `webhook-…` or, as with
 * those who signed like this before there was a standard, `svix-…`.
 */
export const isSigned = (
  secret: string,
  headers: Record<string, unknown>,
  body: string,
  now: EpochMs,
): boolean => {
  const header = (name: string): string => {
    const found = headers[`webhook-${name}`] ?? headers[`svix-${name}`]
    return typeof found === "string" ? found : ""
  }
  const timestamp = header("timestamp")
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(now - Number(timestamp) * 1_000) > TOLERANCE_MS) return false
  const expected = createHmac("sha256", keyOf(secret))
    .update(`${header("id")}.${timestamp}.${body}`)
    .digest()
  return header("signature")
    .split(" ")
    .some(signature => {
      const given = Buffer.from(signature.startsWith("v1,") ? signature.slice(3) : "", "base64")
      return given.length === expected.length && timingSafeEqual(given, expected)
    })
}
