import type { JsonObject } from "@viaggio/journey-model"
import { sql } from "drizzle-orm"
import { statement, value } from "../db/statement.ts"

const ms = (column: string) => sql.raw(`round(date_part('epoch', ${column}) * 1000)`)
const bucket = value("bucket", "smallint")

export type EventRow = {
  recorded_on: string
  seq: number
  workspace_id: number
  profile_id: string
  kind: number
  name_id: number
  occurred_at: number
  received_at: number
  message_id: string
  /** 0 live, 1 history. */
  mode: number
  body: { properties?: JsonObject; traits?: JsonObject; name?: unknown }
}

export const eventColumns = sql`recorded_on::text, seq::float8 AS seq, workspace_id, profile_id, kind, name_id,
  ${ms("occurred_at")} AS occurred_at, ${ms("received_at")} AS received_at, message_id, mode, body`

/** What stands in a log behind a place, up to a number. */
export const readEvents = statement<
  { bucket: number; on: string; seq: number; to: number; most: number },
  EventRow
>(
  "log_read",
  sql`SELECT ${eventColumns} FROM events e
      WHERE e.recorded_on >= ${value("on", "date")} AND e.bucket = ${bucket} AND e.seq > ${value("seq", "bigint")}
        AND e.seq <= ${value("to", "bigint")}
      ORDER BY e.seq LIMIT ${value("most", "int")}`,
)

/** The same of one workspace, which is behind and owns most of what stands there. */
export const readOwn = statement<
  { bucket: number; workspace: number; on: string; seq: number; to: number; most: number },
  EventRow
>(
  "log_read_own",
  sql`SELECT ${eventColumns} FROM events e
      WHERE e.recorded_on >= ${value("on", "date")} AND e.bucket = ${bucket} AND e.seq > ${value("seq", "bigint")}
        AND e.seq <= ${value("to", "bigint")} AND e.workspace_id = ${value("workspace", "int")}
      ORDER BY e.seq LIMIT ${value("most", "int")}`,
)

export const noteLagging = statement<{
  bucket: number
  workspaces: number[]
  days: string[]
  seqs: number[]
}>(
  "log_note_lagging",
  sql`INSERT INTO lagging (bucket, workspace_id, worked_on, worked_seq)
      SELECT ${bucket}, u.* FROM unnest(${value("workspaces", "int[]")}, ${value("days", "date[]")},
                                        ${value("seqs", "bigint[]")}) AS u
      ON CONFLICT (bucket, workspace_id) DO UPDATE SET worked_on = excluded.worked_on, worked_seq = excluded.worked_seq`,
)

export const dropLagging = statement<{ bucket: number; workspaces: number[] }>(
  "log_drop_lagging",
  sql`DELETE FROM lagging WHERE bucket = ${bucket} AND workspace_id = ANY(${value("workspaces", "int[]")})`,
)

/** Notes how far the bulk log is worked, and the turns that were written. */
export const moveBulkCursor = statement<{ bucket: number; on: string; seq: number; turns: number }>(
  "log_move_bulk_cursor",
  sql`UPDATE buckets SET bulk_on = ${value("on", "date")}, bulk_seq = ${value("seq", "bigint")},
        turn_seq = ${value("turns", "bigint")}
      WHERE bucket = ${bucket}`,
)
