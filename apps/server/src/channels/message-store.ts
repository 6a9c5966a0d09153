import type { JsonObject } from "@viaggio/journey-model"
import { type SQL, sql } from "drizzle-orm"
import { statement, value } from "../db/statement.ts"

const ms = (column: string) => sql.raw(`round(date_part('epoch', ${column}) * 1000)`)

export type MessageRow = {
  id: string
  bucket: number
  /** With `node`: what decided it. */
  version_id: number
  node: number
  /** With `shown_node`: whose template it shows. */
  shown_version: number
  shown_node: number
  profile_id: string
  user_id: string | null
  channel: number
  state: number
  attempts: number
  doubts: number
  recipient: string
  frozen: JsonObject
  queued_at: number
  sent_at: number | null
  error: string | null
  reason: string | null
  replayed_at: number | null
  bounced_at: number | null
  opened_at: number | null
  clicked_at: number | null
  unsubscribed_at: number | null
}

const columns = sql`m.id, m.bucket, m.version_id, m.node, coalesce(m.shown_version, m.version_id) AS shown_version,
  coalesce(m.shown_node, m.node) AS shown_node, m.profile_id, m.channel, m.state, m.attempts, m.doubts, m.recipient,
  m.frozen, ${ms("m.queued_at")} AS queued_at, ${ms("m.sent_at")} AS sent_at, m.error, m.reason,
  ${ms("m.replayed_at")} AS replayed_at, ${ms("m.bounced_at")} AS bounced_at, ${ms("m.opened_at")} AS opened_at,
  ${ms("m.clicked_at")} AS clicked_at, ${ms("m.unsubscribed_at")} AS unsubscribed_at,
  (SELECT i.value FROM identities i WHERE i.profile_bucket = m.bucket AND i.profile_id = m.profile_id AND i.kind = 1
   ORDER BY i.value LIMIT 1) AS user_id`

export type ListValues = {
  workspace: number
  versions: number[] | null
  nodes: number[] | null
  profile: string | null
  state: string | null
  in_doubt: boolean
  before_at: string
  before_id: string
  most: number
}

const list = (where: SQL) => sql`SELECT ${columns} FROM messages m
      WHERE m.workspace_id = ${value("workspace", "int")} ${where}
        AND (m.queued_at, m.id) < (${value("before_at", "timestamptz")}, ${value("before_id", "uuid")})
        AND (${value("versions", "int[]")} IS NULL OR EXISTS (
              SELECT 1 FROM unnest(${value("versions", "int[]")}, ${value("nodes", "int[]")}) AS u (version_id, node)
              WHERE u.version_id = m.version_id AND u.node = m.node))
        AND (${value("profile", "uuid")} IS NULL OR m.profile_id = ${value("profile", "uuid")})
        AND (${value("state", "text")} IS NULL
             OR ${value("state", "text")} = CASE m.state WHEN 2 THEN 'sent' WHEN 3 THEN 'refused' ELSE 'queued' END)
        AND (NOT ${value("in_doubt", "boolean")} OR m.doubts > 0)
      ORDER BY m.queued_at DESC, m.id DESC LIMIT ${value("most", "int")}`

/** Newest first. `versions` and `nodes` are pairs: a message passes when it is of one of them. */
export const listMessages = statement<ListValues, MessageRow>("message_list", list(sql``))

/** The refused ones only, which are few and have an index of their own. */
export const listRefused = statement<ListValues, MessageRow>(
  "message_list_refused",
  list(sql`AND m.reason IS NOT NULL`),
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
