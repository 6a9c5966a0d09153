import type { EpochMs } from "@viaggio/journey-model"
import { sql } from "drizzle-orm"
import type { Db } from "../db/client.ts"
import { statement, value } from "../db/statement.ts"

const readNow = statement<{ workspace: number }, { now: number }>(
  "clock_read",
  sql`SELECT (extract(epoch FROM clock_now) * 1000)::float8 AS now FROM workspaces
      WHERE id = ${value("workspace", "int")} AND clock_now IS NOT NULL`,
)

export const readTestClock = async (db: Db, workspace: number): Promise<EpochMs | undefined> =>
  (await readNow(db, { workspace }))[0]?.now

const writeNow = statement<{ workspace: number; now: string }>(
  "clock_set",
  sql`UPDATE workspaces SET clock_now = ${value("now", "timestamptz")}
      WHERE id = ${value("workspace", "int")} AND clock_now < ${value("now", "timestamptz")}`,
)

export const setTestClock = (db: Db, workspace: number, now: EpochMs) =>
  writeNow(db, { workspace, now: new Date(now).toISOString() })

/** Buckets whose log is ahead of their worker. */
export const readBehind = statement<
  Record<string, never>,
  { bucket: number; head_seq: number; cursor_seq: number }
>(
  "clock_read_behind",
  sql`SELECT b.bucket, h.head_seq::float8 AS head_seq, b.cursor_seq::float8 AS cursor_seq
      FROM buckets b JOIN bucket_heads h ON h.bucket = b.bucket WHERE h.head_seq > b.cursor_seq`,
)

/** Buckets with a timer of the clock that is due, or with a job that may give it one. */
const findDue = statement<{ clock: number; to: string }, { bucket: number }>(
  "clock_find_due",
  sql`SELECT b.bucket FROM buckets b
      WHERE EXISTS (SELECT 1 FROM enrollments e WHERE e.bucket = b.bucket AND e.clock = ${value("clock", "int")}
                    AND e.wake_at <= ${value("to", "timestamptz")})
         OR EXISTS (SELECT 1 FROM run_jobs j JOIN workspaces w ON w.id = j.workspace_id
                    WHERE j.bucket = b.bucket AND j.done_at IS NULL AND w.clock = ${value("clock", "int")})
      ORDER BY b.bucket`,
)

export const findDueBuckets = (db: Db, clock: number, to: EpochMs) =>
  findDue(db, { clock, to: new Date(to).toISOString() })
