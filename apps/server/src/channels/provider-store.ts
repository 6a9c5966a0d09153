import { sql } from "drizzle-orm"
import { statement, value } from "../db/statement.ts"

const ms = (column: string) => sql.raw(`round(date_part('epoch', ${column}) * 1000)`)

export type HealthRow = {
  provider: string
  minute: number
  is_now: boolean
  sent: number
  refused: number
  later: number
  in_doubt: number
  errors: Record<string, number>
  latency: number[]
  circuit: string
  last_error: string | null
  last_error_at: number | null
}

/** What every process did in the last hour with the providers that a workspace uses, by minute. */
export const readHealth = statement<{ workspace: number }, HealthRow>(
  "provider_read_health",
  sql`SELECT h.provider, ${ms("h.minute")} AS minute, h.minute > clock_timestamp() - interval '2 minutes' AS is_now,
             h.sent, h.refused, h.later, h.in_doubt, h.errors, h.latency, h.circuit, h.last_error,
             ${ms("h.last_error_at")} AS last_error_at
      FROM provider_users u JOIN provider_health h ON h.provider = u.provider
      WHERE u.workspace_id = ${value("workspace", "int")} AND h.minute > clock_timestamp() - interval '1 hour'
      ORDER BY h.provider, h.minute, h.process`,
)

/** The providers that a workspace uses, with their limit and how many of its messages wait for each. */
export const readProviders = statement<
  { workspace: number },
  { provider: string; per_second: number | null; queued: number }
>(
  "provider_read",
  sql`SELECT u.provider, r.permits AS per_second,
             (SELECT count(*)::int FROM (
                SELECT 1 FROM messages m
                WHERE m.bucket = ANY(ARRAY(SELECT b.bucket FROM buckets b)) AND m.is_open AND m.provider = u.provider
                  AND m.workspace_id = u.workspace_id LIMIT 10000) w) AS queued
      FROM provider_users u LEFT JOIN resources r ON r.key = 'provider:' || u.provider
      WHERE u.workspace_id = ${value("workspace", "int")} ORDER BY u.provider`,
)
