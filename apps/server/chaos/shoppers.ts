import { setTimeout as pause } from "node:timers/promises"
import type { Dice } from "../testing/dice.ts"

/** A call in Segment's format. */
type Call = Record<string, unknown> & { messageId: string }

/** Somebody who went through the shop, and what the log must hold of them. */
export type Shopper = {
  userId: string
  /** How often each event happened to the person, over all the profiles that became one. */
  counts: Record<string, number>
  /** Message ids of the events that start the journey. */
  entries: string[]
}

export type Shoppers = {
  /** All who came to their end, every call of theirs answered with 200. */
  done: readonly Shopper[]
  /** Ids of all messages answered with 200. */
  accepted: ReadonlySet<string>
  /** Requests that got no 200 and were sent again. */
  retries(): number
  /** Lets nobody in any more and waits for those who are inside. */
  close(): Promise<void>
}

const RETRY_MS = 50
const LONGEST_RETRY_MS = 800
/** While the door is shut, no crowd gathers before it that would be the machine's whole work afterwards. */
const MOST_INSIDE = 150
const ANSWER_WITHIN_MS = 15_000
/** Longest time until an order: some come before the wait ends, some after. */
const LONGEST_ORDER_MS = 3_500

/**
 * People who shop at a steady rate: half of them as one customer, half as two devices and an account that turn out to
 * be one person. A call without a 200 is sent again until it has one, as every client does.
 */
export const openShop = (options: {
  dice: Dice
  perSecond: number
  writeKey: string
  /** Where to knock now; any of them may just have died. */
  doors(): readonly string[]
  onBroken(error: Error): void
}): Shoppers => {
  const { dice } = options
  const done: Shopper[] = []
  const accepted = new Set<string>()
  const inside = new Set<Promise<void>>()
  let retries = 0
  let number = 0

  const knock = async (calls: readonly Call[]): Promise<boolean> => {
    const doors = options.doors()
    if (doors.length === 0) return false
    const answer = await fetch(`${dice.pick(doors)}/v1/batch`, {
      method: "POST",
      headers: {
        authorization: `Basic ${Buffer.from(`${options.writeKey}:`).toString("base64")}`,
        "content-type": "application/json",
      },
      body: JSON.stringify({ batch: calls }),
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    }).catch(() => undefined)
    if (answer?.status !== 200) {
      await answer?.body?.cancel()
      if (answer !== undefined && answer.status !== 429 && answer.status < 500)
        throw new Error(`the door answered ${answer.status}`)
      return false
    }
    // The answer may break off in the middle, like everything else here.
    const body = (await answer.json().catch(() => undefined)) as { rejected: unknown[] } | undefined
    if (body === undefined) return false
    if (body.rejected.length > 0) throw new Error(`rejected: ${JSON.stringify(body.rejected[0])}`)
    return true
  }

  const send = async (calls: readonly Call[]): Promise<void> => {
    for (let tries = 0; !(await knock(calls)); tries += 1) {
      retries += 1
      await pause(Math.min(LONGEST_RETRY_MS, RETRY_MS * 2 ** tries))
    }
    for (const { messageId } of calls) accepted.add(messageId)
  }

  const shop = async (n: number): Promise<void> => {
    const userId = `u${n}`
    const devices = n % 2 === 0 ? [] : [`${userId}-phone`, `${userId}-laptop`]
    const counts: Record<string, number> = {}
    let sent = 0
    const track = (who: object, event: string, more: object = {}): Call => {
      counts[event] = (counts[event] ?? 0) + 1
      sent += 1
      return { type: "track", ...who, event, messageId: `${userId}-${sent}`, ...more }
    }
    const identify = (who: object, address: string): Call => ({
      type: "identify",
      ...who,
      messageId: `${address}-i`,
      traits: { email: `${address}@example.com` },
    })
    const entries: string[] = []
    const enter = (who: object, address: string) => {
      const account = track(who, "Account Created")
      entries.push(account.messageId)
      return send([identify(who, address), account])
    }
    await Promise.all([
      enter({ userId }, userId),
      ...devices.map(device => enter({ anonymousId: device }, device)),
    ])
    const card = { context: { externalIds: [{ type: "loyalty_card", id: `card-${userId}` }] } }
    for (const device of devices) {
      await pause(dice.between(0, 300))
      await send([track({ anonymousId: device }, "Seen"), track({ anonymousId: device }, "Linked", card)])
    }
    if (devices.length > 0) await send([track({ userId, anonymousId: devices[0] }, "Signed In")])
    if (dice.next() < 0.5) {
      await pause(dice.between(0, LONGEST_ORDER_MS))
      await send([track({ userId }, "Order Completed", { properties: { total: n } })])
    }
    await send(
      devices.map(device => track({ anonymousId: device }, "Seen")).concat(track({ userId }, "Seen")),
    )
    done.push({ userId, counts, entries })
  }

  const timer = setInterval(() => {
    if (inside.size >= MOST_INSIDE) return
    number += 1
    const visit: Promise<void> = shop(number)
      .catch(options.onBroken)
      .finally(() => inside.delete(visit))
    inside.add(visit)
  }, 1_000 / options.perSecond)

  return {
    done,
    accepted,
    retries: () => retries,
    async close() {
      clearInterval(timer)
      await Promise.all(inside)
    },
  }
}
