import type { EpochMs, Json } from "@viaggio/journey-model"
import { sql } from "drizzle-orm"
import type { Db } from "../db/client.ts"
import { statement, value } from "../db/statement.ts"

const instant = (at: EpochMs): string => new Date(at).toISOString()

const upsertEvents = statement<{ workspaces: number[]; names: number[]; counts: number[]; seen: string[] }>(
  "catalogue_add_events",
  sql`INSERT INTO catalogue_events (workspace_id, name_id, count, last_seen_at)
      SELECT * FROM unnest(${value("workspaces", "int[]")}, ${value("names", "int[]")},
                           ${value("counts", "bigint[]")}, ${value("seen", "timestamptz[]")})
      ON CONFLICT (workspace_id, name_id) DO UPDATE
        SET count = catalogue_events.count + excluded.count,
            last_seen_at = greatest(catalogue_events.last_seen_at, excluded.last_seen_at)`,
)

export const addEvents = (
  db: Db,
  rows: readonly { workspace: number; nameId: number; count: number; seenAt: EpochMs }[],
) =>
  rows.length === 0
    ? Promise.resolve([])
    : upsertEvents(db, {
        workspaces: rows.map(r => r.workspace),
        names: rows.map(r => r.nameId),
        counts: rows.map(r => r.count),
        seen: rows.map(r => instant(r.seenAt)),
      })

/** Paths kept of one event's properties, and of a workspace's attributes; a path beyond them is not learned. */
export const MOST_PATHS = 1_000

const upsertValues = statement<{
  workspaces: number[]
  names: number[]
  paths: string[]
  types: string[]
  seen: string[]
  samples: string[]
  most: number
}>(
  "catalogue_add_values",
  sql`INSERT INTO catalogue_values AS v (workspace_id, name_id, path, type, last_seen_at, samples)
      SELECT workspace_id, name_id, path, type, seen, samples
      FROM (SELECT *, row_number() OVER (PARTITION BY workspace_id, name_id) AS n
            FROM unnest(${value("workspaces", "int[]")}, ${value("names", "int[]")}, ${value("paths", "text[]")},
                        ${value("types", "text[]")}, ${value("seen", "timestamptz[]")}, ${value("samples", "jsonb[]")})
              AS v (workspace_id, name_id, path, type, seen, samples)) u
      WHERE EXISTS (SELECT FROM catalogue_values o
                    WHERE o.workspace_id = u.workspace_id AND o.name_id = u.name_id AND o.path = u.path)
         OR u.n + (SELECT count(*) FROM catalogue_values o
                   WHERE o.workspace_id = u.workspace_id AND o.name_id = u.name_id) <= ${value("most", "int")}
      ON CONFLICT (workspace_id, name_id, path) DO UPDATE
        SET type = excluded.type, last_seen_at = greatest(v.last_seen_at, excluded.last_seen_at),
            samples = (SELECT coalesce(jsonb_agg(s), '[]') FROM (
              SELECT s FROM jsonb_array_elements(excluded.samples || v.samples) WITH ORDINALITY AS e (s, i)
              GROUP BY s ORDER BY min(i) LIMIT 3) kept (s))`,
)

export const addValues = (
  db: Db,
  rows: readonly {
    workspace: number
    nameId: number
    path: string
    type: string
    seenAt: EpochMs
    samples: Json[]
  }[],
) =>
  rows.length === 0
    ? Promise.resolve([])
    : upsertValues(db, {
        workspaces: rows.map(r => r.workspace),
        names: rows.map(r => r.nameId),
        paths: rows.map(r => r.path),
        types: rows.map(r => r.type),
        seen: rows.map(r => instant(r.seenAt)),
        samples: rows.map(r => JSON.stringify(r.samples)),
        most: MOST_PATHS,
      })

export type CatalogueEventRow = { id: number; name: string; count: number; seen: number }
export type CatalogueValueRow = { name_id: number; path: string; type: string; seen: number; samples: Json[] }

export const listEvents = statement<{ workspace: number }, CatalogueEventRow>(
  "catalogue_list_events",
  sql`SELECT n.id, n.name, e.count::float8 AS count, (extract(epoch FROM e.last_seen_at) * 1000)::float8 AS seen
      FROM catalogue_events e JOIN event_names n ON n.id = e.name_id
      WHERE e.workspace_id = ${value("workspace", "int")} ORDER BY e.count DESC, n.name LIMIT 2000`,
)

export const listValues = statement<{ workspace: number }, CatalogueValueRow>(
  "catalogue_list_values",
  sql`SELECT name_id, path, type, (extract(epoch FROM last_seen_at) * 1000)::float8 AS seen, samples
      FROM catalogue_values WHERE workspace_id = ${value("workspace", "int")} ORDER BY name_id, path LIMIT 20000`,
)
