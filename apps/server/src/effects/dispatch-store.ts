import { sql } from "drizzle-orm"
import { statement, value } from "../db/statement.ts"
import type { ClaimedRow, SendingWorkspace } from "./handler.ts"

/** How far a message has come, as `messages.state` holds it. */
export const MessageCode = { queued: 0, sending: 1, sent: 2, refused: 3 } as const

const claimed =
  sql.raw(`m.bucket, m.id, m.workspace_id, m.version_id, m.node, m.profile_id, m.channel, m.attempts,
  m.recipient, m.frozen, (extract(epoch FROM m.queued_at) * 1000)::float8 AS queued_at`)

/**
 * Claims open messages of some buckets for a while, oldest first. One that was being sent when its claim ended
 * is taken again: rather twice than never, with the same Message-ID.
 */
export const claimMessages = statement<
  { buckets: number[]; most: number; claim: string; seconds: number },
  ClaimedRow
>(
  "dispatch_claim",
  sql`WITH due AS (
        SELECT o.bucket, o.id FROM unnest(${value("buckets", "smallint[]")}) AS b (bucket)
        CROSS JOIN LATERAL (
          SELECT bucket, id FROM messages
          WHERE bucket = b.bucket AND state < 2 AND next_try <= clock_timestamp()
            AND (claim_until IS NULL OR claim_until < clock_timestamp())
          ORDER BY next_try LIMIT ${value("most", "int")} FOR UPDATE SKIP LOCKED) o
        LIMIT ${value("most", "int")})
      UPDATE messages m SET state = 1, claim = ${value("claim", "uuid")}, attempts = m.attempts + 1,
             claim_until = clock_timestamp() + ${value("seconds", "int")} * interval '1 second'
      FROM due WHERE m.bucket = due.bucket AND m.id = due.id
      RETURNING ${claimed}`,
)

/** Writes how sends ended, where the claim is still ours. */
export const settleMessages = statement<{
  claim: string
  buckets: number[]
  ids: string[]
  states: number[]
  attempts: number[]
  sent: (string | null)[]
  tries: (string | null)[]
  errors: (string | null)[]
}>(
  "dispatch_settle",
  sql`WITH settled AS (
        UPDATE messages m SET state = u.state, attempts = u.attempts, sent_at = u.sent, next_try = coalesce(u.again, m.next_try),
               error = u.error, claim = NULL, claim_until = NULL
        FROM unnest(${value("buckets", "smallint[]")}, ${value("ids", "uuid[]")}, ${value("states", "smallint[]")},
                    ${value("attempts", "smallint[]")}, ${value("sent", "timestamptz[]")}, ${value("tries", "timestamptz[]")}, ${value("errors", "text[]")})
          AS u (bucket, id, state, attempts, sent, again, error)
        WHERE m.bucket = u.bucket AND m.id = u.id AND m.claim = ${value("claim", "uuid")}
        RETURNING m.bucket, m.version_id, m.node, m.state)
      INSERT INTO counter_totals AS c (bucket, version_id, node, measure, n)
      SELECT bucket, version_id, node, CASE state WHEN 2 THEN 1101 ELSE 1102 END, count(*)
      FROM settled WHERE state >= 2 GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
      ON CONFLICT (bucket, version_id, node, measure) DO UPDATE SET n = c.n + excluded.n`,
)

/** Whether messages of a clock are still on their way. */
export const findOpen = statement<{ buckets: number[]; clock: number }, { open: boolean }>(
  "dispatch_find_open",
  sql`SELECT EXISTS (
        SELECT 1 FROM unnest(${value("buckets", "smallint[]")}) AS b (bucket)
        CROSS JOIN LATERAL (SELECT 1 FROM messages
          WHERE bucket = b.bucket AND state < 2 AND clock = ${value("clock", "int")} LIMIT 1) o) AS open`,
)

export const readWorkspaces = statement<{ ids: number[] }, SendingWorkspace>(
  "dispatch_read_workspaces",
  sql`SELECT id, sandbox, name, settings FROM workspaces WHERE id = ANY(${value("ids", "int[]")})`,
)
