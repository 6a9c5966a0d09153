import { sql } from "drizzle-orm"
import { isHeld } from "../db/held.ts"
import { statement, value } from "../db/statement.ts"

export type LeaseRow = {
  bucket: number
  epoch: number
  cursor_on: string
  cursor_seq: number
  bulk_on: string
  bulk_seq: number
  /** Another worker had it and did not hand it over. */
  abandoned: boolean
}

/** Whether somebody holds the advisory lock that says that a worker lives. */
const isAlive = (owner: string) =>
  sql.raw(`EXISTS (SELECT 1 FROM pg_locks l
             WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
               AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
               AND l.classid::bigint = (${owner}::bigint >> 32) AND l.objid::bigint = (${owner}::bigint & 4294967295))`)

/** Notes that a worker lives and counts those that do, this one among them. */
export const noteWorker = statement<{ owner: string; release: string; seconds: number }, { living: number }>(
  "lease_note_worker",
  sql`WITH me AS (
        INSERT INTO workers AS w (owner, release, started_at, seen_at)
        VALUES (${value("owner", "text")}, ${value("release", "text")}, clock_timestamp(), clock_timestamp())
        ON CONFLICT (owner) DO UPDATE SET seen_at = clock_timestamp()
      ), gone AS (
        DELETE FROM workers w WHERE w.owner <> ${value("owner", "text")}
          AND w.seen_at < clock_timestamp() - interval '1 hour' AND NOT ${isAlive("w.owner")})
      SELECT 1 + count(*)::int AS living FROM workers w
      WHERE w.owner <> ${value("owner", "text")} AND ${isAlive("w.owner")}
        AND w.seen_at > clock_timestamp() - ${value("seconds", "int")} * interval '1 second'`,
)

export const forgetWorker = statement<{ owner: string }>(
  "lease_forget_worker",
  sql`DELETE FROM workers WHERE owner = ${value("owner", "text")}`,
)

/**
 * Takes some of the buckets that nobody owns, whose lease has ended, or whose owner is gone: a living worker holds
 * an advisory lock named like itself for as long as its process and its connection live. Also those that are ours
 * without being held: the answer to an earlier call was lost on its way. It never waits for a row.
 */
export const takeBuckets = statement<
  { owner: string; seconds: number; held: number[]; most: number },
  LeaseRow
>(
  "lease_take",
  sql`WITH free AS (
        SELECT bucket, owner FROM buckets b
        WHERE b.owner IS NULL
           OR b.owner <> ${value("owner", "text")} AND b.lease_end < clock_timestamp()
           OR b.owner = ${value("owner", "text")} AND b.bucket <> ALL(${value("held", "smallint[]")})
           OR NOT ${isAlive("b.owner")}
        ORDER BY bucket LIMIT ${value("most", "int")} FOR UPDATE SKIP LOCKED)
      UPDATE buckets b SET owner = ${value("owner", "text")}, epoch = b.epoch + 1,
             lease_end = clock_timestamp() + ${value("seconds", "int")} * interval '1 second'
      FROM free WHERE b.bucket = free.bucket
      RETURNING b.bucket, b.epoch::float8 AS epoch, b.cursor_on::text, b.cursor_seq::float8 AS cursor_seq,
                b.bulk_on::text, b.bulk_seq::float8 AS bulk_seq,
                coalesce(free.owner <> ${value("owner", "text")}, false) AS abandoned`,
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

/** Hands buckets over to whoever takes them next. */
export const releaseBuckets = statement<{ owner: string; buckets: number[] }>(
  "lease_release",
  sql`UPDATE buckets SET owner = NULL, lease_end = '-infinity'
      WHERE owner = ${value("owner", "text")} AND bucket = ANY(${value("buckets", "smallint[]")})`,
)

/**
 * Buckets of ours with events past the cursor, a timer of the real clock that is due, a job, or
 * customers who were set aside and are to be tried again.
 */
export const findPending = statement<{ buckets: number[] }, { bucket: number; asked: boolean }>(
  "lease_find_pending",
  sql`SELECT * FROM (SELECT u.bucket,
        EXISTS (SELECT 1 FROM stuck s WHERE s.bucket = u.bucket AND s.asked IS NOT NULL) AS asked,
        EXISTS (SELECT 1 FROM buckets b JOIN bucket_heads h ON h.bucket = b.bucket
                WHERE b.bucket = u.bucket AND (h.head_seq > b.cursor_seq OR h.bulk_seq > b.bulk_seq))
        OR EXISTS (SELECT 1 FROM lagging l WHERE l.bucket = u.bucket)
        OR EXISTS (SELECT 1 FROM enrollments e
                   WHERE e.bucket = u.bucket AND e.clock = 0 AND e.wake_at <= clock_timestamp())
        OR EXISTS (SELECT 1 FROM run_jobs j WHERE j.bucket = u.bucket AND j.done_at IS NULL) AS work
      FROM unnest(${value("buckets", "smallint[]")}) AS u (bucket)) pending WHERE (work OR asked) AND NOT ${isHeld}`,
)

export const keepPartitions = statement<Record<string, never>>(
  "lease_keep_partitions",
  sql`SELECT keep_partitions('60 days')`,
)
