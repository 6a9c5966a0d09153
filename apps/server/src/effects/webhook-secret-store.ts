import type { EpochMs } from "@viaggio/journey-model"
import { sql } from "drizzle-orm"
import { statement, value } from "../db/statement.ts"

export type SecretRow = { secret: string; previous: string | null; rotated_at: EpochMs | null }

const columns = sql.raw("secret, previous, (extract(epoch FROM rotated_at) * 1000)::float8 AS rotated_at")

export const findSecret = statement<{ workspace: number }, SecretRow>(
  "webhook_find_secret",
  sql`SELECT ${columns} FROM webhook_secrets WHERE workspace_id = ${value("workspace", "int")}`,
)

/** Keeps the first secret; whoever was a moment later reads that one. */
export const addSecret = statement<{ workspace: number; secret: string }>(
  "webhook_add_secret",
  sql`INSERT INTO webhook_secrets (workspace_id, secret) VALUES (${value("workspace", "int")}, ${value("secret", "text")})
      ON CONFLICT (workspace_id) DO NOTHING`,
)

export const changeSecret = statement<{ workspace: number; secret: string; at: string }, SecretRow>(
  "webhook_change_secret",
  sql`UPDATE webhook_secrets SET previous = secret, secret = ${value("secret", "text")},
             rotated_at = ${value("at", "timestamptz")}
      WHERE workspace_id = ${value("workspace", "int")} RETURNING ${columns}`,
)
