import { sql } from "drizzle-orm"
import { statement, value } from "../db/statement.ts"
import { type EventRow, eventColumns } from "./log-store.ts"

const ms = (column: string) => sql.raw(`round(date_part('epoch', ${column}) * 1000)`)
const bucket = value("bucket", "smallint")
const profile = value("profile", "uuid")

export const setAside = statement<{
  bucket: number
  release: string
  profiles: string[]
  workspaces: number[]
  errors: string[]
  days: string[]
  seqs: number[]
  bulk_days: string[]
  bulk_seqs: number[]
}>(
  "engine_set_aside",
  sql`INSERT INTO stuck (bucket, profile_id, workspace_id, since, error, first_on, first_seq, bulk_on, bulk_seq, release)
      SELECT ${bucket}, u.profile_id, u.workspace_id, clock_timestamp(), u.error, u.first_on, u.first_seq,
             u.bulk_on, u.bulk_seq, ${value("release", "text")}
      FROM unnest(${value("profiles", "uuid[]")}, ${value("workspaces", "int[]")}, ${value("errors", "text[]")},
                  ${value("days", "date[]")}, ${value("seqs", "bigint[]")},
                  ${value("bulk_days", "date[]")}, ${value("bulk_seqs", "bigint[]")})
        AS u (profile_id, workspace_id, error, first_on, first_seq, bulk_on, bulk_seq)
      ON CONFLICT DO NOTHING`,
)

/** What can be asked for a customer who was set aside. */
export const Asked = { try: "try", skip: "skip" } as const
export type Asked = (typeof Asked)[keyof typeof Asked]

export type AskedRow = { profile_id: string; asked: Asked }

export const readAsked = statement<{ bucket: number }, AskedRow>(
  "aside_read_asked",
  sql`SELECT profile_id, asked FROM stuck WHERE bucket = ${bucket} AND asked IS NOT NULL ORDER BY since, profile_id`,
)

/** Notes, before it begins, that a customer is tried by a release: one who kills the process is not tried again. */
export const noteTry = statement<{ bucket: number; profile: string; release: string }>(
  "aside_note_try",
  sql`UPDATE stuck SET asked = NULL, release = ${value("release", "text")}, tries = tries + 1,
        tried_at = clock_timestamp()
      WHERE bucket = ${bucket} AND profile_id = ${profile}`,
)

/** Asks the bucket's worker for a customer. */
export const ask = statement<{ bucket: number; profile: string; asked: Asked }>(
  "aside_ask",
  sql`UPDATE stuck SET asked = ${value("asked", "text")} WHERE bucket = ${bucket} AND profile_id = ${profile}`,
)

export type StuckRow = {
  workspace_id: number
  first_on: string
  first_seq: number
  bulk_on: string
  bulk_seq: number
}

export const lockStuck = statement<{ bucket: number; profile: string }, StuckRow>(
  "aside_lock",
  sql`SELECT workspace_id, first_on::text, first_seq::float8 AS first_seq, bulk_on::text,
             bulk_seq::float8 AS bulk_seq
      FROM stuck
      WHERE bucket = ${bucket} AND profile_id = ${profile} FOR UPDATE`,
)

/** What reached one customer from an event on in each log, as far as it was worked. */
export const readEventsOf = statement<
  {
    bucket: number
    profile: string
    on: string
    from: number
    to: number
    bulk_from: number
    bulk_to: number
    most: number
  },
  EventRow
>(
  "aside_read_events",
  sql`SELECT ${eventColumns} FROM (SELECT * FROM events e
            WHERE e.recorded_on >= ${value("on", "date")} AND e.bucket = ${bucket} AND e.profile_id = ${profile}
              AND (e.seq BETWEEN ${value("from", "bigint")} AND ${value("to", "bigint")}
                   OR e.seq BETWEEN ${value("bulk_from", "bigint")} AND ${value("bulk_to", "bigint")}) OFFSET 0) mine
      ORDER BY seq LIMIT ${value("most", "int")}`,
)

/** Gives a customer's held enrollments their instant back. */
export const releaseTimers = statement<{ bucket: number; profile: string }>(
  "aside_release_timers",
  sql`UPDATE enrollments SET wake_at = held_at, held_at = NULL
      WHERE bucket = ${bucket} AND profile_id = ${profile} AND ended_at IS NULL AND held_at IS NOT NULL`,
)

export const moveStuck = statement<{ bucket: number; profile: string; on: string; seq: number }>(
  "aside_move",
  sql`UPDATE stuck SET first_on = ${value("on", "date")}, first_seq = ${value("seq", "bigint")}
      WHERE bucket = ${bucket} AND profile_id = ${profile}`,
)

export const moveStuckBulk = statement<{ bucket: number; profile: string; on: string; seq: number }>(
  "aside_move_bulk",
  sql`UPDATE stuck SET bulk_on = ${value("on", "date")}, bulk_seq = ${value("seq", "bigint")}
      WHERE bucket = ${bucket} AND profile_id = ${profile}`,
)

export const removeStuck = statement<{ bucket: number; profile: string }>(
  "aside_remove",
  sql`DELETE FROM stuck WHERE bucket = ${bucket} AND profile_id = ${profile}`,
)

export const noteError = statement<{ bucket: number; profile: string; error: string }>(
  "aside_note_error",
  sql`UPDATE stuck SET error = ${value("error", "text")}, failed_tries = tries WHERE bucket = ${bucket} AND profile_id = ${profile}`,
)

/** Asks again for those whom another release could not work. */
export const askForOthersRelease = statement<{ buckets: number[]; release: string }>(
  "aside_ask_after_release",
  sql`UPDATE stuck SET asked = 'try'
      WHERE bucket = ANY(${value("buckets", "smallint[]")}) AND release <> ${value("release", "text")} AND asked IS NULL`,
)

export type StuckItemRow = {
  bucket: number
  profile_id: string
  since: number
  error: string
  tries: number
  /** Whether the latest try has come to its end. */
  is_over: boolean
  tried_at: number | null
  asked: Asked | null
  event: string | null
  event_at: number | null
  message_id: string | null
}

const item = sql`s.bucket, s.profile_id, ${ms("s.since")} AS since, s.error, s.tries,
  s.failed_tries = s.tries AS is_over, ${ms("s.tried_at")} AS tried_at,
  s.asked, e.name AS event, ${ms("e.occurred_at")} AS event_at, e.message_id`

const firstEvent = sql`LEFT JOIN LATERAL (
    SELECT n.name, e.occurred_at, e.message_id FROM events e LEFT JOIN event_names n ON n.id = e.name_id
    WHERE e.recorded_on = s.first_on AND e.bucket = s.bucket AND e.seq = s.first_seq AND e.profile_id = s.profile_id
  ) e ON true`

/** Those of a workspace, the longest first. */
export const listStuck = statement<{ workspace: number; most: number }, StuckItemRow>(
  "aside_list",
  sql`SELECT ${item} FROM stuck s ${firstEvent}
      WHERE s.workspace_id = ${value("workspace", "int")} ORDER BY s.since, s.profile_id LIMIT ${value("most", "int")}`,
)

export const findStuck = statement<{ workspace: number; bucket: number; profile: string }, StuckItemRow>(
  "aside_find",
  sql`SELECT ${item} FROM stuck s ${firstEvent}
      WHERE s.workspace_id = ${value("workspace", "int")} AND s.bucket = ${bucket} AND s.profile_id = ${profile}`,
)
