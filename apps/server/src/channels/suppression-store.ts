import { sql } from "drizzle-orm"
import { statement, value } from "../db/statement.ts"

const ms = (column: string) => sql.raw(`round(date_part('epoch', ${column}) * 1000)`)

export type SuppressionRow = { address: string; reason: string; at: number; source: string }

type Keys = { slots: number[]; workspaces: number[]; addresses: string[] }

/** What stands against some addresses of workspaces. */
export const findSuppressions = statement<
  Keys,
  { workspace_id: number; address: string; reason: string; at: number }
>(
  "suppression_find",
  sql`SELECT s.workspace_id, s.address, s.reason, ${ms("s.at")} AS at
      FROM unnest(${value("slots", "smallint[]")}, ${value("workspaces", "int[]")}, ${value("addresses", "text[]")})
        AS u (slot, workspace_id, address)
      JOIN suppressions s ON s.slot = u.slot AND s.workspace_id = u.workspace_id AND s.address = u.address`,
)

/** Adds entries; one that stands already keeps its time and source. */
export const addSuppressions = statement<Keys & { reasons: string[]; times: string[]; sources: string[] }>(
  "suppression_add",
  sql`INSERT INTO suppressions (slot, workspace_id, address, reason, at, source)
      SELECT * FROM unnest(${value("slots", "smallint[]")}, ${value("workspaces", "int[]")}, ${value("addresses", "text[]")},
        ${value("reasons", "text[]")}, ${value("times", "timestamptz[]")}, ${value("sources", "text[]")})
        AS u (slot, workspace_id, address, reason, at, source)
      ORDER BY 1, 2, 3, 4 ON CONFLICT DO NOTHING`,
)

/** Takes an address off, for one reason or for all (null); answers the reasons that stood. */
export const removeSuppressions = statement<
  { slot: number; workspace: number; address: string; reason: string | null },
  { reason: string }
>(
  "suppression_remove",
  sql`DELETE FROM suppressions
      WHERE slot = ${value("slot", "smallint")} AND workspace_id = ${value("workspace", "int")}
        AND address = ${value("address", "text")}
        AND (${value("reason", "text")} IS NULL OR reason = ${value("reason", "text")})
      RETURNING reason`,
)

/** Newest first; `search` is a piece of an address with % around it, or null. */
export const listSuppressions = statement<
  { workspace: number; search: string | null; before_at: string; before_address: string; most: number },
  SuppressionRow
>(
  "suppression_list",
  sql`SELECT address, reason, ${ms("at")} AS at, source FROM suppressions
      WHERE workspace_id = ${value("workspace", "int")}
        AND (at, address) < (${value("before_at", "timestamptz")}, ${value("before_address", "text")})
        AND (${value("search", "text")} IS NULL OR address LIKE ${value("search", "text")})
      ORDER BY at DESC, address DESC LIMIT ${value("most", "int")}`,
)

/** Who holds an address, and is to know in their own log that it gets no mail. */
export const findHolder = statement<
  { slot: number; workspace: number; kind: number; value: string },
  { bucket: number; id: string }
>(
  "suppression_find_holder",
  sql`SELECT profile_bucket AS bucket, profile_id AS id FROM identities
      WHERE slot = ${value("slot", "smallint")} AND workspace_id = ${value("workspace", "int")}
        AND kind = ${value("kind", "smallint")} AND value = ${value("value", "text")}`,
)
