import { errorCode } from "../db/connect.ts"
import type { Arrival, Door, Receipt } from "./door.ts"

/** At most so many events in one append transaction. */
const MOST_EVENTS = 2_000
/** Append transactions at once in one process. */
const IN_FLIGHT = 2
/** In characters of their JSON. */
const MOST_CHARACTERS = 8_000_000
/** Events that may wait in memory before the door answers 429. */
const MOST_WAITING = 40_000
/** In characters of their JSON: forty thousand events of the largest size would be more than a gigabyte. */
const MOST_CHARACTERS_WAITING = 64_000_000

/** Thrown when the door has more waiting than it should hold. */
export class DoorFull extends Error {}

type Waiting = {
  arrivals: readonly Arrival[]
  characters: number
  resolve(receipts: Receipt[]): void
  reject(error: unknown): void
}

export type Coalescer = { append(arrivals: readonly Arrival[]): Promise<Receipt[]>; waiting(): number }

/**
 * Puts what many requests brought into few transactions: measured 2.5 times the events a second of one
 * transaction per request. A request is answered when its own transaction has committed.
 */
export const createCoalescer = (
  door: Door,
  onAccepted: (receipts: readonly Receipt[]) => void,
): Coalescer => {
  const queue: Waiting[] = []
  let waiting = 0
  let charactersWaiting = 0
  let running = 0

  const take = (): Waiting[] => {
    const taken: Waiting[] = []
    let events = 0
    let characters = 0
    const fits = (next: Waiting) =>
      events + next.arrivals.length <= MOST_EVENTS && characters + next.characters <= MOST_CHARACTERS
    while (queue.length > 0 && (taken.length === 0 || fits(queue[0]!))) {
      const next = queue.shift()!
      events += next.arrivals.length
      characters += next.characters
      taken.push(next)
    }
    waiting -= events
    charactersWaiting -= characters
    return taken
  }

  const run = async (): Promise<void> => {
    running += 1
    while (queue.length > 0) {
      const taken = take()
      try {
        const receipts = await appendAll(
          door,
          taken.flatMap(t => t.arrivals),
        )
        onAccepted(receipts)
        let from = 0
        for (const { arrivals, resolve } of taken) {
          resolve(receipts.slice(from, from + arrivals.length))
          from += arrivals.length
        }
      } catch (error) {
        for (const { reject } of taken) reject(error)
      }
    }
    running -= 1
  }

  return {
    waiting: () => waiting,
    append(arrivals) {
      const characters = arrivals.reduce((sum, { event }) => sum + event.body.length, 0)
      if (
        waiting > 0 &&
        (waiting + arrivals.length > MOST_WAITING || charactersWaiting + characters > MOST_CHARACTERS_WAITING)
      )
        return Promise.reject(new DoorFull("too many events are waiting"))
      return new Promise((resolve, reject) => {
        queue.push({ arrivals, characters, resolve, reject })
        waiting += arrivals.length
        charactersWaiting += characters
        if (running < IN_FLIGHT) setImmediate(() => running < IN_FLIGHT && void run())
      })
    },
  }
}

/** SQLSTATE of what is wrong with a value, not with the moment: data, constraints, limits. */
const isOfAValue = (error: unknown): boolean => /^(22|23|54)/.test(errorCode(error) ?? "")

/**
 * Appends them together. When one of them cannot be stored, they are halved until it stands alone: it is refused, and
 * the others, of other senders perhaps, are kept.
 */
const appendAll = async (door: Door, arrivals: readonly Arrival[]): Promise<Receipt[]> => {
  try {
    return await door.append(arrivals)
  } catch (error) {
    if (!isOfAValue(error)) throw error
    if (arrivals.length === 1) return [{ kind: "rejected", field: "event", text: "event cannot be stored." }]
    const middle = arrivals.length >> 1
    const first = await appendAll(door, arrivals.slice(0, middle))
    return [...first, ...(await appendAll(door, arrivals.slice(middle)))]
  }
}
