import { sql } from "drizzle-orm"
import { statement, value } from "../db/statement.ts"

export type SubscriberRow = {
  workspace_id: number
  sandbox: boolean
  workspace: string
  language: string
  version_id: number
  node: number
  profile_id: string
}

/** The workspace of a message and the person it went to. */
export const findSubscriber = statement<{ bucket: number; id: string }, SubscriberRow>(
  "unsubscribe_find",
  sql`SELECT m.workspace_id, w.sandbox, w.name AS workspace, w.language, m.version_id, m.node, m.profile_id
      FROM messages m JOIN workspaces w ON w.id = m.workspace_id
      WHERE m.bucket = ${value("bucket", "smallint")} AND m.id = ${value("id", "uuid")}`,
)
