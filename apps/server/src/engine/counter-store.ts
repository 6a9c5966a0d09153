import { sql } from "drizzle-orm"
import { statement, value } from "../db/statement.ts"

const bucket = value("bucket", "smallint")

/** Sums by version, node and measure, column by column. */
export type CounterColumns = { versions: number[]; nodes: number[]; measures: number[]; counts: number[] }

export const addCounters = statement<{ bucket: number } & CounterColumns>(
  "engine_add_counters",
  sql`INSERT INTO counter_totals AS c (bucket, version_id, node, measure, n)
      SELECT ${bucket}, u.* FROM unnest(${value("versions", "int[]")}, ${value("nodes", "smallint[]")},
        ${value("measures", "smallint[]")}, ${value("counts", "bigint[]")}) AS u
      ON CONFLICT (bucket, version_id, node, measure) DO UPDATE SET n = c.n + excluded.n`,
)

/** Of one hour, which `hour` begins. */
export const addHours = statement<{ bucket: number; hour: string } & CounterColumns>(
  "engine_add_hours",
  sql`INSERT INTO counter_hours AS c (bucket, version_id, hour, node, measure, n)
      SELECT ${bucket}, u.version_id, ${value("hour", "timestamptz")}, u.node, u.measure, u.n
      FROM unnest(${value("versions", "int[]")}, ${value("nodes", "smallint[]")}, ${value("measures", "smallint[]")},
        ${value("counts", "bigint[]")}) AS u (version_id, node, measure, n)
      ON CONFLICT (bucket, version_id, hour, node, measure) DO UPDATE SET n = c.n + excluded.n`,
)

export const addInside = statement<{ bucket: number; versions: number[]; nodes: number[]; counts: number[] }>(
  "engine_add_inside",
  sql`INSERT INTO inside AS c (bucket, version_id, node, n)
      SELECT ${bucket}, u.* FROM unnest(${value("versions", "int[]")}, ${value("nodes", "smallint[]")},
        ${value("counts", "bigint[]")}) AS u
      ON CONFLICT (bucket, version_id, node) DO UPDATE SET n = c.n + excluded.n`,
)
