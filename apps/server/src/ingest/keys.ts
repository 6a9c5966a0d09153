import { hash } from "node:crypto"

const md5 = (text: string | Buffer): string => hash("md5", text, "hex")

/** The slot of a hash in hex: its first 32 bits modulo 32, as the SQL function `identity_slot` has it. */
const slotOf = (hex: string): number => Number.parseInt(hex.slice(6, 8), 16) & 31

/** An identity by its workspace, kind and value. */
export const identityKey = (workspace: number, { kind, value }: { kind: number; value: string }): string =>
  `${workspace}:${kind}:${value}`

/** An identity's own place, not the person's; the same as SQL `identity_slot(workspace, kind, value)`. */
export const identitySlot = (workspace: number, kind: number, value: string): number =>
  slotOfIdentity(identityKey(workspace, { kind, value }))

/** The same of an identity's key. */
export const slotOfIdentity = (key: string): number => slotOf(md5(key))

/** Where what stands against an address lives; the same as SQL `suppression_slot(workspace, address)`. */
export const suppressionSlot = (workspace: number, address: string): number =>
  slotOf(md5(`${workspace}:suppressed:${address}`))

/** What a message id is remembered by: 16 bytes in hex, and the slot that they live in. */
export const messageKey = (workspace: number, messageId: string): { slot: number; hash: string } => {
  const hash = md5(`${workspace}:${messageId}`)
  return { slot: slotOf(hash), hash }
}

/** A profile's bucket for life, from the random end of its id; the same as SQL `profile_bucket(id)`. */
export const profileBucket = (profileId: string): number => Number.parseInt(profileId.slice(-2), 16) & 31

/**
 * The id of a person who is new by this identity: the same whenever and wherever it is made, so that people who came
 * after a backup are the same people when their events are sent again (a UUID of version 8).
 */
export const profileIdOf = (key: string): string => {
  const hex = hash("sha256", `profile:${key}`, "hex")
  const variant = ((Number.parseInt(hex[16]!, 16) & 3) | 8).toString(16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** An id for an event that brings none: the same request sent again gets the same ids. */
export const fallbackMessageId = (requestText: string | Buffer, index: number): string =>
  `auto:${md5(requestText)}:${index}`
