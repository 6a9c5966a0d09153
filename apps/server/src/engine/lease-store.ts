import { sql } from "drizzle-orm"
import { statement, value } from "../db/statement.ts"

export type LeaseRow = { bucket: number; epoch: number; cursor_on: string; cursor_seq: number }

/**
 * Takes the buckets that nobody owns, whose lease has ended, or whose owner is gone: a living worker holds an
 * advisory lock named like itself for as long as its process and its connection live. Also those that are ours
 * without being held: the answer to an earlier call was lost on its way.
 */
export const takeBuckets = statement<{ owner: string; seconds: number; held: number[] }, LeaseRow>(
  "lease_take",
  sql`WITH free AS (
        SELECT bucket FROM buckets b
        WHERE b.owner IS NULL
           OR b.owner <> ${value("owner", "text")} AND b.lease_end < clock_timestamp()
           OR b.owner = ${value("owner", "text")} AND b.bucket <> ALL(${value("held", "smallint[]")})
           OR NOT EXISTS (SELECT 1 FROM pg_locks l
                          WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
                            AND l.classid::bigint = (b.owner::bigint >> 32)
                            AND l.objid::bigint = (b.owner::bigint & 4294967295))
        ORDER BY bucket FOR UPDATE SKIP LOCKED)
      UPDATE buckets b SET owner = ${value("owner", "text")}, epoch = b.epoch + 1,
             lease_end = clock_timestamp() + ${value("seconds", "int")} * interval '1 second'
      FROM free WHERE b.bucket = free.bucket
      RETURNING b.bucket, b.epoch::float8 AS epoch, b.cursor_on::text, b.cursor_seq::float8 AS cursor_seq`,
)

/**
 * Prolongs what is ours and idle, and answers all that is ours. A bucket whose batch is under way is passed over,
 * for waiting would hold up every other one; its batch prolongs the lease itself.
 */
export const renewBuckets = statement<{ owner: string; seconds: number }, { bucket: number }>(
  "lease_renew",
  sql`WITH idle AS (
        SELECT bucket FROM buckets WHERE owner = ${value("owner", "text")} FOR UPDATE SKIP LOCKED
      ), renewed AS (
        UPDATE buckets b SET lease_end = clock_timestamp() + ${value("seconds", "int")} * interval '1 second'
        FROM idle WHERE b.bucket = idle.bucket)
      SELECT bucket FROM buckets WHERE owner = ${value("owner", "text")}`,
)

export const releaseBuckets = statement<{ owner: string }>(
  "lease_release",
  sql`UPDATE buckets SET owner = NULL, lease_end = '-infinity' WHERE owner = ${value("owner", "text")}`,
)

/** Buckets of ours with events past the cursor, a timer of the real clock that is due, or a job. */
export const findPending = statement<{ buckets: number[] }, { bucket: number }>(
  "lease_find_pending",
  sql`SELECT u.bucket FROM unnest(${value("buckets", "smallint[]")}) AS u (bucket)
      WHERE EXISTS (SELECT 1 FROM buckets b JOIN bucket_heads h ON h.bucket = b.bucket
                    WHERE b.bucket = u.bucket AND h.head_seq > b.cursor_seq)
         OR EXISTS (SELECT 1 FROM enrollments e
                    WHERE e.bucket = u.bucket AND e.clock = 0 AND e.wake_at <= clock_timestamp())
         OR EXISTS (SELECT 1 FROM run_jobs j WHERE j.bucket = u.bucket AND j.done_at IS NULL)`,
)

export const keepPartitions = statement<Record<string, never>>(
  "lease_keep_partitions",
  sql`SELECT keep_partitions('60 days')`,
)
