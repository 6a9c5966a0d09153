import { sql } from "drizzle-orm"
import { statement, value } from "../db/statement.ts"
import type { LinkingSettings } from "./linking.ts"

/**
 * The database's time, which is when the door received what it appends now, and the days whose partitions of
 * `seen` take the ids: two of them around midnight, so that two copies still meet.
 */
export const readClock = statement<Record<string, never>, { now: number; today: string; days: string[] }>(
  "door_clock",
  sql`SELECT floor(date_part('epoch', t) * 1000) AS now, (t AT TIME ZONE 'UTC')::date::text AS today,
        ARRAY(SELECT DISTINCT ((t AT TIME ZONE 'UTC') + m * interval '5 minutes')::date::text
              FROM generate_series(-1, 1) m) AS days
      FROM clock_timestamp() t`,
)

/** The test clocks of sandboxes; a real workspace has none. They stand still until the transaction ends. */
export const readTestClocks = statement<{ ids: number[] }, { id: number; now: number }>(
  "door_test_clocks",
  sql`SELECT id, (extract(epoch FROM clock_now) * 1000)::float8 AS now
      FROM workspaces WHERE id = ANY(${value("ids", "int[]")}) AND clock_now IS NOT NULL ORDER BY id FOR SHARE`,
)

export const readRules = statement<
  { ids: number[] },
  { id: number; linking: LinkingSettings | null; trust_late: boolean }
>(
  "door_read_rules",
  sql`SELECT id, settings -> 'identities' AS linking,
             coalesce(settings -> 'trustLate' = 'true', false) AS trust_late FROM workspaces WHERE id = ANY(${value("ids", "int[]")})`,
)

/**
 * Notes message ids as seen and answers those that are new: known on none of the earlier days of the window
 * (7 days before `today`), and not taken by another request meanwhile.
 */
export const noteSeen = statement<
  { slots: number[]; workspaces: number[]; hashes: string[]; today: string; days: string[]; copies: number },
  { message_hash: string }
>(
  "door_note_seen",
  sql`WITH fresh AS (
        SELECT u.slot, u.workspace_id, u.hash
        FROM unnest(${value("slots", "smallint[]")}, ${value("workspaces", "int[]")},
                    ${value("hashes", "uuid[]")}) AS u (slot, workspace_id, hash)
        LEFT JOIN LATERAL (
          SELECT true AS known FROM seen s
          WHERE s.day >= ${value("today", "date")} - 7 AND s.day < ${value("today", "date")}
            AND s.slot = u.slot AND s.workspace_id = u.workspace_id AND s.message_hash = u.hash
          LIMIT 1) earlier ON true
        WHERE earlier.known IS NULL
      ), noted AS (
        INSERT INTO seen (day, slot, workspace_id, message_hash)
        SELECT d.day, f.slot, f.workspace_id, f.hash
        FROM fresh f, unnest(${value("days", "date[]")}) AS d (day)
        ORDER BY f.slot, f.workspace_id, f.hash, d.day
        ON CONFLICT DO NOTHING RETURNING message_hash
      )
      SELECT message_hash::text FROM noted GROUP BY message_hash
      HAVING count(*) = ${value("copies", "int")}`,
)

export type Head = { bucket: number; head_on: string; head_seq: string; bulk_seq: string }

/** Locks the heads of buckets, in order; numbers given out under the lock become visible in order. */
export const lockHeads = statement<{ buckets: number[] }, Head & { today: string }>(
  "door_lock_heads",
  sql`SELECT bucket, head_on::text, head_seq::text, bulk_seq::text,
             greatest(head_on, bulk_on, (clock_timestamp() AT TIME ZONE 'UTC')::date)::text AS today
      FROM bucket_heads WHERE bucket = ANY(${value("buckets", "smallint[]")})
      ORDER BY bucket FOR UPDATE`,
)

export const moveHeads = statement<{ buckets: number[]; days: string[]; seqs: number[] }>(
  "door_move_heads",
  sql`UPDATE bucket_heads h SET head_seq = u.seq, head_on = u.day
      FROM unnest(${value("buckets", "smallint[]")}, ${value("days", "date[]")}, ${value("seqs", "bigint[]")})
        AS u (bucket, day, seq)
      WHERE h.bucket = u.bucket`,
)

export const moveBulkHeads = statement<{ buckets: number[]; days: string[]; seqs: number[] }>(
  "door_move_bulk_heads",
  sql`UPDATE bucket_heads h SET bulk_seq = u.seq, bulk_on = u.day
      FROM unnest(${value("buckets", "smallint[]")}, ${value("days", "date[]")}, ${value("seqs", "bigint[]")})
        AS u (bucket, day, seq)
      WHERE h.bucket = u.bucket`,
)

export const appendEvents = statement<{
  days: string[]
  buckets: number[]
  seqs: number[]
  workspaces: number[]
  profiles: string[]
  kinds: number[]
  names: number[]
  occurred: string[]
  received: string[]
  messages: string[]
  modes: number[]
  bodies: string[]
}>(
  "door_append_events",
  sql`INSERT INTO events (recorded_on, bucket, seq, workspace_id, profile_id, kind, name_id,
                          occurred_at, received_at, message_id, mode, body)
      SELECT * FROM unnest(${value("days", "date[]")}, ${value("buckets", "smallint[]")},
        ${value("seqs", "bigint[]")}, ${value("workspaces", "int[]")}, ${value("profiles", "uuid[]")},
        ${value("kinds", "smallint[]")}, ${value("names", "int[]")}, ${value("occurred", "timestamptz[]")},
        ${value("received", "timestamptz[]")}, ${value("messages", "text[]")}, ${value("modes", "smallint[]")},
        ${value("bodies", "jsonb[]")})`,
)

export const findNames = statement<
  { workspaces: number[]; names: string[] },
  { id: number; workspace_id: number; name: string }
>(
  "door_find_names",
  sql`SELECT n.id, n.workspace_id, n.name
      FROM unnest(${value("workspaces", "int[]")}, ${value("names", "text[]")}) AS u (workspace_id, name)
      JOIN event_names n ON n.workspace_id = u.workspace_id AND n.name = u.name`,
)

/** Makes names up to `most` in a workspace; what is beyond that is not there afterwards. */
export const addNames = statement<{ workspaces: number[]; names: string[]; most: number }>(
  "door_add_names",
  sql`INSERT INTO event_names (workspace_id, name)
      SELECT u.workspace_id, u.name
      FROM (SELECT *, row_number() OVER (PARTITION BY workspace_id ORDER BY name) AS n
            FROM unnest(${value("workspaces", "int[]")}, ${value("names", "text[]")}) AS v (workspace_id, name)) u
      WHERE u.n + (SELECT count(*) FROM event_names e WHERE e.workspace_id = u.workspace_id) <= ${value("most", "int")}
      ORDER BY u.workspace_id, u.name
      ON CONFLICT DO NOTHING`,
)

export const namesOfIds = statement<{ ids: number[] }, { id: number; workspace_id: number; name: string }>(
  "door_names_of_ids",
  sql`SELECT id, workspace_id, name FROM event_names WHERE id = ANY(${value("ids", "int[]")})`,
)
