import type { JsonObject } from "@viaggio/journey-model"
import { sql } from "drizzle-orm"
import { statement, value } from "../db/statement.ts"
import type { Parcel } from "../engine/merge-store.ts"

const ms = (column: string) => sql.raw(`round(date_part('epoch', ${column}) * 1000)`)

export const readBuckets = statement<Record<string, never>, { bucket: number }>(
  "survey_buckets",
  sql`SELECT bucket FROM buckets ORDER BY bucket`,
)

/** Ids of event names that were seen; unlike the door it makes none. */
export const findNames = statement<{ workspace: number; names: string[] }, { id: number; name: string }>(
  "survey_find_names",
  sql`SELECT id, name FROM event_names
      WHERE workspace_id = ${value("workspace", "int")} AND name = ANY(${value("names", "text[]")})`,
)

export type SurveyedRow = { id: string; attributes: JsonObject; absorbed: Parcel["absorbed"] }

/** Some customers of a bucket, in the order of their ids, from the one after `after`. */
export const readCustomers = statement<
  { bucket: number; workspace: number; after: string; most: number },
  SurveyedRow
>(
  "survey_read_customers",
  sql`SELECT id, attributes, coalesce(absorbed, '[]') AS absorbed FROM profiles
      WHERE bucket = ${value("bucket", "smallint")} AND id > ${value("after", "uuid")}
        AND workspace_id = ${value("workspace", "int")} AND merged_into IS NULL
      ORDER BY id LIMIT ${value("most", "int")}`,
)

/** Some customers of a bucket; those who became part of another are left out. */
export const readSurveyed = statement<{ bucket: number; ids: string[] }, SurveyedRow>(
  "survey_read_some",
  sql`SELECT id, attributes, coalesce(absorbed, '[]') AS absorbed FROM profiles
      WHERE bucket = ${value("bucket", "smallint")} AND id = ANY(${value("ids", "uuid[]")}) AND merged_into IS NULL`,
)

/** The newest event of a name that a customer has. */
export const readNewestEvent = statement<
  { buckets: number[]; ids: string[]; name: number },
  { at: number; message_id: string; properties: JsonObject | null }
>(
  "survey_newest_event",
  sql`SELECT ${ms("e.occurred_at")} AS at, e.message_id, e.body -> 'properties' AS properties
      FROM unnest(${value("buckets", "smallint[]")}, ${value("ids", "uuid[]")}) AS u (bucket, id)
      CROSS JOIN LATERAL (
        SELECT occurred_at, message_id, body FROM events
        WHERE bucket = u.bucket AND profile_id = u.id AND name_id = ${value("name", "int")}
        ORDER BY occurred_at DESC LIMIT 1) e
      ORDER BY e.occurred_at DESC LIMIT 1`,
)
