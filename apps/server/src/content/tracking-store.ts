import { sql } from "drizzle-orm"
import { statement, value } from "../db/statement.ts"

export type SourceRow = {
  bucket: number
  id: string
  workspace_id: number
  sandbox: boolean
  workspace: string
  language: string
  version_id: number
  node: number
  profile_id: string
  recipient: string
}

/** Messages with the workspace that sent them and the person they went to. */
export const findSources = statement<{ buckets: number[]; ids: string[] }, SourceRow>(
  "tracking_find_sources",
  sql`SELECT m.bucket, m.id, m.workspace_id, w.sandbox, w.name AS workspace, w.language, m.version_id, m.node,
             m.profile_id, m.recipient
      FROM unnest(${value("buckets", "smallint[]")}, ${value("ids", "uuid[]")}) AS u (bucket, id)
      JOIN messages m ON m.bucket = u.bucket AND m.id = u.id
      JOIN workspaces w ON w.id = m.workspace_id
      WHERE m.channel = 0`,
)

/**
 * Notes what became of messages, each thing once per message, and counts what is new. Answers the versions whose
 * numbers changed. Each message at most once among the values.
 */
export const noteHits = statement<
  {
    buckets: number[]
    ids: string[]
    bounced: number[]
    opened: number[]
    clicked: number[]
    unsubscribed: number[]
  },
  { version_id: number }
>(
  "tracking_note_hits",
  sql`WITH fresh AS (
        SELECT m.bucket, m.id, m.version_id, m.node, u.bounced = 1 AND m.bounced_at IS NULL AS bounced,
               u.opened = 1 AND m.opened_at IS NULL AS opened, u.clicked = 1 AND m.clicked_at IS NULL AS clicked,
               u.unsubscribed = 1 AND m.unsubscribed_at IS NULL AS unsubscribed
        FROM unnest(${value("buckets", "smallint[]")}, ${value("ids", "uuid[]")}, ${value("bounced", "smallint[]")},
                    ${value("opened", "smallint[]")}, ${value("clicked", "smallint[]")}, ${value("unsubscribed", "smallint[]")})
          AS u (bucket, id, bounced, opened, clicked, unsubscribed)
        JOIN messages m ON m.bucket = u.bucket AND m.id = u.id
        ORDER BY m.bucket, m.id FOR UPDATE OF m),
      noted AS (
        UPDATE messages m
        SET bounced_at = CASE WHEN f.bounced THEN clock_timestamp() ELSE m.bounced_at END,
            opened_at = CASE WHEN f.opened THEN clock_timestamp() ELSE m.opened_at END,
            clicked_at = CASE WHEN f.clicked THEN clock_timestamp() ELSE m.clicked_at END,
            unsubscribed_at = CASE WHEN f.unsubscribed THEN clock_timestamp() ELSE m.unsubscribed_at END
        FROM fresh f
        WHERE m.bucket = f.bucket AND m.id = f.id AND (f.bounced OR f.opened OR f.clicked OR f.unsubscribed)
        RETURNING m.version_id),
      counted AS (
        INSERT INTO counter_totals AS c (bucket, version_id, node, measure, n)
        SELECT bucket, version_id, node, measure, count(*)
        FROM fresh CROSS JOIN LATERAL (VALUES (1103, bounced), (1104, opened), (1105, clicked), (1106, unsubscribed))
          AS v (measure, is_new)
        WHERE is_new GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
        ON CONFLICT (bucket, version_id, node, measure) DO UPDATE SET n = c.n + excluded.n)
      SELECT DISTINCT version_id FROM noted`,
)
