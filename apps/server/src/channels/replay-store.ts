import type { Json } from "@viaggio/journey-model"
import { sql } from "drizzle-orm"
import { statement, value } from "../db/statement.ts"

/** The version of a journey that runs now, of the journey that a version belongs to. */
export const findLiveVersion = statement<{ version: number }, { id: number }>(
  "replay_find_live_version",
  sql`SELECT n.id FROM journey_versions v JOIN journeys j ON j.id = v.journey_id
      JOIN journey_versions n ON n.journey_id = j.id AND n.number = j.live_version
      WHERE v.id = ${value("version", "int")}`,
)

/** What a customer's record says about marketing. */
export const readConsent = statement<
  { bucket: number; profile: string },
  { unsubscribed: Json | null; unsubscribed_at: number | null }
>(
  "replay_read_consent",
  sql`SELECT attributes -> 'unsubscribed' AS unsubscribed,
             (value_times ->> 'unsubscribed')::float8 AS unsubscribed_at
      FROM profiles WHERE bucket = ${value("bucket", "smallint")} AND id = ${value("profile", "uuid")}`,
)

/** Puts a refused message back into the queue, once in its life, and takes it out of the count of refused ones. */
export const replayMessage = statement<
  {
    bucket: number
    id: string
    recipient: string
    version: number | null
    node: number | null
    by: string
  },
  { id: string }
>(
  "replay_message",
  sql`WITH replayed AS (
        UPDATE messages m
        SET state = 0, is_open = true, attempts = 0, reason = NULL, error = NULL, claim = NULL, claim_until = NULL,
            next_try = clock_timestamp(), added_at = clock_timestamp(), recipient = ${value("recipient", "text")},
            shown_version = ${value("version", "int")}, shown_node = ${value("node", "smallint")},
            replayed_at = clock_timestamp(), replayed_by = ${value("by", "text")}
        WHERE m.bucket = ${value("bucket", "smallint")} AND m.id = ${value("id", "uuid")} AND m.state = 3
          AND m.replayed_at IS NULL
        RETURNING m.bucket, m.id, m.version_id, m.node),
      counted AS (
        INSERT INTO counter_totals AS c (bucket, version_id, node, measure, n)
        SELECT bucket, version_id, node, 1102, -1 FROM replayed
        ON CONFLICT (bucket, version_id, node, measure) DO UPDATE SET n = c.n - 1)
      SELECT id FROM replayed`,
)
