import { sql } from "drizzle-orm"
import { statement, value } from "../db/statement.ts"

const bucket = value("bucket", "smallint")

/**
 * An effect that stands there already cannot be decided again: its visit is over with the same commit. Should it ever, the
 * key refuses it and the customer is set aside, which tells somebody. ON CONFLICT costs a quarter more for each message.
 */
export const addMessages = statement<{
  bucket: number
  ids: string[]
  workspaces: number[]
  versions: number[]
  nodes: number[]
  enrollments: string[]
  profiles: string[]
  clocks: number[]
  recipients: string[]
  frozen: string[]
  queued: string[]
  channels: number[]
  providers: string[]
  states: number[]
  sent: (string | null)[]
  errors: (string | null)[]
}>(
  "engine_add_messages",
  sql`INSERT INTO messages (bucket, id, workspace_id, version_id, node, enrollment_id, profile_id, clock,
                            recipient, frozen, queued_at, channel, provider, state, sent_at, error, next_try,
                            is_open)
      SELECT ${bucket}, u.*, clock_timestamp(), u.state < 2
      FROM unnest(${value("ids", "uuid[]")}, ${value("workspaces", "int[]")},
        ${value("versions", "int[]")}, ${value("nodes", "smallint[]")}, ${value("enrollments", "uuid[]")},
        ${value("profiles", "uuid[]")}, ${value("clocks", "int[]")}, ${value("recipients", "text[]")},
        ${value("frozen", "json[]")}, ${value("queued", "timestamptz[]")}, ${value("channels", "smallint[]")},
        ${value("providers", "text[]")}, ${value("states", "smallint[]")}, ${value("sent", "timestamptz[]")},
        ${value("errors", "text[]")})
        AS u (id, workspace_id, version_id, node, enrollment_id, profile_id, clock, recipient, frozen, queued_at,
              channel, provider, state, sent_at, error)`,
)
