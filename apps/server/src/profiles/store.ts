import type { JsonObject } from "@viaggio/journey-model"
import { sql } from "drizzle-orm"
import { statement, value } from "../db/statement.ts"
import { BULK_FROM } from "../engine/log.ts"
import type { Parcel } from "../engine/merge-store.ts"

const ms = (column: string) => sql.raw(`round(date_part('epoch', ${column}) * 1000)`)
const workspace = value("workspace", "int")
const bucket = value("bucket", "smallint")
const id = value("id", "uuid")

export type PersonRow = { bucket: number; id: string }

export const findByIdentity = statement<
  { slot: number; workspace: number; kind: number; value: string },
  PersonRow
>(
  "profile_find_by_identity",
  sql`SELECT profile_bucket AS bucket, profile_id AS id FROM identities
      WHERE slot = ${value("slot", "smallint")} AND workspace_id = ${workspace}
        AND kind = ${value("kind", "smallint")} AND value = ${value("value", "text")}`,
)

export type ProfileRow = {
  bucket: number
  id: string
  attributes: JsonObject
  value_times: Record<string, number>
  created_at: number
  updated_at: number
  seen_at: number
}

/** The profile itself, or the one that it became part of. */
export const readProfile = statement<
  { workspace: number; bucket: number; id: string },
  ProfileRow & { absorbed: Parcel["absorbed"] }
>(
  "profile_read",
  sql`WITH RECURSIVE path AS (
        SELECT p.*, 0 AS hops FROM profiles p WHERE p.bucket = ${bucket} AND p.id = ${id} AND p.workspace_id = ${workspace}
        UNION ALL
        SELECT p.*, path.hops + 1 FROM path CROSS JOIN LATERAL (
          SELECT * FROM profiles WHERE bucket = profile_bucket(path.merged_into) AND id = path.merged_into LIMIT 1) p)
      SELECT bucket, id, attributes, value_times, ${ms("created_at")} AS created_at, ${ms("updated_at")} AS updated_at,
             ${ms("last_stimulus_at")} AS seen_at, coalesce(absorbed, '[]') AS absorbed
      FROM path ORDER BY hops DESC LIMIT 1`,
)

export type MergeRow = { id: string; state: string; because: string; at: number; other: string }

/** Merges that a profile took part in or was refused, newest first. */
export const readMerges = statement<{ ids: string[] }, MergeRow>(
  "profile_read_merges",
  sql`SELECT DISTINCT ON (m.requested_at, m.id) m.id, m.state, m.because, ${ms("m.requested_at")} AS at,
             CASE WHEN m.survivor_id = ANY(${value("ids", "uuid[]")}) THEN m.loser_id ELSE m.survivor_id END AS other
      FROM (SELECT * FROM merges WHERE survivor_id = ANY(${value("ids", "uuid[]")})
            UNION SELECT * FROM merges WHERE loser_id = ANY(${value("ids", "uuid[]")})) m
      WHERE m.state <> 'joined' ORDER BY m.requested_at DESC, m.id LIMIT 100`,
)

export const readIdentities = statement<{ bucket: number; id: string }, { kind: number; value: string }>(
  "profile_read_identities",
  sql`SELECT kind, value FROM identities WHERE profile_bucket = ${bucket} AND profile_id = ${id} ORDER BY kind, value`,
)

/** Events of exactly these instants that said values, with the names of the attributes. */
export const readTraitEvents = statement<
  { buckets: number[]; ids: string[]; times: string[] },
  { at: number; name: string | null; message_id: string; sent_by: string | null; attributes: string[] }
>(
  "profile_read_trait_events",
  sql`SELECT ${ms("e.occurred_at")} AS at, n.name, e.message_id, e.body #>> '{context,library,name}' AS sent_by,
             ARRAY(SELECT jsonb_object_keys(e.body -> 'traits')) AS attributes
      FROM unnest(${value("buckets", "smallint[]")}, ${value("ids", "uuid[]")}) AS u (bucket, id)
      CROSS JOIN unnest(${value("times", "timestamptz[]")}) AS t (at)
      JOIN events e ON e.bucket = u.bucket AND e.profile_id = u.id AND e.occurred_at = t.at
      LEFT JOIN event_names n ON n.id = e.name_id
      WHERE jsonb_typeof(e.body -> 'traits') = 'object'
      ORDER BY e.seq DESC LIMIT 1000`,
)

/** What stands against an address. */
export const readSuppressions = statement<
  { slot: number; workspace: number; address: string },
  { reason: string; at: number; source: string }
>(
  "profile_read_suppressions",
  sql`SELECT reason, ${ms("at")} AS at, source FROM suppressions
      WHERE slot = ${value("slot", "smallint")} AND workspace_id = ${workspace} AND address = ${value("address", "text")}
      ORDER BY at`,
)

export type InsideRow = {
  version_id: number
  node: number
  arrived_at: number
  journey: string
  number: number
}

export const readInside = statement<{ bucket: number; id: string }, InsideRow>(
  "profile_read_inside",
  sql`SELECT e.version_id, e.node, ${ms("e.arrived_at")} AS arrived_at, j.key AS journey, v.number
      FROM enrollments e JOIN journey_versions v ON v.id = e.version_id JOIN journeys j ON j.id = e.journey_id
      WHERE e.bucket = ${bucket} AND e.profile_id = ${id} AND e.ended_at IS NULL ORDER BY e.entered_at`,
)

export type ListRow = ProfileRow & { absorbed: Parcel["absorbed"]; user_id: string | null; inside: number }

const listColumns = sql`p.bucket, p.id, p.attributes, p.value_times, coalesce(p.absorbed, '[]') AS absorbed, ${ms("p.created_at")} AS created_at,
             ${ms("p.updated_at")} AS updated_at, ${ms("p.last_stimulus_at")} AS seen_at,
             (SELECT i.value FROM identities i WHERE i.profile_bucket = p.bucket AND i.profile_id = p.id AND i.kind = 1
              ORDER BY i.value LIMIT 1) AS user_id,
             (SELECT count(*) FROM enrollments e WHERE e.bucket = p.bucket AND e.profile_id = p.id
              AND e.ended_at IS NULL)::int AS inside`

/** Whether marketing e-mail reaches a customer, as the e-mail node reads their attributes. */
const consent =
  sql.raw(`CASE WHEN coalesce(p.attributes ->> 'email', '') !~ '^\\s*[^\\s@]+@[^\\s@]+\\s*$' THEN 'no-address'
    WHEN lower(trim(p.attributes ->> 'suppressed_email')) = lower(trim(p.attributes ->> 'email')) THEN 'suppressed'
    WHEN p.attributes -> 'unsubscribed' = 'true' THEN 'unsubscribed' ELSE 'subscribed' END`)

/**
 * Newest first; `search` is a piece of an identity, or of a name, in lower case with % around it, or null; `journey`:
 * only those inside that journey.
 */
export const listProfiles = statement<
  {
    workspace: number
    search: string | null
    journey: number | null
    consent: string | null
    before_at: string
    before_id: string
    most: number
  },
  ListRow
>(
  "profile_list",
  sql`SELECT ${listColumns}
      FROM profiles p
      WHERE p.workspace_id = ${workspace} AND p.merged_into IS NULL
        AND (p.created_at, p.id) < (${value("before_at", "timestamptz")}, ${value("before_id", "uuid")})
        AND (${value("journey", "int")} IS NULL
             OR EXISTS (SELECT 1 FROM enrollments e WHERE e.bucket = p.bucket AND e.profile_id = p.id
                        AND e.ended_at IS NULL AND e.journey_id = ${value("journey", "int")}))
        AND (${value("consent", "text")} IS NULL OR ${consent} = ${value("consent", "text")})
        AND (${value("search", "text")} IS NULL
             OR EXISTS (SELECT 1 FROM identities i WHERE i.profile_bucket = p.bucket AND i.profile_id = p.id
                        AND lower(i.value) LIKE ${value("search", "text")})
             OR lower(concat_ws(' ', p.attributes ->> 'name', p.attributes ->> 'firstName', p.attributes ->> 'lastName',
                                p.attributes ->> 'first_name', p.attributes ->> 'last_name')) LIKE ${value("search", "text")})
      ORDER BY p.created_at DESC, p.id DESC LIMIT ${value("most", "int")}`,
)

/** Customers by their places, in that order; of one that has merged, what it became part of. */
export const readListed = statement<
  { workspace: number; buckets: number[]; ids: string[] },
  ListRow & { asked: string }
>(
  "profile_read_listed",
  sql`SELECT u.id AS asked, ${listColumns}
      FROM unnest(${value("buckets", "smallint[]")}, ${value("ids", "uuid[]")}) WITH ORDINALITY AS u (bucket, id, i)
      CROSS JOIN LATERAL (
        WITH RECURSIVE path AS (
          SELECT o.*, 0 AS hops FROM profiles o WHERE o.bucket = u.bucket AND o.id = u.id AND o.workspace_id = ${workspace}
          UNION ALL
          SELECT o.*, path.hops + 1 FROM path CROSS JOIN LATERAL (
            SELECT * FROM profiles WHERE bucket = profile_bucket(path.merged_into) AND id = path.merged_into LIMIT 1) o)
        SELECT * FROM path ORDER BY hops DESC LIMIT 1) p
      ORDER BY u.i`,
)

export const findJourneyId = statement<{ workspace: number; key: string }, { id: number }>(
  "profile_find_journey",
  sql`SELECT id FROM journeys WHERE workspace_id = ${workspace} AND key = ${value("key", "text")}`,
)

/** A profile's places: its own, and those of the profiles that it absorbed, with how far their logs count. */
type TimelineValues = {
  buckets: number[]
  ids: string[]
  seqs: number[]
  bulks: number[]
  before: string
  most: number
}

const places = sql`unnest(${value("buckets", "smallint[]")}, ${value("ids", "uuid[]")}, ${value("seqs", "bigint[]")}, ${value("bulks", "bigint[]")})
        AS u (bucket, id, seq, bulk)`

export type EventItemRow = {
  at: number
  seq: number
  kind: number
  name: string | null
  message_id: string
  /** 0 live, 1 history. */
  mode: number
  body: JsonObject
}

export const timelineEvents = statement<TimelineValues, EventItemRow>(
  "timeline_events",
  sql`SELECT ${ms("e.occurred_at")} AS at, e.seq::float8 AS seq, e.kind, n.name, e.message_id, e.mode, e.body
      FROM ${places} CROSS JOIN LATERAL (
        SELECT * FROM events
        WHERE bucket = u.bucket AND profile_id = u.id AND (seq <= u.seq OR seq BETWEEN ${sql.raw(String(BULK_FROM))} AND u.bulk)
          AND occurred_at < ${value("before", "timestamptz")}
        ORDER BY occurred_at DESC, seq DESC LIMIT ${value("most", "int")}) e
      LEFT JOIN event_names n ON n.id = e.name_id
      ORDER BY e.occurred_at DESC, e.seq DESC LIMIT ${value("most", "int")}`,
)

export type StepItemRow = {
  at: number
  seq: number
  visit: number
  arrived_at: number
  version_id: number
  node: number
  outcome: number
  note: { because?: JsonObject; error?: string } | null
}

export const timelineSteps = statement<TimelineValues & { bucket: number; id: string }, StepItemRow>(
  "timeline_steps",
  sql`SELECT ${ms("s.left_at")} AS at, s.seq::float8 AS seq, s.visit, ${ms("s.arrived_at")} AS arrived_at,
             s.version_id, s.node, s.outcome, s.note
      FROM enrollments e CROSS JOIN ${places}
      JOIN step_log s ON s.bucket = u.bucket AND s.enrollment_id = e.id
      WHERE e.bucket = ${bucket} AND e.profile_id = ${id} AND s.left_at < ${value("before", "timestamptz")}
      ORDER BY s.left_at DESC, s.seq DESC, s.visit DESC LIMIT ${value("most", "int")}`,
)

export type MessageItemRow = {
  at: number
  id: string
  version_id: number
  node: number
  channel: number
  state: number
  recipient: string
  frozen: JsonObject
  error: string | null
}

export const timelineMessages = statement<TimelineValues, MessageItemRow>(
  "timeline_messages",
  sql`SELECT ${ms("m.queued_at")} AS at, m.id, m.version_id, m.node, m.channel, m.state, m.recipient, m.frozen, m.error
      FROM ${places} CROSS JOIN LATERAL (
        SELECT * FROM messages
        WHERE bucket = u.bucket AND profile_id = u.id AND queued_at < ${value("before", "timestamptz")}
        ORDER BY queued_at DESC, id LIMIT ${value("most", "int")}) m
      ORDER BY m.queued_at DESC, m.id LIMIT ${value("most", "int")}`,
)
