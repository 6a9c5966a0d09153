import { sql } from "drizzle-orm"
import { statement, value } from "../db/statement.ts"

/** Adds to what this process did with providers in a minute. */
export const saveHealth = statement<{
  process: string
  minute: string
  providers: string[]
  sent: number[]
  refused: number[]
  later: number[]
  doubts: number[]
  errors: string[]
  latencies: string[]
  circuits: string[]
  waiting: number[]
  last_errors: (string | null)[]
  last_at: (string | null)[]
}>(
  "health_save",
  sql`INSERT INTO provider_health AS h (process, minute, provider, sent, refused, later, in_doubt, errors, latency,
                                        circuit, waiting, last_error, last_error_at)
      SELECT ${value("process", "uuid")}, ${value("minute", "timestamptz")}, u.provider, u.sent, u.refused, u.later, u.doubts,
             u.errors, u.latency::int[], u.circuit, u.waiting, u.last_error, u.last_at
      FROM unnest(${value("providers", "text[]")}, ${value("sent", "int[]")}, ${value("refused", "int[]")},
                  ${value("later", "int[]")}, ${value("doubts", "int[]")}, ${value("errors", "jsonb[]")}, ${value("latencies", "text[]")},
                  ${value("circuits", "text[]")}, ${value("waiting", "int[]")}, ${value("last_errors", "text[]")},
                  ${value("last_at", "timestamptz[]")})
        AS u (provider, sent, refused, later, doubts, errors, latency, circuit, waiting, last_error, last_at)
      ON CONFLICT (provider, minute, process) DO UPDATE
      SET sent = excluded.sent, refused = excluded.refused, later = excluded.later, in_doubt = excluded.in_doubt,
          errors = excluded.errors, latency = excluded.latency, circuit = excluded.circuit, waiting = excluded.waiting,
          last_error = coalesce(excluded.last_error, h.last_error),
          last_error_at = coalesce(excluded.last_error_at, h.last_error_at)`,
)

export const saveUsers = statement<{ providers: string[]; workspaces: number[] }>(
  "health_save_users",
  sql`INSERT INTO provider_users (provider, workspace_id)
      SELECT * FROM unnest(${value("providers", "text[]")}, ${value("workspaces", "int[]")}) AS u (provider, workspace_id)
      ORDER BY 2, 1 ON CONFLICT DO NOTHING`,
)

/** A month of minutes is kept. */
export const dropOldHealth = statement<Record<string, never>>(
  "health_drop_old",
  sql`DELETE FROM provider_health WHERE minute < clock_timestamp() - interval '30 days'`,
)
