import { sql } from "drizzle-orm"
import { statement, value } from "../db/statement.ts"

/** Makes the resource, or gives it the limit that holds now. */
export const defineResource = statement<{ key: string; permits: number; window: number }>(
  "resource_define",
  sql`INSERT INTO resources AS r (key, permits, window_ms)
      VALUES (${value("key", "text")}, ${value("permits", "int")}, ${value("window", "int")})
      ON CONFLICT (key) DO UPDATE SET permits = excluded.permits, window_ms = excluded.window_ms
      WHERE (r.permits, r.window_ms) <> (excluded.permits, excluded.window_ms)`,
)

export type LeaseRow = { in_ms: number; every_ms: number; granted: number }

/**
 * Takes the next permits of a resource, as many as asked for and as lie before the horizon, in one update of one
 * row. The instants of permits only ever move on, so no two leases overlap, whichever process asks.
 */
export const leasePermits = statement<{ key: string; wanted: number; horizon: number }, LeaseRow>(
  "resource_lease",
  sql`WITH asked AS (
        SELECT key, window_ms::float8 / permits AS every_ms, next_at, clock_timestamp() AS now
        FROM resources WHERE key = ${value("key", "text")} FOR UPDATE),
      offered AS (SELECT *, greatest(next_at, now) AS first FROM asked),
      lease AS (
        SELECT *, least(${value("wanted", "int")}, greatest(0, ceil(
                    (${value("horizon", "int")} - extract(epoch FROM first - now)::float8 * 1000) / every_ms)))::int AS granted
        FROM offered)
      UPDATE resources r
      SET next_at = CASE WHEN l.granted > 0 THEN l.first + l.granted * l.every_ms * interval '1 millisecond' ELSE r.next_at END
      FROM lease l WHERE r.key = l.key
      RETURNING extract(epoch FROM l.first - l.now)::float8 * 1000 AS in_ms, l.every_ms, l.granted`,
)
