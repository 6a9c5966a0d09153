import type { Sql } from "postgres"
import { errorCode } from "./connect.ts"

/** A statement of a transaction that has ended, or whose connection is gone. */
class TransactionOver extends Error {
  override name = "TransactionOver"
}

type Work = (tx: object) => unknown
type Begin = (...args: unknown[]) => Promise<unknown>
type Query = { resolve?: (result: unknown) => void; reject?: (error: unknown) => void }

/** The driver's own codes for a connection that is gone, and the system's. */
const isLoss = (error: unknown): boolean => /^(CONNECTION_|E[A-Z]+$)/.test(errorCode(error) ?? "")

const never = new Promise<never>(() => {})

/** The server itself ends a statement after 30 s, and a transaction in which nothing happens after ten. */
const MOST_MS = 40_000

/**
 * Ends transactions whose connection is lost without another word on it. postgres.js 3.4.9 says `rollback` on it all
 * the same: where the connection is not there yet again, that write ends the whole process (its issues 1066, 1154 and
 * 1208), and where it is, it undoes what somebody else does there by now. The same goes for statements that a
 * transaction's code sends after its end.
 *
 * Nor does any wait for ever: a statement that is sent while its connection is being lost may never hear of it, and
 * neither may `begin` and `commit`. Seen once in 32 kills: a bucket stood still for good, and all merges of its process.
 */
export function guardTransactions(client: Sql, mostMs = MOST_MS): void {
  const begin = client.begin.bind(client) as unknown as Begin
  const guarded: Begin = async (...args) => {
    const work = args.pop() as Work
    let isOver = false
    let lose: (error: unknown) => void = () => {}
    // The driver hears of a loss only between the answer to `begin` and the loss itself: one that comes with that answer
    // would leave the caller waiting for ever, and a bucket without work.
    const lost = new Promise<never>((_, reject) => {
      lose = reject
    })
    lost.catch(() => undefined)
    const patience = setTimeout(() => {
      isOver = true
      lose(Object.assign(new Error("the database did not answer"), { code: "CONNECTION_LOST" }))
    }, mostMs)
    patience.unref()

    const noted = (query: unknown): unknown => {
      patience.refresh()
      const { resolve, reject } = (query ?? {}) as Query
      if (typeof resolve === "function")
        (query as Query).resolve = result => {
          patience.refresh()
          resolve(result)
        }
      if (typeof reject === "function")
        (query as Query).reject = error => {
          patience.refresh()
          if (isLoss(error)) {
            isOver = true
            lose(error)
          }
          reject(error)
        }
      return query
    }
    const watched = (tx: object): object =>
      new Proxy(tx, {
        apply: (of, self, rest) => noted(Reflect.apply(of as () => unknown, self, refuseLate(rest))),
        get: (of, key) => {
          const member = Reflect.get(of, key, of)
          if (key === "unsafe") return (...rest: unknown[]) => noted(member(...refuseLate(rest)))
          if (key === "savepoint")
            return (...rest: unknown[]) => member(...rest.slice(0, -1), quietly(rest.at(-1) as Work))
          return member
        },
      })
    const refuseLate = (rest: unknown[]): unknown[] => {
      if (isOver)
        throw new TransactionOver("This transaction is over: its connection was lost or it has ended.")
      return rest
    }
    /** What never comes to an end is followed by neither commit nor rollback. */
    const quietly = (inner: Work) => async (tx: object) => {
      // Nobody waits for it any more, and its connection is there: it is rolled back.
      if (isOver) throw new TransactionOver("This transaction has begun too late.")
      patience.refresh()
      try {
        const result = await inner(watched(tx))
        return isOver ? never : result
      } catch (error) {
        if (isOver) return never
        throw error
      }
    }

    try {
      return await Promise.race([begin(...args, quietly(work)), lost])
    } finally {
      isOver = true
      clearTimeout(patience)
    }
  }
  client.begin = guarded as unknown as Sql["begin"]
}
