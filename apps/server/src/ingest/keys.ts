import { hash } from "node:crypto"

const md5 = (text: string | Buffer): string => hash("md5", text, "hex")

/** The slot of a hash in hex: its first 32 bits modulo 32, as the SQL function `identity_slot` has it. */
const slotOf = (hex: string): number => Number.parseInt(hex.slice(6, 8), 16) & 31

/** An identity's own place, not the person's; the same as SQL `identity_slot(workspace, kind, value)`. */
export const identitySlot = (workspace: number, kind: number, value: string): number =>
  slotOf(md5(`${workspace}:${kind}:${value}`))

/** Where what stands against an address lives; the same as SQL `suppression_slot(workspace, address)`. */
export const suppressionSlot = (workspace: number, address: string): number =>
  slotOf(md5(`${workspace}:suppressed:${address}`))

/** What a message id is remembered by: 16 bytes written as a UUID, and the slot that they live in. */
export const messageKey = (workspace: number, messageId: string): { slot: number; hash: string } => {
  const hex = md5(`${workspace}:${messageId}`)
  return {
    slot: slotOf(hex),
    hash: `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`,
  }
}

/** A profile's bucket for life, from the random end of its id; the same as SQL `profile_bucket(id)`. */
export const profileBucket = (profileId: string): number => Number.parseInt(profileId.slice(-2), 16) & 31

/** An id for an event that brings none: the same request sent again gets the same ids. */
export const fallbackMessageId = (requestText: string | Buffer, index: number): string =>
  `auto:${md5(requestText)}:${index}`
