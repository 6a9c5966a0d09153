import { createHmac, timingSafeEqual } from "node:crypto"

/** Where a message is kept. */
export type MessagePlace = { bucket: number; id: string }

/** The links that a message may hold; each is signed, so that nobody can make one for somebody else. */
export type MessageLinks = {
  unsubscribe(message: MessagePlace): string
  /** An image of one pixel; its loading is an opening. */
  open(message: MessagePlace): string
  /** Leads to `target` and notes the click; the target is part of what is signed. */
  click(message: MessagePlace, target: string): string
  /** The message that a link's token names; undefined when the token is not ours. */
  readUnsubscribe(token: string): MessagePlace | undefined
  readOpen(token: string): MessagePlace | undefined
  readClick(token: string): (MessagePlace & { target: string }) | undefined
}

const SIGNATURE = 16

/** What the link does is signed too: a token of one kind is none of another. */
type Kind = "unsubscribe" | "open" | "click"

export const createMessageLinks = (publicUrl: string, secret: string): MessageLinks => {
  const sign = (kind: Kind, payload: string): Buffer =>
    createHmac("sha256", secret).update(`${kind}:${payload}`).digest().subarray(0, SIGNATURE)
  const signed = (kind: Kind, payload: string): string =>
    `${payload}.${sign(kind, payload).toString("base64url")}`
  const placeText = ({ bucket, id }: MessagePlace): string => `${bucket}.${id.replaceAll("-", "")}`

  const read = (kind: Kind, token: string): { place: MessagePlace; rest: string } | undefined => {
    const cut = token.lastIndexOf(".")
    const payload = token.slice(0, Math.max(cut, 0))
    const given = Buffer.from(token.slice(cut + 1), "base64url")
    const expected = sign(kind, payload)
    if (given.length !== SIGNATURE || !timingSafeEqual(given, expected)) return undefined
    const [bucket, hex = "", rest = ""] = payload.split(".")
    if (!/^\d{1,5}$/.test(bucket ?? "") || !/^[0-9a-f]{32}$/.test(hex)) return undefined
    const id = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
    return { place: { bucket: Number(bucket), id }, rest }
  }

  return {
    unsubscribe: place => `${publicUrl}/unsubscribe/${signed("unsubscribe", placeText(place))}`,
    open: place => `${publicUrl}/t/o/${signed("open", placeText(place))}`,
    click: (place, target) =>
      `${publicUrl}/t/c/${signed("click", `${placeText(place)}.${Buffer.from(target).toString("base64url")}`)}`,
    readUnsubscribe: token => read("unsubscribe", token)?.place,
    readOpen: token => read("open", token)?.place,
    readClick(token) {
      const found = read("click", token)
      if (found === undefined) return undefined
      const target = Buffer.from(found.rest, "base64url").toString()
      return isWebAddress(target) ? { ...found.place, target } : undefined
    },
  }
}

export const isWebAddress = (text: string): boolean => /^https?:\/\//i.test(text) && URL.canParse(text)
