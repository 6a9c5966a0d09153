import { sql } from "drizzle-orm"
import type { Db } from "../db/client.ts"
import { statement, value } from "../db/statement.ts"

const bucket = value("bucket", "smallint")

/** Of the message counters, which begin at 1100, in their order. */
const messageMeasures = ["queued", "sent", "refused", "bounced", "opened", "clicked", "unsubscribed"] as const

/** What a counter says, or a part of it, and what the rows say that it counts. */
export type Compared = {
  version: number
  /** Number of the node in its version. */
  node: number
  what: "inside" | "entered" | "left and ended" | `messages ${(typeof messageMeasures)[number]}`
  counted: number
  actual: number
}

const waitForOthers = statement<Record<string, never>>(
  "check_wait",
  sql`SELECT pg_advisory_xact_lock(7264302)`,
)

const begin = statement<{ force: boolean }, { id: number }>(
  "check_begin",
  sql`INSERT INTO counter_checks (started_at)
      SELECT clock_timestamp() WHERE ${value("force", "boolean")} OR NOT EXISTS (
        SELECT 1 FROM counter_checks WHERE started_at > clock_timestamp() - interval '1 hour')
      RETURNING id::int`,
)

/** Notes that a check begins; undefined when one began within the hour, in whatever process. */
export const beginCheck = (db: Db, force: boolean): Promise<number | undefined> =>
  db.transaction(async tx => {
    await waitForOthers(tx, {})
    return (await begin(tx, { force }))[0]?.id
  })

export const listVersions = statement<Record<string, never>, { id: number }>(
  "check_versions",
  sql`SELECT id FROM journey_versions ORDER BY id`,
)

/**
 * One bucket's counters beside its enrollments and messages: how many came into each version, who stands at each
 * node, and, at each node, the arrivals with those inside, left and ended, and its messages with what became of them.
 * `entries`: the number of the entry of each version, for every enrollment arrived there once. Only the sums over all
 * buckets have to agree, for whoever merges takes their enrollments into another bucket and leaves the counters.
 * Calls of services are not counted as queued, and in sandboxes, where they are answered at once, not at all.
 */
export const compareBucket = statement<{ bucket: number; versions: number[]; entries: number[] }, Compared>(
  "check_compare",
  sql`WITH enrolled AS (
        SELECT version_id, node, count(*) AS n, count(*) FILTER (WHERE ended_at IS NULL) AS standing
        FROM enrollments WHERE bucket = ${bucket} GROUP BY 1, 2
      ), standing AS (
        SELECT version_id, node, standing AS n FROM enrolled WHERE standing <> 0
      ), inside_n AS (
        SELECT version_id, node, n FROM inside WHERE bucket = ${bucket} AND n <> 0
      ), counters AS (
        SELECT version_id, node,
               coalesce(sum(n) FILTER (WHERE measure = 1000), 0) AS entered,
               coalesce(sum(n) FILTER (WHERE measure < 1000), 0) AS gone
        FROM counter_totals WHERE bucket = ${bucket} GROUP BY 1, 2
      ), came AS (
        SELECT v.version_id, v.node,
               coalesce((SELECT sum(e.n) FROM enrolled e WHERE e.version_id = v.version_id), 0) AS n,
               coalesce((SELECT c.entered FROM counters c
                         WHERE c.version_id = v.version_id AND c.node = v.node), 0) AS counted
        FROM unnest(${value("versions", "int[]")}, ${value("entries", "int[]")}) AS v (version_id, node)
      ), mailed AS (
        SELECT version_id, node, count(*) FILTER (WHERE channel = 0) AS queued,
               count(*) FILTER (WHERE state = 2) AS sent, count(*) FILTER (WHERE state = 3) AS refused,
               count(bounced_at) AS bounced, count(opened_at) AS opened, count(clicked_at) AS clicked,
               count(unsubscribed_at) AS unsubscribed
        FROM messages WHERE bucket = ${bucket} AND (channel = 0 OR clock = 0) GROUP BY 1, 2
      ), mail_n AS (
        SELECT version_id, node, v.measure, v.n
        FROM mailed CROSS JOIN LATERAL (VALUES (1100, queued), (1101, sent), (1102, refused), (1103, bounced),
          (1104, opened), (1105, clicked), (1106, unsubscribed)) AS v (measure, n)
      ), mail_counters AS (
        SELECT version_id, node, measure::int AS measure, n FROM counter_totals
        WHERE bucket = ${bucket} AND measure BETWEEN 1100 AND 1106
      )
      SELECT version_id AS version, node, 'entered' AS what, counted::float8 AS counted, n::float8 AS actual
      FROM came
      UNION ALL
      SELECT coalesce(s.version_id, i.version_id), coalesce(s.node, i.node), 'inside',
             coalesce(i.n, 0)::float8, coalesce(s.n, 0)::float8
      FROM standing s FULL JOIN inside_n i ON i.version_id = s.version_id AND i.node = s.node
      UNION ALL
      SELECT coalesce(c.version_id, i.version_id), coalesce(c.node, i.node), 'left and ended',
             coalesce(c.gone, 0)::float8, (coalesce(c.entered, 0) - coalesce(i.n, 0))::float8
      FROM counters c FULL JOIN inside_n i ON i.version_id = c.version_id AND i.node = c.node
      UNION ALL
      SELECT coalesce(m.version_id, c.version_id), coalesce(m.node, c.node),
             'messages ' || (${sql.raw(`ARRAY['${messageMeasures.join("', '")}']`)})[coalesce(m.measure, c.measure) - 1099],
             coalesce(c.n, 0)::float8, coalesce(m.n, 0)::float8
      FROM mail_n m FULL JOIN mail_counters c
        ON c.version_id = m.version_id AND c.node = m.node AND c.measure = m.measure`,
)

/** Enrollments of people who are being merged that are on their way from one bucket to another. */
export const findParcels = statement<{ versions: number[]; entries: number[] }, Compared>(
  "check_parcels",
  sql`WITH enrolled AS (
        SELECT (e ->> 'version_id')::int AS version_id, (e ->> 'node')::int AS node, e ->> 'ended_at' IS NULL AS is_open
        FROM merges m CROSS JOIN jsonb_array_elements(m.loser_image -> 'enrollments') AS e WHERE m.state = 'taken'
      )
      SELECT v.version_id AS version, v.node, 'entered' AS what, 0::float8 AS counted, count(*)::float8 AS actual
      FROM unnest(${value("versions", "int[]")}, ${value("entries", "int[]")}) AS v (version_id, node)
      JOIN enrolled e ON e.version_id = v.version_id GROUP BY 1, 2
      UNION ALL
      SELECT version_id, node, 'inside', 0, count(*)::float8 FROM enrolled WHERE is_open GROUP BY 1, 2`,
)

export const endCheck = statement<{ id: number; differences: string }>(
  "check_end",
  sql`WITH old AS (DELETE FROM counter_checks WHERE started_at < clock_timestamp() - interval '30 days')
      UPDATE counter_checks SET finished_at = clock_timestamp(), differences = ${value("differences", "jsonb")}
      WHERE id = ${value("id", "bigint")}`,
)

export const readCheck = statement<Record<string, never>, { at: number; differences: Compared[] }>(
  "check_read",
  sql`SELECT round(extract(epoch FROM finished_at) * 1000)::float8 AS at, differences FROM counter_checks
      WHERE finished_at IS NOT NULL ORDER BY id DESC LIMIT 1`,
)
