import { describe, expect, it } from "vitest"
import { until } from "../../testing/until.ts"
import { systemPorts } from "../ports.ts"
import type { Resources } from "../resources/resources.ts"
import type { SendResult } from "./handler.ts"
import { createProviderQueue, type Done, type Held } from "./provider-queue.ts"

const heldOf = (id: number): Held =>
  ({
    row: { id: String(id) },
    provider: "p",
    context: { deadline: Number.POSITIVE_INFINITY },
  }) as unknown as Held

/** A queue whose sends end when the test says so, and what it did. */
const startQueue = (options: {
  atOnce: number
  lease?: Resources["lease"]
  perSecond?: number
  failTurns?: number
}) => {
  const sending = new Map<string, (result: SendResult) => void>()
  const settled: Done[] = []
  const errors: unknown[] = []
  let failTurns = options.failTurns ?? 0
  let most = 0
  let unsettled = 0
  const queue = createProviderQueue({
    provider: "p",
    atOnce: options.atOnce,
    perSecond: options.lease === undefined ? undefined : (options.perSecond ?? 1_000),
    ports: systemPorts(),
    resources: { lease: options.lease ?? (() => Promise.reject(new Error("no lease was to be asked for"))) },
    turn: async done => {
      if (failTurns > 0) {
        failTurns -= 1
        throw new Error("the database is away")
      }
      settled.push(...done)
      unsettled -= done.filter(d => d.result.kind !== "not tried").length
      return new Map()
    },
    send: held => {
      unsettled += 1
      most = Math.max(most, unsettled)
      return new Promise(resolve => sending.set(held.row.id, resolve))
    },
    onRoom: () => {},
    log: { error: error => void errors.push(error) },
  })
  const end = (result: SendResult) => {
    for (const [id, resolve] of sending) {
      sending.delete(id)
      resolve(result)
    }
  }
  return { queue, sending, settled, errors, end, most: () => most }
}

const range = (n: number) => Array.from({ length: n }, (_, i) => heldOf(i))

describe("a provider's queue", () => {
  it("has never more sends begun and not noted than may be under way", async () => {
    const { queue, sending, settled, end, most } = startQueue({ atOnce: 3 })
    queue.offer(range(10))
    while (settled.length < 10) {
      await until(() => sending.size > 0 || settled.length === 10)
      end({ kind: "sent" })
    }
    expect(most()).toBe(3)
    await queue.stop()
  })

  it("keeps what was answered while it cannot be noted", async () => {
    const { queue, sending, settled, errors, end } = startQueue({ atOnce: 2, failTurns: 1 })
    queue.offer(range(2))
    await until(() => sending.size === 2)
    expect(errors).toHaveLength(1)
    end({ kind: "sent" })
    await until(() => settled.length === 2)
    expect(settled.map(d => d.result.kind)).toEqual(["sent", "sent"])
    await queue.stop()
  })

  it("sends no more than its permits allow", async () => {
    let granted = 0
    let sent = 0
    const { queue, sending, settled, end } = startQueue({
      atOnce: 100,
      lease: async (_key, _limit, wanted) => {
        const now = Math.min(5, wanted)
        granted += now
        return { inMs: 0, everyMs: 1, granted: now }
      },
    })
    queue.offer(range(12))
    while (settled.length < 12) {
      await until(() => sending.size > 0 || settled.length === 12)
      sent += sending.size
      expect(sent).toBeLessThanOrEqual(granted)
      end({ kind: "sent" })
    }
    expect([sent, granted]).toEqual([12, 12])
    await queue.stop()
  })

  it("gives everything back when the provider cannot work, and has no room then", async () => {
    const { queue, sending, settled, end } = startQueue({ atOnce: 5 })
    queue.offer(range(20))
    await until(() => sending.size === 5)
    end({ kind: "later", error: "421", overload: true })
    await until(() => settled.length === 20)
    expect(settled.filter(d => d.result.kind === "not tried")).toHaveLength(15)
    expect(queue.circuit().state()).toBe("open")
    expect(queue.room()).toBe(0)
    await queue.stop()
  })

  it("gives back what waits for longer than its claim", async () => {
    const { queue, sending, settled, end } = startQueue({ atOnce: 1 })
    const late = { ...heldOf(1), context: { ...heldOf(1).context, deadline: 0 } }
    queue.offer([heldOf(0)])
    await until(() => sending.size === 1)
    queue.offer([late])
    await until(() => settled.length === 1)
    expect(settled[0]).toMatchObject({ held: { row: { id: "1" } }, result: { kind: "not tried" } })
    end({ kind: "sent" })
    await queue.stop()
  })

  it("holds no more than its rate lets go in time", async () => {
    const never = () => new Promise<never>(() => {})
    expect(startQueue({ atOnce: 20 }).queue.room()).toBe(400)
    expect(startQueue({ atOnce: 20, lease: never, perSecond: 2 }).queue.room()).toBe(60)
  })

  it("gives back what was not begun when it stops, and waits for what was", async () => {
    const { queue, sending, settled, end } = startQueue({ atOnce: 2 })
    queue.offer(range(5))
    await until(() => sending.size === 2)
    const stopped = queue.stop()
    await until(() => settled.length === 3)
    expect(settled.map(d => d.result.kind)).toEqual(["not tried", "not tried", "not tried"])
    end({ kind: "sent" })
    await stopped
    expect(settled).toHaveLength(5)
  })
})
