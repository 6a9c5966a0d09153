import { sql } from "drizzle-orm"
import { rowsInto } from "../db/copy.ts"
import { statement, unseen, value } from "../db/statement.ts"
import type { LinkingSettings } from "./linking.ts"

/**
 * The database's time, which is when the door received what it appends now, and the weeks (their Mondays) whose
 * partitions of `seen` take the ids: two of them `apart` minutes around midnight on Sunday, so that two copies still
 * meet. (Without a value the driver would not prepare it.)
 */
export const readClock = statement<{ apart: number }, { now: number; weeks: string[] }>(
  "door_clock",
  sql`SELECT floor(date_part('epoch', t) * 1000) AS now,
        ARRAY(SELECT DISTINCT date_trunc('week', (t AT TIME ZONE 'UTC') + m * ${value("apart", "int")} * interval '1 minute')::date::text AS week
              FROM generate_series(-1, 1) m ORDER BY week) AS weeks
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
 * Which of these message ids are known from this week or the one before: so at least seven days back. The hashes of
 * one slot stand together, the u-th slot's from `froms` to `tos`, so that each slot is one range of its index.
 */
export const findSeen = statement<
  { slots: number[]; froms: number[]; tos: number[]; hashes: string[]; first: string; last: string },
  { hash: string }
>(
  "door_find_seen",
  sql`SELECT translate(i.message_hash::text, '-', '') AS hash
      FROM unnest(${unseen("slots", "smallint[]")}, ${unseen("froms", "int[]")}, ${unseen("tos", "int[]")})
        AS u (slot, first, last)
      CROSS JOIN LATERAL (
        SELECT message_hash FROM seen
        WHERE slot = u.slot AND message_hash = ANY((${value("hashes", "uuid[]")})[u.first:u.last])
          AND week >= ${unseen("first", "date")} - 7 AND week <= ${unseen("last", "date")} OFFSET 0
      ) i`,
)

/** Notes message ids, in the order of their key. One that another request noted meanwhile fails the transaction. */
export const noteSeen = rowsInto("seen", { slot: "smallint", message_hash: "uuid", week: "date" })

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

export const appendEvents = rowsInto("events", {
  recorded_on: "date",
  bucket: "smallint",
  seq: "bigint",
  workspace_id: "int",
  profile_id: "uuid",
  kind: "smallint",
  name_id: "int",
  occurred_at: "timestamptz",
  received_at: "timestamptz",
  message_id: "text",
  mode: "smallint",
  body: "jsonb",
})

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
