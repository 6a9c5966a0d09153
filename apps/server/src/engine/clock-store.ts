import type { EpochMs } from "@viaggio/journey-model"
import { sql } from "drizzle-orm"
import type { Db } from "../db/client.ts"
import { statement, value } from "../db/statement.ts"

const instant = (ms: EpochMs) => new Date(ms).toISOString()
const msOf = (column: string) => sql.raw(`(extract(epoch FROM ${column}) * 1000)::float8`)

const readNow = statement<{ workspace: number }, { now: number }>(
  "clock_read",
  sql`SELECT ${msOf("clock_now")} AS now FROM workspaces
      WHERE id = ${value("workspace", "int")} AND clock_now IS NOT NULL`,
)

export const readTestClock = async (db: Db, workspace: number): Promise<EpochMs | undefined> =>
  (await readNow(db, { workspace }))[0]?.now

/** An order to move a sandbox's clock, from the moment it is given until it is carried out or cut short. */
export type AdvanceRow = {
  workspace_id: number
  run: string
  clock: number
  target: number
  is_open: boolean
  done: boolean
}

const advance = sql`a.workspace_id, a.run, a.clock, ${msOf("a.target")} AS target,
  a.finished_at IS NULL AS is_open, a.done`

/**
 * Locks a sandbox's clock: whoever sends events to it is waited for, and waits until the transaction ends, for the
 * door holds the same row while it appends.
 */
export const lockClock = statement<{ workspace: number }, { now: number }>(
  "clock_lock",
  sql`SELECT ${msOf("clock_now")} AS now FROM workspaces
      WHERE id = ${value("workspace", "int")} AND clock_now IS NOT NULL FOR NO KEY UPDATE`,
)

export const readAdvance = statement<{ workspace: number }, AdvanceRow>(
  "clock_read_advance",
  sql`SELECT ${advance} FROM clock_advances a WHERE a.workspace_id = ${value("workspace", "int")}`,
)

export const readOpenAdvances = statement<Record<string, never>, AdvanceRow>(
  "clock_read_open_advances",
  sql`SELECT ${advance} FROM clock_advances a WHERE a.finished_at IS NULL`,
)

const open = statement<{ workspace: number; run: string; clock: number; target: string }>(
  "clock_open_advance",
  sql`INSERT INTO clock_advances AS a (workspace_id, run, clock, target, started_at)
      VALUES (${value("workspace", "int")}, ${value("run", "uuid")}, ${value("clock", "int")},
              ${value("target", "timestamptz")}, clock_timestamp())
      ON CONFLICT (workspace_id) DO UPDATE SET run = excluded.run, clock = excluded.clock, target = excluded.target,
        started_at = excluded.started_at, finished_at = NULL, done = false`,
)

type Runner = Parameters<typeof open>[0]

export const openAdvance = (
  runner: Runner,
  { target, ...row }: { workspace: number; run: string; clock: number; target: EpochMs },
) => open(runner, { ...row, target: instant(target) })

/** The order alone may be lost with the machine: its caller then has no answer either. */
export const commitLazily = statement<Record<string, never>>(
  "clock_commit_lazily",
  sql`SELECT set_config('synchronous_commit', 'off', true)`,
)

export const closeAdvance = statement<{ workspace: number; run: string; done: boolean }>(
  "clock_close_advance",
  sql`UPDATE clock_advances SET finished_at = clock_timestamp(), done = ${value("done", "boolean")}
      WHERE workspace_id = ${value("workspace", "int")} AND run = ${value("run", "uuid")} AND finished_at IS NULL`,
)

const writeNow = statement<{ workspace: number; now: string }>(
  "clock_set",
  sql`UPDATE workspaces SET clock_now = ${value("now", "timestamptz")}
      WHERE id = ${value("workspace", "int")} AND clock_now < ${value("now", "timestamptz")}`,
)

export const setTestClock = (runner: Runner, workspace: number, now: EpochMs) =>
  writeNow(runner, { workspace, now: instant(now) })

export type AdvanceCounts = { events: number; steps: number; messages: number }

export const readCounts = statement<{ workspace: number; run: string }, AdvanceCounts>(
  "clock_read_counts",
  sql`SELECT coalesce(sum(events), 0)::float8 AS events, coalesce(sum(steps), 0)::float8 AS steps,
             coalesce(sum(messages), 0)::float8 AS messages
      FROM clock_advance_counts
      WHERE workspace_id = ${value("workspace", "int")} AND run = ${value("run", "uuid")}`,
)

/** Adds what a batch did for an advance, in the batch's own transaction. */
export const addCounts = statement<AdvanceCounts & { workspace: number; bucket: number; run: string }>(
  "clock_add_counts",
  sql`INSERT INTO clock_advance_counts AS c (workspace_id, bucket, run, events, steps, messages)
      VALUES (${value("workspace", "int")}, ${value("bucket", "smallint")}, ${value("run", "uuid")},
              ${value("events", "bigint")}, ${value("steps", "bigint")}, ${value("messages", "bigint")})
      ON CONFLICT (workspace_id, bucket) DO UPDATE SET run = excluded.run,
        events = excluded.events + CASE WHEN c.run = excluded.run THEN c.events ELSE 0 END,
        steps = excluded.steps + CASE WHEN c.run = excluded.run THEN c.steps ELSE 0 END,
        messages = excluded.messages + CASE WHEN c.run = excluded.run THEN c.messages ELSE 0 END`,
)

/** What a bucket has to do before the clock can stand at an instant: events, timers or jobs; messages to send; people to merge. */
export type DueBucket = { bucket: number; work: boolean; messages: boolean; merging: boolean }

const findDue = statement<{ workspace: number; clock: number; to: string }, DueBucket>(
  "clock_find_due",
  sql`SELECT * FROM (
        SELECT b.bucket,
          EXISTS (SELECT 1 FROM enrollments e WHERE e.bucket = b.bucket AND e.clock = ${value("clock", "int")}
                  AND e.wake_at <= ${value("to", "timestamptz")})
          OR h.head_seq > b.cursor_seq AND EXISTS (SELECT 1 FROM events e
               WHERE e.recorded_on >= b.cursor_on AND e.bucket = b.bucket AND e.seq > b.cursor_seq
                 AND e.seq <= h.head_seq AND e.workspace_id = ${value("workspace", "int")})
          OR h.bulk_seq > b.bulk_seq AND EXISTS (SELECT 1 FROM events e
               WHERE e.recorded_on >= b.bulk_on AND e.bucket = b.bucket AND e.seq > b.bulk_seq
                 AND e.workspace_id = ${value("workspace", "int")})
          OR EXISTS (SELECT 1 FROM lagging l
               WHERE l.bucket = b.bucket AND l.workspace_id = ${value("workspace", "int")})
          OR EXISTS (SELECT 1 FROM run_jobs j
               WHERE j.bucket = b.bucket AND j.done_at IS NULL AND j.workspace_id = ${value("workspace", "int")})
            AS work,
          EXISTS (SELECT 1 FROM messages m WHERE m.bucket = b.bucket AND m.state < 2 AND m.clock <> 0
                  AND m.clock = ${value("clock", "int")}) AS messages,
          EXISTS (SELECT 1 FROM mail m WHERE m.from_bucket = b.bucket AND m.workspace_id = ${value("workspace", "int")})
          OR EXISTS (SELECT 1 FROM merges m WHERE m.workspace_id = ${value("workspace", "int")}
                     AND m.loser_bucket = b.bucket AND m.state IN ('requested', 'agreed')) AS merging
        FROM buckets b JOIN bucket_heads h ON h.bucket = b.bucket) due
      WHERE work OR messages OR merging ORDER BY bucket`,
)

/** Everything, in whosever bucket, that has to happen before a sandbox's clock can stand at `to`. */
export const findDueBuckets = (
  runner: Runner,
  { workspace, clock, to }: { workspace: number; clock: number; to: EpochMs },
) => findDue(runner, { workspace, clock, to: instant(to) })
