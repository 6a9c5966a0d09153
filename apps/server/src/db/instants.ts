import { type SQL, sql } from "drizzle-orm"

/** A timestamptz column as whole milliseconds since 1970; null stays null. */
export function epochMs(column: SQL): SQL {
  return sql`floor(extract(epoch from ${column}) * 1000)::float8`
}
