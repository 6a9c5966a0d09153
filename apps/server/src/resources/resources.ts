import type { Db } from "../db/client.ts"
import { defineResource, leasePermits } from "./resource-store.ts"

/** `permits` in any `windowMs`, evenly spread. */
export type Limit = { permits: number; windowMs: number }

/** Permits of a resource: the first is good in `inMs`, each further one `everyMs` later. */
export type Lease = { inMs: number; everyMs: number; granted: number }

export type Resources = {
  /** Takes up to `wanted` permits that become good within `horizonMs`; none when others have taken them. */
  lease(key: string, limit: Limit, wanted: number, horizonMs: number): Promise<Lease>
}

/** What customers share and a turn never locks: each is one row, settled in a short transaction of its own. */
export const createResources = (deps: { db: Db }): Resources => {
  const defined = new Map<string, string>()

  return {
    async lease(key, limit, wanted, horizonMs) {
      const shape = `${limit.permits}/${limit.windowMs}`
      if (defined.get(key) !== shape) {
        await defineResource(deps.db, { key, permits: limit.permits, window: limit.windowMs })
        defined.set(key, shape)
      }
      const [row] = await leasePermits(deps.db, { key, wanted, horizon: horizonMs })
      if (row === undefined) throw new Error(`the resource ${key} is gone`)
      return { inMs: row.in_ms, everyMs: row.every_ms, granted: row.granted }
    },
  }
}
