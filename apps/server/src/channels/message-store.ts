import type { JsonObject } from "@viaggio/journey-model"
import { sql } from "drizzle-orm"
import { statement, value } from "../db/statement.ts"

const ms = (column: string) => sql.raw(`round(date_part('epoch', ${column}) * 1000)`)

export type MessageRow = {
  id: string
  bucket: number
  version_id: number
  node: number
  profile_id: string
  user_id: string | null
  state: number
  recipient: string
  frozen: JsonObject
  queued_at: number
  sent_at: number | null
  error: string | null
}

const columns = sql`m.id, m.bucket, m.version_id, m.node, m.profile_id, m.state, m.recipient, m.frozen,
  ${ms("m.queued_at")} AS queued_at, ${ms("m.sent_at")} AS sent_at, m.error,
  (SELECT i.value FROM identities i WHERE i.profile_bucket = m.bucket AND i.profile_id = m.profile_id AND i.kind = 1
   ORDER BY i.value LIMIT 1) AS user_id`

export type ListValues = {
  workspace: number
  versions: number[] | null
  nodes: number[] | null
  profile: string | null
  state: string | null
  before_at: string
  before_id: string
  most: number
}

/** Newest first. `versions` and `nodes` are pairs: a message passes when it is of one of them. */
export const listMessages = statement<ListValues, MessageRow>(
  "message_list",
  sql`SELECT ${columns} FROM messages m
      WHERE m.workspace_id = ${value("workspace", "int")}
        AND (m.queued_at, m.id) < (${value("before_at", "timestamptz")}, ${value("before_id", "uuid")})
        AND (${value("versions", "int[]")} IS NULL OR EXISTS (
              SELECT 1 FROM unnest(${value("versions", "int[]")}, ${value("nodes", "int[]")}) AS u (version_id, node)
              WHERE u.version_id = m.version_id AND u.node = m.node))
        AND (${value("profile", "uuid")} IS NULL OR m.profile_id = ${value("profile", "uuid")})
        AND (${value("state", "text")} IS NULL
             OR ${value("state", "text")} = CASE m.state WHEN 2 THEN 'sent' WHEN 3 THEN 'refused' ELSE 'queued' END)
      ORDER BY m.queued_at DESC, m.id DESC LIMIT ${value("most", "int")}`,
)

export const readMessage = statement<{ workspace: number; id: string }, MessageRow>(
  "message_read",
  sql`SELECT ${columns} FROM messages m
      WHERE m.bucket = ANY(ARRAY(SELECT b.bucket FROM buckets b)) AND m.id = ${value("id", "uuid")}
        AND m.workspace_id = ${value("workspace", "int")}`,
)

export const versionsOfJourney = statement<{ workspace: number; key: string }, { id: number }>(
  "message_versions_of_journey",
  sql`SELECT v.id FROM journey_versions v JOIN journeys j ON j.id = v.journey_id
      WHERE j.workspace_id = ${value("workspace", "int")} AND j.key = ${value("key", "text")}`,
)

export const versionsOfWorkspace = statement<{ workspace: number }, { id: number }>(
  "message_versions_of_workspace",
  sql`SELECT id FROM journey_versions WHERE workspace_id = ${value("workspace", "int")}`,
)
