import { sql } from "drizzle-orm"
import { statement, value } from "../db/statement.ts"
import { BULK_FROM } from "./log.ts"

const bucket = value("bucket", "smallint")
const fence = sql`bucket = ${bucket} AND owner = ${value("owner", "text")} AND epoch = ${value("epoch", "bigint")}`
type Fence = { bucket: number; owner: string; epoch: number }

export type AttemptRow = {
  attempts: number
  to_seq: number
  /** Whom the last attempt was at when it ended with its process. */
  profile: string | null
  workspace: number | null
}

const BULK = sql.raw(String(BULK_FROM))

/** Notes that the batch after a death is begun, or begun again where the last attempt has not ended. */
export const beginAttempt = statement<Fence & { most: number }, AttemptRow>(
  "careful_begin",
  sql`UPDATE buckets b SET
        attempts = CASE WHEN try_from IS NULL THEN 1 ELSE attempts + 1 END,
        try_from = cursor_seq,
        try_to = CASE WHEN try_from IS NOT NULL THEN try_to
          ELSE coalesce((SELECT max(seq) FROM (
                 SELECT e.seq FROM events e WHERE e.recorded_on >= b.cursor_on AND e.bucket = ${bucket}
                   AND e.seq > b.cursor_seq AND e.seq < ${BULK} ORDER BY e.seq LIMIT ${value("most", "int")}) part), cursor_seq) END
      WHERE ${fence}
      RETURNING attempts, try_to::float8 AS to_seq, try_profile AS profile, try_workspace AS workspace`,
)

/** Notes whom the attempt is at, or nobody. */
export const noteCustomer = statement<Fence & { profile: string | null; workspace: number | null }>(
  "careful_note",
  sql`UPDATE buckets SET try_profile = ${value("profile", "uuid")}, try_workspace = ${value("workspace", "int")},
        try_from = cursor_seq
      WHERE ${fence}`,
)

export const endAttempt = statement<Fence>(
  "careful_end",
  sql`UPDATE buckets SET attempts = 0, try_from = NULL, try_to = NULL, try_profile = NULL, try_workspace = NULL
      WHERE ${fence}`,
)

export type NextRow = {
  profile_id: string
  workspace_id: number
  recorded_on: string | null
  seq: number | null
}

/**
 * Whom the next event of a log is about, first that of a workspace which is behind; without events, whose wait ends
 * next. It reads no body that may be the trouble.
 */
export const findNext = statement<
  { bucket: number; on: string; seq: number; to: number; clock: number; up_to: string | null },
  NextRow
>(
  "careful_find_next",
  sql`SELECT profile_id, workspace_id FROM (
        (SELECT e.profile_id, e.workspace_id, 0 AS seq FROM lagging l
         CROSS JOIN LATERAL (SELECT profile_id, workspace_id FROM events
           WHERE recorded_on >= l.worked_on AND bucket = ${bucket} AND seq > l.worked_seq
             AND seq <= ${value("seq", "bigint")} AND workspace_id = l.workspace_id ORDER BY seq LIMIT 1) e
         WHERE l.bucket = ${bucket} AND ${value("seq", "bigint")} < ${BULK} ORDER BY l.workspace_id LIMIT 1)
        UNION ALL
        (SELECT profile_id, workspace_id, seq FROM events
         WHERE recorded_on >= ${value("on", "date")} AND bucket = ${bucket} AND seq > ${value("seq", "bigint")}
           AND seq <= ${value("to", "bigint")}
         ORDER BY seq LIMIT 1)
        UNION ALL
        (SELECT profile_id, workspace_id, NULL FROM enrollments
         WHERE bucket = ${bucket} AND clock = ${value("clock", "int")}
           AND wake_at <= coalesce(${value("up_to", "timestamptz")}, clock_timestamp())
         ORDER BY bucket, clock, wake_at LIMIT 1)) next
      ORDER BY seq NULLS LAST LIMIT 1`,
)
