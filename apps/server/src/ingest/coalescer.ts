import type { Arrival, Door, Receipt } from "./door.ts"

/** At most so many events in one append transaction. */
const MOST_EVENTS = 2_000
/** Append transactions at once in one process. */
const IN_FLIGHT = 2
/** Events that may wait in memory before the door answers 429. */
const MOST_WAITING = 40_000

/** Thrown when the door has more waiting than it should hold. */
export class DoorFull extends Error {}

type Waiting = {
  arrivals: readonly Arrival[]
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
  let running = 0

  const take = (): Waiting[] => {
    const taken: Waiting[] = []
    let events = 0
    while (queue.length > 0 && (taken.length === 0 || events + queue[0]!.arrivals.length <= MOST_EVENTS)) {
      const next = queue.shift()!
      events += next.arrivals.length
      taken.push(next)
    }
    waiting -= events
    return taken
  }

  const run = async (): Promise<void> => {
    running += 1
    while (queue.length > 0) {
      const taken = take()
      try {
        const receipts = await door.append(taken.flatMap(t => t.arrivals))
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
      if (waiting + arrivals.length > MOST_WAITING)
        return Promise.reject(new DoorFull("too many events are waiting"))
      return new Promise((resolve, reject) => {
        queue.push({ arrivals, resolve, reject })
        waiting += arrivals.length
        if (running < IN_FLIGHT) setImmediate(() => running < IN_FLIGHT && void run())
      })
    },
  }
}
