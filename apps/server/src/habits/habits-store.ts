import type { JsonObject } from "@viaggio/journey-model"
import { sql } from "drizzle-orm"
import { statement, value } from "../db/statement.ts"

const ms = (column: string) => sql.raw(`round(date_part('epoch', ${column}) * 1000)`)
const bucket = value("bucket", "smallint")
const workspace = value("workspace", "int")
const since = value("since", "timestamptz")
/** Events recorded earlier cannot have happened since; a sandbox's clock stands apart from that. */
const recorded = sql`recorded_on >= ${value("recorded_from", "date")}`

type Asked = {
  bucket: number
  workspace: number
  since: string
  recorded_from: string
  names: number[]
  most: number
}

export const countCustomers = statement<{ bucket: number; workspace: number }, { n: number }>(
  "habits_count_customers",
  sql`SELECT count(*)::int AS n FROM profiles
      WHERE bucket = ${bucket} AND workspace_id = ${workspace} AND merged_into IS NULL`,
)

/** When customers of a bucket did some things, customer by customer in order of time. */
export const readTimes = statement<Asked, { profile_id: string; name_id: number; at: number }>(
  "habits_read_times",
  sql`SELECT profile_id, name_id, ${ms("occurred_at")} AS at FROM events
      WHERE bucket = ${bucket} AND workspace_id = ${workspace} AND occurred_at >= ${since} AND ${recorded}
        AND name_id = ANY(${value("names", "int[]")})
      ORDER BY profile_id, occurred_at LIMIT ${value("most", "int")}`,
)

/** The same with what the events said; those that were told as history let nobody in. */
export const readEvents = statement<
  Asked,
  { profile_id: string; at: number; message_id: string; properties: JsonObject | null }
>(
  "habits_read_events",
  sql`SELECT profile_id, ${ms("occurred_at")} AS at, message_id, body -> 'properties' AS properties FROM events
      WHERE bucket = ${bucket} AND workspace_id = ${workspace} AND mode = 0 AND occurred_at >= ${since} AND ${recorded}
        AND name_id = ANY(${value("names", "int[]")})
      ORDER BY profile_id, occurred_at LIMIT ${value("most", "int")}`,
)

export type SentRow = {
  profile_id: string
  sent_at: number
  opened_at: number | null
  clicked_at: number | null
  bounced_at: number | null
  unsubscribed_at: number | null
}

/** E-mails that left, with what became of them. */
export const readSent = statement<
  { bucket: number; workspace: number; since: string; most: number },
  SentRow
>(
  "habits_read_sent",
  sql`SELECT profile_id, ${ms("coalesce(sent_at, queued_at)")} AS sent_at, ${ms("opened_at")} AS opened_at,
             ${ms("clicked_at")} AS clicked_at, ${ms("bounced_at")} AS bounced_at, ${ms("unsubscribed_at")} AS unsubscribed_at
      FROM messages
      WHERE bucket = ${bucket} AND workspace_id = ${workspace} AND channel = 0 AND state = 2 AND queued_at >= ${since}
      ORDER BY profile_id, queued_at LIMIT ${value("most", "int")}`,
)

/** Customers of a bucket in an order that has nothing to do with them. */
export const readSample = statement<
  { bucket: number; workspace: number; attributes: string[]; names: number[]; most: number },
  {
    attributes: JsonObject
    digest: { name: number; count: number; first: number; last: number }[] | null
  }
>(
  "habits_read_sample",
  sql`SELECT (SELECT coalesce(jsonb_object_agg(k, p.attributes -> k), '{}')
              FROM unnest(${value("attributes", "text[]")}) AS k WHERE p.attributes ? k) AS attributes,
             (SELECT jsonb_agg(jsonb_build_object('name', d.name_id, 'count', d.count, 'first', ${ms("d.first_at")},
                                                  'last', ${ms("d.last_at")}))
              FROM profile_events d WHERE d.bucket = p.bucket AND d.profile_id = p.id
                AND d.name_id = ANY(${value("names", "int[]")})) AS digest
      FROM (SELECT * FROM profiles
            WHERE bucket = ${bucket} AND workspace_id = ${workspace} AND merged_into IS NULL
            ORDER BY md5(id::text) LIMIT ${value("most", "int")}) p`,
)

/** Who of some customers had been in a journey before an instant. */
export const readVisitors = statement<
  { bucket: number; workspace: number; key: string; profiles: string[]; since: string },
  { profile_id: string }
>(
  "habits_read_visitors",
  sql`SELECT DISTINCT e.profile_id FROM unnest(${value("profiles", "uuid[]")}) AS u (id)
      CROSS JOIN LATERAL (SELECT profile_id FROM enrollments
        WHERE bucket = ${bucket} AND profile_id = u.id
          AND journey_id = (SELECT id FROM journeys WHERE workspace_id = ${workspace} AND key = ${value("key", "text")})
          AND entered_at < ${since}
        LIMIT 1) e`,
)
