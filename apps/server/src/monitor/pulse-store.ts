import { sql } from "drizzle-orm"
import { isHeld } from "../db/held.ts"
import { statement, value } from "../db/statement.ts"

/** Counts stop at a number that means trouble anyway, so that nobody who looks makes it worse. */
export const MOST_COUNTED = 100_000
const most = sql.raw(String(MOST_COUNTED))
const MOST_OF_BUCKET = sql.raw(String(MOST_COUNTED / 10))

type None = Record<string, never>
const ms = (column: string) => sql.raw(`round(date_part('epoch', ${column}) * 1000)`)

const isAlive = sql.raw(`EXISTS (SELECT 1 FROM pg_locks l
  WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND l.classid::bigint = (w.owner::bigint >> 32) AND l.objid::bigint = (w.owner::bigint & 4294967295))`)

export type BucketRow = {
  bucket: number
  /** Null where nobody works it. */
  owner: string | null
  epoch: number
  /** Events taken in and not worked, of both logs. */
  events: number
  /** How long the first live one of them waits. */
  waiting_ms: number | null
  /** Waits on the real clock that have ended and were not run, and for how long the first of them. */
  timers: number
  late_ms: number | null
}

export const readBuckets = statement<None, BucketRow>(
  "pulse_buckets",
  sql`SELECT b.bucket, CASE WHEN b.lease_end > clock_timestamp() THEN b.owner END AS owner, b.epoch::float8 AS epoch,
             (greatest(h.head_seq - b.cursor_seq, 0) + greatest(h.bulk_seq - b.bulk_seq, 0))::float8 AS events,
             CASE WHEN h.head_seq > b.cursor_seq THEN (
               SELECT round(extract(epoch FROM clock_timestamp() - e.received_at) * 1000)::float8 FROM events e
               WHERE e.recorded_on >= b.cursor_on AND e.bucket = b.bucket AND e.seq > b.cursor_seq
               ORDER BY e.seq LIMIT 1) END AS waiting_ms,
             (SELECT count(*)::int FROM (SELECT 1 FROM enrollments e WHERE e.bucket = b.bucket AND e.clock = 0
                AND e.wake_at <= clock_timestamp() LIMIT ${MOST_OF_BUCKET}) due) AS timers,
             (SELECT round(extract(epoch FROM clock_timestamp() - min(e.wake_at)) * 1000)::float8 FROM enrollments e
              WHERE e.bucket = b.bucket AND e.clock = 0 AND e.wake_at <= clock_timestamp()) AS late_ms
      FROM buckets b JOIN bucket_heads h USING (bucket) ORDER BY b.bucket`,
)

export type WorkerRow = {
  owner: string
  release: string
  started_at: number
  seen_at: number
  alive: boolean
}

export const readWorkers = statement<None, WorkerRow>(
  "pulse_workers",
  sql`SELECT w.owner, w.release, ${ms("w.started_at")} AS started_at, ${ms("w.seen_at")} AS seen_at,
             w.seen_at > clock_timestamp() - interval '12 seconds' AND ${isAlive} AS alive
      FROM workers w ORDER BY w.started_at, w.owner`,
)

export type LagRow = { workspace_id: number; events: number }

/** Events not worked yet, by workspace. */
export const readLag = statement<None, LagRow>(
  "pulse_lag",
  sql`SELECT e.workspace_id, count(*)::float8 AS events
      FROM buckets b JOIN bucket_heads h USING (bucket)
      CROSS JOIN LATERAL (
        (SELECT e.workspace_id FROM events e
         WHERE h.head_seq > b.cursor_seq AND e.recorded_on >= b.cursor_on AND e.bucket = b.bucket
           AND e.seq > b.cursor_seq AND e.seq <= h.head_seq
         LIMIT ${MOST_OF_BUCKET})
        UNION ALL
        (SELECT e.workspace_id FROM events e
         WHERE h.bulk_seq > b.bulk_seq AND e.recorded_on >= b.bulk_on AND e.bucket = b.bucket
           AND e.seq > b.bulk_seq AND e.seq <= h.bulk_seq
         LIMIT ${MOST_OF_BUCKET})
        UNION ALL
        (SELECT l.workspace_id FROM lagging l JOIN events e
           ON e.recorded_on >= l.worked_on AND e.bucket = b.bucket AND e.seq > l.worked_seq
          AND e.seq <= b.cursor_seq AND e.workspace_id = l.workspace_id
         WHERE l.bucket = b.bucket LIMIT ${MOST_OF_BUCKET})) e
      GROUP BY 1`,
)

export type OutboxRow = { provider: string; state: number; messages: number; oldest_ms: number }

/** Messages on their way; `oldest_ms`: for how long the oldest of them is. */
export const readOutbox = statement<None, OutboxRow>(
  "pulse_outbox",
  sql`SELECT provider, state, count(*)::int AS messages,
             round(extract(epoch FROM clock_timestamp() - min(added_at)) * 1000)::float8 AS oldest_ms
      FROM (SELECT m.provider, m.state, m.added_at FROM buckets b
            CROSS JOIN LATERAL (SELECT provider, state, added_at FROM messages
              WHERE bucket = b.bucket AND is_open LIMIT ${MOST_OF_BUCKET}) m) open
      GROUP BY 1, 2 ORDER BY 1, 2`,
)

export type ProviderRow = {
  provider: string
  circuit: string
  waiting: number
  /** Of the last hour. */
  sent: number
  refused: number
  later: number
  last_error: string | null
  last_error_at: number | null
}

/** How providers do, over all processes. */
export const readProviders = statement<None, ProviderRow>(
  "pulse_providers",
  sql`SELECT provider,
             coalesce(max(circuit) FILTER (WHERE circuit = 'open' AND now), max(circuit) FILTER (WHERE circuit = 'half-open' AND now),
                      'closed') AS circuit,
             coalesce(sum(waiting) FILTER (WHERE now), 0)::int AS waiting, sum(sent)::int AS sent, sum(refused)::int AS refused,
             sum(later)::int AS later, (array_agg(last_error ORDER BY last_error_at DESC NULLS LAST))[1] AS last_error,
             ${ms("max(last_error_at)")} AS last_error_at
      FROM (SELECT *, minute > clock_timestamp() - interval '2 minutes' AS now FROM provider_health
            WHERE minute > clock_timestamp() - interval '1 hour') h
      GROUP BY 1 ORDER BY 1`,
)

export type RestRow = {
  stuck: number
  dead_letters: number
  mail: number
  merges: number
  default_rows: string[]
  held: boolean
  checked_at: number | null
  differences: number
}

/** What is there once. `default_rows`: tables whose rows found no partition. */
export const readRest = statement<None, RestRow>(
  "pulse_rest",
  sql`SELECT (SELECT count(*)::int FROM stuck) AS stuck,
             (SELECT count(*)::int FROM (SELECT 1 FROM messages WHERE reason IS NOT NULL LIMIT ${most}) m) AS dead_letters,
             (SELECT count(*)::int FROM (SELECT 1 FROM mail LIMIT ${most}) m) AS mail,
             (SELECT count(*)::int FROM merges WHERE state IN ('requested', 'agreed', 'taken', 'landed')) AS merges,
             array_remove(ARRAY[
               CASE WHEN EXISTS (SELECT 1 FROM events_default) THEN 'events' END,
               CASE WHEN EXISTS (SELECT 1 FROM steps_default) THEN 'steps' END,
               CASE WHEN EXISTS (SELECT 1 FROM seen_default) THEN 'seen' END], NULL) AS default_rows,
             ${isHeld} AS held, c.checked_at, coalesce(c.differences, 0) AS differences
      FROM (SELECT 1) one LEFT JOIN (
        SELECT ${ms("finished_at")} AS checked_at, jsonb_array_length(differences) AS differences
        FROM counter_checks WHERE finished_at IS NOT NULL ORDER BY id DESC LIMIT 1) c ON true`,
)

export type ConnectionRow = { name: string; state: string; connections: number }

/** Connections to this database by what they call themselves. */
export const readConnections = statement<None, ConnectionRow>(
  "pulse_connections",
  sql`SELECT regexp_replace(application_name, ' [0-9]+$', '') AS name, coalesce(state, 'unknown') AS state,
             count(*)::int AS connections
      FROM pg_stat_activity
      WHERE datname = current_database() AND application_name LIKE 'viaggio %' GROUP BY 1, 2 ORDER BY 1, 2`,
)

export const readWorkspaces = statement<None, { id: number; public_id: string }>(
  "pulse_workspaces",
  sql`SELECT id, public_id FROM workspaces ORDER BY id`,
)

/** A workspace's refused messages that nobody has sent again. */
export const countDeadLetters = statement<{ workspace: number }, { dead_letters: number }>(
  "pulse_dead_letters",
  sql`SELECT count(*)::int AS dead_letters FROM (SELECT 1 FROM messages
      WHERE workspace_id = ${value("workspace", "int")} AND reason IS NOT NULL LIMIT ${most}) m`,
)
