import type { Sql } from "postgres"

/** The server itself ends a statement after 30 s. */
const MOST_MS = 40_000

type Query = { resolve?: (result: unknown) => void; reject?: (error: unknown) => void }

/**
 * Lets no statement wait for ever. Of postgres.js 3.4.9 one that begins while its connection is being lost may never
 * hear of it, and whoever waits for it, a bucket's worker for instance, would do nothing any more. `whole-socket.ts`
 * closes the gap where that was seen; this stands behind it, for TLS too. Statements inside of transactions end with those.
 */
export function guardPatience(client: Sql, mostMs = MOST_MS): void {
  const unsafe = client.unsafe.bind(client) as (...args: unknown[]) => Query
  const guarded = (...args: unknown[]): Query => {
    const query = unsafe(...args)
    const { resolve, reject } = query
    if (resolve === undefined || reject === undefined) return query
    const timer = setTimeout(
      () => reject(Object.assign(new Error("the database did not answer"), { code: "CONNECTION_LOST" })),
      mostMs,
    )
    timer.unref()
    query.resolve = result => {
      clearTimeout(timer)
      resolve(result)
    }
    query.reject = error => {
      clearTimeout(timer)
      reject(error)
    }
    return query
  }
  client.unsafe = guarded as unknown as Sql["unsafe"]
}
