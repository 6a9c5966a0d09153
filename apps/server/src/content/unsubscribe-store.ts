import { sql } from "drizzle-orm"
import { statement, value } from "../db/statement.ts"

export type SubscriberRow = {
  workspace_id: number
  sandbox: boolean
  workspace: string
  language: string
  version_id: number
  node: number
  kind: number | null
  value: string | null
}

/** The workspace of a message and the strongest identity of the person it went to. */
export const findSubscriber = statement<{ bucket: number; id: string }, SubscriberRow>(
  "unsubscribe_find",
  sql`SELECT m.workspace_id, w.sandbox, w.name AS workspace, w.language, m.version_id, m.node, i.kind, i.value
      FROM messages m JOIN workspaces w ON w.id = m.workspace_id
      LEFT JOIN LATERAL (SELECT kind, value FROM identities
        WHERE profile_bucket = m.bucket AND profile_id = m.profile_id AND kind IN (1, 5)
        ORDER BY kind, value LIMIT 1) i ON true
      WHERE m.bucket = ${value("bucket", "smallint")} AND m.id = ${value("id", "uuid")}`,
)
