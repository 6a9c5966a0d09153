import { sql } from "drizzle-orm"
import { statement, value } from "../db/statement.ts"

const ms = (column: string) => sql.raw(`round(date_part('epoch', ${column}) * 1000)`)

export type HoldRow = {
  installation: string
  held_since: number | null
  backup_at: number | null
  reconciled_at: number | null
  known: number
}

export const readHold = statement<Record<string, never>, HoldRow>(
  "hold_read",
  sql`SELECT id AS installation, ${ms("held_since")} AS held_since, ${ms("backup_at")} AS backup_at,
             ${ms("reconciled_at")} AS reconciled_at, (SELECT count(*)::int FROM sent_before) AS known
      FROM installation`,
)

/** One at a time decides; no row where nothing is held. */
export const lockHold = statement<Record<string, never>, { one: boolean }>(
  "hold_lock",
  sql`SELECT one FROM installation WHERE held_since IS NOT NULL FOR UPDATE`,
)

export type DueRow = {
  workspace_id: number
  journey_id: number
  key: string
  document: string
  timers: number
  messages: number
  known: number
}

/**
 * What would happen at once, by journey: waits that have ended, messages in the outbox, and how many of these have
 * left before by the journal. Read once by a person, over all buckets.
 */
export const readDue = statement<Record<string, never>, DueRow>(
  "hold_read_due",
  sql`WITH due AS (
        SELECT journey_id, count(*)::int AS timers FROM enrollments
        WHERE clock = 0 AND wake_at <= clock_timestamp() GROUP BY 1
      ), open AS (
        SELECT v.journey_id, count(*)::int AS messages, count(s.id)::int AS known
        FROM messages m JOIN journey_versions v ON v.id = m.version_id LEFT JOIN sent_before s ON s.id = m.id
        WHERE m.is_open AND m.clock = 0 GROUP BY 1
      )
      SELECT j.workspace_id, j.id AS journey_id, j.key, j.document,
             coalesce(due.timers, 0) AS timers, coalesce(open.messages, 0) AS messages, coalesce(open.known, 0) AS known
      FROM journeys j LEFT JOIN due ON due.journey_id = j.id LEFT JOIN open ON open.journey_id = j.id
      WHERE due.timers > 0 OR open.messages > 0 ORDER BY j.workspace_id, j.key`,
)

export const addSentBefore = statement<{ ids: string[] }>(
  "hold_add_sent",
  sql`INSERT INTO sent_before (id) SELECT * FROM unnest(${value("ids", "uuid[]")}) ON CONFLICT DO NOTHING`,
)

export const noteReconciled = statement<Record<string, never>>(
  "hold_note_reconciled",
  sql`UPDATE installation SET reconciled_at = clock_timestamp()`,
)

/** All that these journeys decide for an instant up to now is not sent any more. */
export const skipJourneys = statement<{ journeys: number[] }>(
  "hold_skip",
  sql`INSERT INTO skipped_versions (version_id, until)
      SELECT id, clock_timestamp() FROM journey_versions WHERE journey_id = ANY(${value("journeys", "int[]")})
      ON CONFLICT (version_id) DO UPDATE SET until = excluded.until`,
)

/** Every journey that was ever published. */
export const listJourneys = statement<
  Record<string, never>,
  { id: number; workspace_id: number; key: string }
>("hold_list_journeys", sql`SELECT id, workspace_id, key FROM journeys WHERE live_version IS NOT NULL`)

export const release = statement<Record<string, never>>(
  "hold_release",
  sql`UPDATE installation SET held_since = NULL, released_at = clock_timestamp()`,
)
