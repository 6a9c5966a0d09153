import { createHash } from "node:crypto"
import type { Ports } from "../ports.ts"

/** A secret for a link, 192 random bits; only its hash is kept. */
export const newToken = (ports: Pick<Ports, "randomBytes">): string =>
  Buffer.from(ports.randomBytes(24)).toString("base64url")

export const hashToken = (token: string): Uint8Array => createHash("sha256").update(token).digest()
