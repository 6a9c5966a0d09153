import { sql } from "drizzle-orm"
import { statement, value } from "../db/statement.ts"

const bucket = value("bucket", "smallint")

/** Passes events of this bucket on to other buckets, with their own ids and times. */
export const forward = statement<{ bucket: number; seqs: number[]; days: string[]; intos: string[] }>(
  "mail_forward",
  sql`INSERT INTO mail (from_bucket, to_bucket, workspace_id, profile_id, kind, name_id, occurred_at, received_at,
                        message_id, body, mode)
      SELECT ${bucket}, profile_bucket(u.into_id), e.workspace_id, u.into_id, e.kind, e.name_id, e.occurred_at,
             e.received_at, e.message_id, e.body, e.mode
      FROM unnest(${value("seqs", "bigint[]")}, ${value("days", "date[]")}, ${value("intos", "uuid[]")})
        AS u (seq, day, into_id)
      JOIN events e ON e.recorded_on = u.day AND e.bucket = ${bucket} AND e.seq = u.seq
      ORDER BY u.seq`,
)

/** Buckets of ours that have mail to be brought. */
export const findSenders = statement<{ buckets: number[] }, { bucket: number }>(
  "mail_find_senders",
  sql`SELECT u.bucket FROM unnest(${value("buckets", "smallint[]")}) AS u (bucket)
      WHERE EXISTS (SELECT 1 FROM mail m WHERE m.from_bucket = u.bucket)`,
)

/** The oldest mail of a bucket; who asks at the same time waits, and then finds what is left. */
export const claimMail = statement<{ bucket: number; most: number }, { seq: number; to_bucket: number }>(
  "mail_claim",
  sql`SELECT seq::float8 AS seq, to_bucket FROM mail WHERE from_bucket = ${bucket}
      ORDER BY seq LIMIT ${value("most", "int")} FOR UPDATE`,
)

/** Appends mail to the receivers' logs under the numbers given, and drops it. */
export const bringMail = statement<{ bucket: number; seqs: number[]; days: string[]; numbers: number[] }>(
  "mail_bring",
  sql`WITH brought AS (
        DELETE FROM mail m USING unnest(${value("seqs", "bigint[]")}, ${value("days", "date[]")},
                                        ${value("numbers", "bigint[]")}) AS u (seq, day, number)
        WHERE m.from_bucket = ${bucket} AND m.seq = u.seq
        RETURNING u.day, u.number, m.*)
      INSERT INTO events (recorded_on, bucket, seq, workspace_id, profile_id, kind, name_id, occurred_at,
                          received_at, message_id, body, mode)
      SELECT day, to_bucket, number, workspace_id, profile_id, kind, name_id, occurred_at, received_at, message_id, body, mode
      FROM brought`,
)
