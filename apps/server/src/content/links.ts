import { createHmac, timingSafeEqual } from "node:crypto"

/** The links that a message may hold; each is signed, so that nobody can make one for somebody else. */
export type MessageLinks = {
  of(message: { bucket: number; id: string }): { unsubscribe: string }
  /** The message that a link's token names; undefined when the token is not ours. */
  read(token: string): { bucket: number; id: string } | undefined
}

const SIGNATURE = 16

export const createMessageLinks = (publicUrl: string, secret: string): MessageLinks => {
  const sign = (payload: string): Buffer =>
    createHmac("sha256", secret).update(`unsubscribe:${payload}`).digest().subarray(0, SIGNATURE)
  return {
    of({ bucket, id }) {
      const payload = `${bucket}.${id.replaceAll("-", "")}`
      return { unsubscribe: `${publicUrl}/unsubscribe/${payload}.${sign(payload).toString("base64url")}` }
    },
    read(token) {
      const [bucket, id, signature] = token.split(".")
      if (!/^\d{1,5}$/.test(bucket ?? "") || !/^[0-9a-f]{32}$/.test(id ?? "") || signature === undefined)
        return undefined
      const given = Buffer.from(signature, "base64url")
      const expected = sign(`${bucket}.${id}`)
      if (given.length !== SIGNATURE || !timingSafeEqual(given, expected)) return undefined
      const hex = id!
      return {
        bucket: Number(bucket),
        id: `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`,
      }
    },
  }
}
