import { deflateRawSync, gzipSync } from "node:zlib"
import type { Dice } from "../testing/dice.ts"
import { type TestServer, testAdminKey } from "../testing/server.ts"
import { junk, junkText, spoil, toText } from "./junk.ts"
import type { Target } from "./run.ts"

const routes = ["batch", "import", "identify", "track", "page", "screen", "group", "alias"]

/** Few enough people that they meet, and merge. */
const person = (dice: Dice): object => ({
  ...(dice.next() < 0.7 ? { userId: `u${dice.between(0, 40)}` } : {}),
  ...(dice.next() < 0.6 ? { anonymousId: `a${dice.between(0, 40)}` } : {}),
})

const goodCall = (dice: Dice, n: number): Record<string, unknown> => ({
  type: dice.pick(["track", "track", "identify", "page", "group", "alias", "screen"]),
  messageId: `m${n}-${dice.between(0, 1e9)}`,
  ...person(dice),
  event: dice.pick(["Account Created", "Order Completed", "Product Viewed", "Seen"]),
  timestamp: "2026-11-21T18:44:00.000Z",
  properties: { total: 4.2, items: [{ sku: "a", n: 1 }], path: "/" },
  traits: { email: `p${dice.between(0, 40)}@example.com`, first_name: "Ada", address: { city: "Prato" } },
  context: { ip: "1.2.3.4", externalIds: [{ type: "loyalty_card", id: `${dice.between(0, 20)}` }] },
  ...(dice.next() < 0.1 ? { mode: dice.pick(["history", "live"]) } : {}),
})

const bodyOf = (dice: Dice, isBatch: boolean): unknown => {
  if (dice.next() < 0.05) return junk(dice)
  const calls = Array.from({ length: isBatch ? dice.between(1, 6) : 1 }, (_, n) => goodCall(dice, n))
  return spoil(
    dice,
    isBatch ? { batch: calls, sentAt: "2026-11-21T18:44:00.000Z" } : calls[0],
    dice.pick([0.02, 0.1]),
  )
}

const packed = (dice: Dice, body: Buffer): { body: Buffer; headers: Record<string, string> } => {
  switch (dice.between(0, 12)) {
    case 0:
      return { body: gzipSync(body), headers: { "content-encoding": "gzip" } }
    case 1:
      return { body, headers: { "content-encoding": "gzip" } }
    case 2: {
      const zipped = gzipSync(body)
      return {
        body: zipped.subarray(0, dice.between(0, zipped.length)),
        headers: { "content-encoding": "gzip" },
      }
    }
    case 3:
      return {
        body: gzipSync(Buffer.alloc(dice.between(1, 20) * 1_000_000, "[")),
        headers: { "content-encoding": "gzip" },
      }
    case 4:
      return {
        body: deflateRawSync(body),
        headers: { "content-encoding": dice.pick(["deflate", "br", "GZIP"]) },
      }
    default:
      return { body, headers: {} }
  }
}

const authorization = (dice: Dice): Record<string, string> => {
  const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString("base64")}` })
  const roll = dice.between(0, 40)
  if (roll === 0) return {}
  if (roll === 1) return basic(junkText(dice))
  if (roll === 2) return { authorization: junkText(dice).replaceAll(/[^\x20-\x7e]/g, "?") }
  return basic(`${testAdminKey}:`)
}

/** The door: every answer is one of its own, never a fault. */
export const doorTarget = (server: TestServer): Target => ({
  name: "door",
  share: 30,
  async feed(dice) {
    const route = dice.pick(routes)
    const value = bodyOf(dice, route === "batch" || route === "import")
    const { body, headers } = packed(dice, toText(dice, value))
    const answer = await server.app.inject({
      method: "POST",
      url: `/v1/${route}`,
      headers: {
        ...authorization(dice),
        "content-type": dice.pick([
          "application/json",
          "application/json",
          "text/plain",
          "application/x-www-form-urlencoded",
          "application/octet-stream",
        ]),
        ...headers,
      },
      payload: body,
    })
    const { statusCode } = answer
    const accepted = statusCode === 200 ? (answer.json() as { accepted: number }).accepted : 0
    const isKnown = [200, 400, 401, 413, 415].includes(statusCode)
    return {
      outcome: statusCode === 200 ? `200 with ${accepted > 0 ? "events" : "none"}` : statusCode,
      ...(isKnown ? {} : { wrong: `${statusCode} ${answer.body}\n${body.toString("utf8").slice(0, 800)}` }),
    }
  },
})
