import { sql } from "drizzle-orm"
import { statement } from "./statement.ts"

/**
 * Whether this database was restored and nobody has said yet that it may go on: events are taken in, but none is
 * worked, no timer runs and nothing real is sent. Asked in the statements themselves, so that no process can miss it.
 */
export const isHeld = sql.raw("EXISTS (SELECT 1 FROM installation WHERE held_since IS NOT NULL)")

export const readHeld = statement<Record<string, never>, { held: boolean }>(
  "held_read",
  sql`SELECT ${isHeld} AS held`,
)
