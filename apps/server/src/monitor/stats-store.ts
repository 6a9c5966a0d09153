import { sql } from "drizzle-orm"
import { statement, value } from "../db/statement.ts"

export type CountRow = { version_id: number; node: number; measure: number; n: number }

/** Stands for "inside" among the measures of one answer. */
export const INSIDE = -1000

/** Counters and customers inside of some versions, over all buckets and of one moment. */
export const readCounts = statement<{ versions: number[] }, CountRow>(
  "stats_read_counts",
  sql`SELECT version_id, node::int AS node, measure::int AS measure, sum(n)::float8 AS n FROM counter_totals
      WHERE version_id = ANY(${value("versions", "int[]")}) GROUP BY 1, 2, 3
      UNION ALL
      SELECT version_id, node::int, -1000, sum(n)::float8 FROM inside
      WHERE version_id = ANY(${value("versions", "int[]")}) GROUP BY 1, 2`,
)

export type VersionRow = { id: number; number: number; is_live: boolean }

export const readVersions = statement<
  { workspace: number; key: string },
  VersionRow & { journey_id: number }
>(
  "stats_read_versions",
  sql`SELECT j.id AS journey_id, v.id, v.number, v.number = j.live_version AS is_live
      FROM journeys j LEFT JOIN journey_versions v ON v.journey_id = j.id
      WHERE j.workspace_id = ${value("workspace", "int")} AND j.key = ${value("key", "text")}
      ORDER BY v.number DESC NULLS LAST`,
)

/** Who stands inside of each version of a journey. */
export const readInsideByVersion = statement<
  { workspace: number; key: string },
  { number: number; inside: number }
>(
  "stats_read_inside_by_version",
  sql`SELECT v.number, coalesce((SELECT sum(n) FROM inside i WHERE i.version_id = v.id), 0)::float8 AS inside
      FROM journeys j JOIN journey_versions v ON v.journey_id = j.id
      WHERE j.workspace_id = ${value("workspace", "int")} AND j.key = ${value("key", "text")}
      ORDER BY v.number DESC`,
)

export type SummaryRow = {
  journey_id: number
  inside: number
  entered: number
  failed: number
  entered24h: number
}

export const readSummaries = statement<{ workspace: number; since: string }, SummaryRow>(
  "stats_read_summaries",
  sql`SELECT v.journey_id,
             coalesce(sum((SELECT sum(n) FROM inside i WHERE i.version_id = v.id)), 0)::float8 AS inside,
             coalesce(sum((SELECT sum(n) FROM counter_totals c WHERE c.version_id = v.id AND c.measure = 1001)), 0)::float8 AS failed,
             coalesce(sum((SELECT sum(n) FROM counter_hours h WHERE h.version_id = v.id AND h.measure = 1000
                           AND h.hour >= ${value("since", "timestamptz")})), 0)::float8 AS entered24h,
             coalesce(sum((SELECT sum(n) FROM counter_hours h WHERE h.version_id = v.id AND h.measure = 1000)), 0)::float8 AS entered
      FROM journey_versions v WHERE v.workspace_id = ${value("workspace", "int")} GROUP BY v.journey_id`,
)
