import { sql } from "drizzle-orm"
import { statement, value } from "../db/statement.ts"

const bucket = value("bucket", "smallint")

/** What is to be done to the customers inside a journey, bucket by bucket. */
export const JobKind = { resume: "resume", stop: "stop" } as const
export type JobKind = (typeof JobKind)[keyof typeof JobKind]

/** `most`: so many customers may be let go on now by the job's rate. */
export type JobRow = { id: string; journey_id: number; kind: JobKind; at: number; most: number | null }

/** Jobs of a bucket that can go on now, oldest first; a bucket has its share of a job's rate, and one more. */
export const readJobs = statement<{ bucket: number }, JobRow>(
  "job_read",
  sql`SELECT * FROM (
        SELECT id, journey_id, kind, (extract(epoch FROM at) * 1000)::float8 AS at, asked_at,
               (1 + per_minute / 60.0 * extract(epoch FROM clock_timestamp() - asked_at)
                  / (SELECT count(*) FROM buckets))::int - done_rows AS most
        FROM run_jobs WHERE bucket = ${bucket} AND done_at IS NULL) open
      WHERE most IS NULL OR most > 0 ORDER BY asked_at, id`,
)

export const addJobs = statement<{
  ids: string[]
  buckets: number[]
  journey: number
  workspace: number
  kind: JobKind
  at: string
  per_minute: number | null
}>(
  "job_add",
  sql`INSERT INTO run_jobs (id, bucket, journey_id, workspace_id, kind, asked_at, at, per_minute)
      SELECT u.id, u.bucket, ${value("journey", "int")}, ${value("workspace", "int")}, ${value("kind", "text")},
             clock_timestamp(), ${value("at", "timestamptz")}, ${value("per_minute", "int")}
      FROM unnest(${value("ids", "uuid[]")}, ${value("buckets", "smallint[]")}) AS u (id, bucket)`,
)

/** What was begun for a journey and is overtaken by what is asked for now. */
export const cancelJobs = statement<{ journey: number }>(
  "job_cancel",
  sql`UPDATE run_jobs SET done_at = clock_timestamp() WHERE journey_id = ${value("journey", "int")} AND done_at IS NULL`,
)

/** Answers with the job unless it was cancelled in the meantime; it cannot be until the transaction is over. */
export const lockJob = statement<{ id: string }, { id: string }>(
  "job_lock",
  sql`SELECT id FROM run_jobs WHERE id = ${value("id", "uuid")} AND done_at IS NULL FOR UPDATE`,
)

export const noteProgress = statement<{ id: string; rows: number; done: number }>(
  "job_progress",
  sql`UPDATE run_jobs SET done_rows = done_rows + ${value("rows", "int")},
        done_at = CASE WHEN ${value("done", "int")} = 1 THEN clock_timestamp() END
      WHERE id = ${value("id", "uuid")}`,
)

/** Gives held customers their instant back, some at a time; what is due then goes on as a late turn. */
export const releaseHeld = statement<{ bucket: number; journey: number; most: number }, { id: string }>(
  "job_release_held",
  sql`WITH part AS (SELECT id FROM enrollments
        WHERE bucket = ${bucket} AND journey_id = ${value("journey", "int")} AND held_at IS NOT NULL
        ORDER BY held_at LIMIT ${value("most", "int")})
      UPDATE enrollments e SET wake_at = e.held_at, held_at = NULL
      FROM part WHERE e.bucket = ${bucket} AND e.id = part.id RETURNING e.id`,
)

/** Profiles with an open enrollment of the journey, some at a time. */
export const findInside = statement<
  { bucket: number; journey: number; most: number },
  { profile_id: string; workspace_id: number }
>(
  "job_find_inside",
  sql`SELECT DISTINCT profile_id, workspace_id FROM (
        SELECT profile_id, workspace_id FROM enrollments
        WHERE bucket = ${bucket} AND journey_id = ${value("journey", "int")} AND ended_at IS NULL
        LIMIT ${value("most", "int")}) part`,
)

export const listBuckets = statement<Record<string, never>, { bucket: number }>(
  "job_list_buckets",
  sql`SELECT bucket FROM buckets ORDER BY bucket`,
)

export const setRunState = statement<
  { workspace: number; key: string; status: string },
  { id: number; status: string }
>(
  "run_set_state",
  sql`UPDATE journeys SET status = ${value("status", "text")}, updated_at = clock_timestamp()
      WHERE workspace_id = ${value("workspace", "int")} AND key = ${value("key", "text")}
      RETURNING id, status`,
)

export const findJourney = statement<
  { workspace: number; key: string },
  { id: number; status: string; live_version: number | null }
>(
  "run_find_journey",
  sql`SELECT id, status, live_version FROM journeys
      WHERE workspace_id = ${value("workspace", "int")} AND key = ${value("key", "text")} FOR UPDATE`,
)

export const bumpDefinitions = statement<Record<string, never>>(
  "run_bump_definitions",
  sql`UPDATE definitions SET revision = revision + 1`,
)
