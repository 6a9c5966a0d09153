import type { Db } from "../db/client.ts"
import type { Ports } from "../ports.ts"
import * as store from "./pulse-store.ts"

/** The whole installation at one moment: what waits, who works, what is wrong. */
export type Pulse = {
  buckets: store.BucketRow[]
  workers: store.WorkerRow[]
  lag: store.LagRow[]
  outbox: store.OutboxRow[]
  providers: store.ProviderRow[]
  rest: store.RestRow
  connections: store.ConnectionRow[]
  workspaces: { id: number; public_id: string }[]
}

/** However many look at once, the database is asked once a second. */
const KEPT_MS = 1_000

/** Reads the pulse; a reading that failed is not kept. */
export const createPulse = (deps: { db: Db; ports: Ports }): (() => Promise<Pulse>) => {
  const { db, ports } = deps
  let readAt = Number.NEGATIVE_INFINITY
  let kept: Promise<Pulse> | undefined

  const read = async (): Promise<Pulse> => {
    const [buckets, workers, lag, outbox, providers, [rest], connections, workspaces] = await Promise.all([
      store.readBuckets(db, {}),
      store.readWorkers(db, {}),
      store.readLag(db, {}),
      store.readOutbox(db, {}),
      store.readProviders(db, {}),
      store.readRest(db, {}),
      store.readConnections(db, {}),
      store.readWorkspaces(db, {}),
    ])
    return { buckets, workers, lag, outbox, providers, rest: rest!, connections, workspaces }
  }

  return () => {
    if (kept !== undefined && ports.monotonicMs() - readAt < KEPT_MS) return kept
    const reading = read()
    readAt = ports.monotonicMs()
    kept = reading
    reading.catch(() => {
      if (kept === reading) kept = undefined
    })
    return reading
  }
}
