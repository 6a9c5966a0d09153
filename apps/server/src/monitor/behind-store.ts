import type { JsonObject } from "@viaggio/journey-model"
import { type SQL, sql } from "drizzle-orm"
import { statement, value } from "../db/statement.ts"

const ms = (column: string) => sql.raw(`round(date_part('epoch', ${column}) * 1000)`)

/** Nodes by version and number, as two arrays side by side. */
type Nodes = { versions: number[]; nodes: number[] }
const isOneOf = (version: SQL, node: SQL) =>
  sql`EXISTS (SELECT FROM unnest(${value("versions", "int[]")}, ${value("nodes", "int[]")}) AS w (version, node)
              WHERE w.version = ${version} AND w.node = ${node})`

// Cursors are instants as the database has them, in text: milliseconds would lose a part.

export type InsideRow = {
  bucket: number
  id: string
  profile_id: string
  version_id: number
  node: number
  at: number
  arrived_at: string
  wake_at: number | null
}

/** Who stands at some nodes, the latest arrival first. */
export const readInside = statement<
  Nodes & { workspace: number; before: string; before_id: string; most: number },
  InsideRow
>(
  "behind_inside",
  sql`SELECT e.bucket, e.id, e.profile_id, e.version_id, e.node, ${ms("e.arrived_at")} AS at,
             e.arrived_at::text AS arrived_at, ${ms("e.wake_at")} AS wake_at
      FROM enrollments e
      WHERE e.ended_at IS NULL AND e.workspace_id = ${value("workspace", "int")}
        AND e.version_id = ANY(${value("versions", "int[]")}) AND ${isOneOf(sql`e.version_id`, sql`e.node`)}
        AND (e.arrived_at, e.id) < (${value("before", "timestamptz")}, ${value("before_id", "uuid")})
      ORDER BY e.arrived_at DESC, e.id DESC LIMIT ${value("most", "int")}`,
)

export type StepRow = {
  bucket: number
  seq: number
  visit: number
  version_id: number
  node: number
  outcome: number
  enrollment_id: string
  /** Null where the enrollment moved on to another customer's place. */
  profile_id: string | null
  at: number
  worked_at: string
  note: { because?: JsonObject; error?: string } | null
}

/**
 * Steps that left or ended nodes in some ways (`codes` as in `steps.outcomes`, side by side with the nodes), those
 * that were worked last first. Each bucket's log is read backwards and no further than it must.
 */
export const readSteps = statement<
  Nodes & {
    workspace: number
    codes: number[]
    failed: boolean
    before: string
    before_bucket: number
    before_seq: number
    before_visit: number
    most: number
  },
  StepRow
>(
  "behind_steps",
  sql`SELECT b.bucket, f.seq::float8 AS seq, f.visit, f.version_id, f.node, f.outcome, f.enrollment_id,
             e.profile_id, ${ms("f.left_at")} AS at, f.worked_at::text AS worked_at, f.note
      FROM buckets b CROSS JOIN LATERAL (
        SELECT s.seq, s.version_id, s.enrollment_id, s.left_at, s.worked_at, u.node, u.outcome,
               s.first_visit + (u.i - 1)::int AS visit, s.notes -> (s.first_visit + (u.i - 1)::int)::text AS note
        FROM steps s CROSS JOIN LATERAL unnest(s.nodes, s.outcomes) WITH ORDINALITY AS u (node, outcome, i)
        WHERE s.bucket = b.bucket AND s.workspace_id = ${value("workspace", "int")}
          AND s.version_id = ANY(${value("versions", "int[]")})
          AND EXISTS (SELECT FROM unnest(${value("versions", "int[]")}, ${value("nodes", "int[]")},
                                         ${value("codes", "int[]")}) AS w (version, node, code)
                      WHERE w.version = s.version_id AND w.node = u.node AND w.code = u.outcome)
          AND (NOT ${value("failed", "boolean")}
               OR s.notes -> (s.first_visit + (u.i - 1)::int)::text ->> 'error' IS NOT NULL)
          AND (s.worked_at, s.bucket::int, s.seq, s.first_visit + (u.i - 1)::int)
              < (${value("before", "timestamptz")}, ${value("before_bucket", "int")}, ${value("before_seq", "bigint")},
                 ${value("before_visit", "int")})
        ORDER BY s.seq DESC, u.i DESC LIMIT ${value("most", "int")}) f
      LEFT JOIN enrollments e ON e.bucket = b.bucket AND e.id = f.enrollment_id
      ORDER BY f.worked_at DESC, b.bucket DESC, f.seq DESC, f.visit DESC LIMIT ${value("most", "int")}`,
)

/** Enrollments that are not where their steps are, because their customer was merged into another. */
export const findMoved = statement<{ ids: string[] }, { id: string; bucket: number; profile_id: string }>(
  "behind_find_moved",
  sql`SELECT e.id, e.bucket, e.profile_id FROM enrollments e
      WHERE e.bucket = ANY(ARRAY(SELECT b.bucket FROM buckets b)) AND e.id = ANY(${value("ids", "uuid[]")})`,
)

export type SentRow = {
  bucket: number
  id: string
  profile_id: string
  version_id: number
  node: number
  at: number
  queued_at: string
  error: string | null
}

/** Messages of some nodes of which something is true, the latest first; `state` is one of a message's numbers. */
export const readMessages = statement<
  Nodes & { workspace: number; state: string; before: string; before_id: string; most: number },
  SentRow
>(
  "behind_messages",
  sql`SELECT m.bucket, m.id, m.profile_id, m.version_id, m.node, m.error, m.queued_at::text AS queued_at,
             ${ms("CASE s.state WHEN 'sent' THEN coalesce(m.sent_at, m.queued_at) WHEN 'bounced' THEN m.bounced_at WHEN 'opened' THEN m.opened_at WHEN 'clicked' THEN m.clicked_at WHEN 'unsubscribed' THEN m.unsubscribed_at ELSE m.queued_at END")} AS at
      FROM messages m CROSS JOIN (SELECT ${value("state", "text")} AS state) s
      WHERE m.workspace_id = ${value("workspace", "int")} AND m.version_id = ANY(${value("versions", "int[]")})
        AND ${isOneOf(sql`m.version_id`, sql`m.node`)}
        AND CASE s.state WHEN 'sent' THEN m.state = 2 WHEN 'refused' THEN m.state = 3 WHEN 'queued' THEN m.state < 2
                         WHEN 'bounced' THEN m.bounced_at IS NOT NULL WHEN 'opened' THEN m.opened_at IS NOT NULL
                         WHEN 'clicked' THEN m.clicked_at IS NOT NULL ELSE m.unsubscribed_at IS NOT NULL END
        AND (m.queued_at, m.id) < (${value("before", "timestamptz")}, ${value("before_id", "uuid")})
      ORDER BY m.queued_at DESC, m.id DESC LIMIT ${value("most", "int")}`,
)
