import type { JsonObject } from "@viaggio/journey-model"
import { sql } from "drizzle-orm"
import { statement, value } from "../db/statement.ts"

const bucket = value("bucket", "smallint")

export type RequestRow = {
  id: string
  survivor_id: string
  survivor_bucket: number
  loser_id: string
  loser_bucket: number
}

/** Requests that nobody else is deciding at this moment, oldest first. */
export const claimRequests = statement<{ most: number }, RequestRow>(
  "merge_claim_requests",
  sql`SELECT id, survivor_id, survivor_bucket, loser_id, loser_bucket FROM merges
      WHERE state = 'requested' ORDER BY requested_at LIMIT ${value("most", "int")} FOR UPDATE SKIP LOCKED`,
)

export type EndRow = { start_id: string; id: string; bucket: number }

/** Where each of these profiles went by all that is agreed; one that went nowhere is its own end. */
export const followAliases = statement<{ slots: number[]; profiles: string[] }, EndRow>(
  "merge_follow_aliases",
  sql`WITH RECURSIVE path AS (
        SELECT u.id AS start_id, u.id, u.slot AS bucket, 0 AS hops
        FROM unnest(${value("slots", "smallint[]")}, ${value("profiles", "uuid[]")}) AS u (slot, id)
        UNION ALL
        SELECT p.start_id, a.into_id, a.into_bucket, p.hops + 1
        FROM path p JOIN profile_aliases a ON a.slot = p.bucket AND a.profile_id = p.id
        WHERE a.into_id IS NOT NULL)
      SELECT DISTINCT ON (start_id) start_id, id, bucket FROM path ORDER BY start_id, hops DESC`,
)

export type AliasRow = { profile_id: string; went: boolean; known: boolean }

/** Makes the alias rows of these profiles where they are missing. */
export const addAliases = statement<{ slots: number[]; profiles: string[] }>(
  "merge_add_aliases",
  sql`INSERT INTO profile_aliases (slot, profile_id)
      SELECT u.slot, u.id FROM unnest(${value("slots", "smallint[]")}, ${value("profiles", "uuid[]")}) AS u (slot, id)
      ORDER BY u.slot, u.id ON CONFLICT DO NOTHING`,
)

/** Locks alias rows in the order of their key and says what they hold. */
export const lockAliases = statement<{ slots: number[]; profiles: string[] }, AliasRow>(
  "merge_lock_aliases",
  sql`SELECT a.profile_id, a.into_id IS NOT NULL AS went,
             a.known OR EXISTS (SELECT 1 FROM identities i
               WHERE i.profile_bucket = a.slot AND i.profile_id = a.profile_id AND i.kind = 1) AS known
      FROM profile_aliases a
      JOIN unnest(${value("slots", "smallint[]")}, ${value("profiles", "uuid[]")}) AS u (slot, id)
        ON a.slot = u.slot AND a.profile_id = u.id
      ORDER BY a.slot, a.profile_id FOR UPDATE OF a`,
)

/** Notes that these people have a user id now. */
export const noteKnown = statement<{ slots: number[]; profiles: string[] }>(
  "merge_note_known",
  sql`UPDATE profile_aliases a SET known = true
      FROM unnest(${value("slots", "smallint[]")}, ${value("profiles", "uuid[]")}) AS u (slot, id)
      WHERE a.slot = u.slot AND a.profile_id = u.id AND NOT a.known`,
)

/** Shows the way from a loser to its survivor, for good. */
export const sendInto = statement<{
  slots: number[]
  profiles: string[]
  into_buckets: number[]
  intos: string[]
}>(
  "merge_send_into",
  sql`UPDATE profile_aliases a SET into_bucket = u.into_bucket, into_id = u.into_id
      FROM unnest(${value("slots", "smallint[]")}, ${value("profiles", "uuid[]")},
                  ${value("into_buckets", "smallint[]")}, ${value("intos", "uuid[]")})
        AS u (slot, id, into_bucket, into_id)
      WHERE a.slot = u.slot AND a.profile_id = u.id`,
)

/** Writes what was decided of requests. */
export const decideRequests = statement<{
  ids: string[]
  states: string[]
  survivor_buckets: number[]
  survivors: string[]
  loser_buckets: number[]
  losers: string[]
}>(
  "merge_decide",
  sql`UPDATE merges m SET state = u.state, decided_at = clock_timestamp(), survivor_bucket = u.survivor_bucket,
        survivor_id = u.survivor_id, loser_bucket = u.loser_bucket, loser_id = u.loser_id
      FROM unnest(${value("ids", "uuid[]")}, ${value("states", "text[]")}, ${value("survivor_buckets", "smallint[]")},
                  ${value("survivors", "uuid[]")}, ${value("loser_buckets", "smallint[]")}, ${value("losers", "uuid[]")})
        AS u (id, state, survivor_bucket, survivor_id, loser_bucket, loser_id)
      WHERE m.id = u.id`,
)

/** Buckets that have losers to give up. */
export const findAgreed = statement<{ buckets: number[] }, { bucket: number }>(
  "merge_find_agreed",
  sql`SELECT DISTINCT loser_bucket AS bucket FROM merges
      WHERE state = 'agreed' AND loser_bucket = ANY(${value("buckets", "smallint[]")})`,
)

/** Losers of a bucket to be taken out now; one who was set aside waits until that is mended. */
export const readAgreed = statement<{ bucket: number; most: number }, { id: string; workspace_id: number }>(
  "merge_read_agreed",
  sql`SELECT m.id, m.workspace_id FROM merges m
      WHERE m.state = 'agreed' AND m.loser_bucket = ${bucket}
        AND NOT EXISTS (SELECT 1 FROM stuck s WHERE s.bucket = ${bucket} AND s.profile_id = m.loser_id)
      ORDER BY m.requested_at LIMIT ${value("most", "int")}`,
)

/** A loser of whom no event was worked yet has no row; its tombstone needs one. */
export const addTombstones = statement<{ bucket: number; merges: string[] }>(
  "merge_add_tombstones",
  sql`INSERT INTO profiles (bucket, id, workspace_id, last_stimulus_at, created_at, updated_at)
      SELECT ${bucket}, m.loser_id, m.workspace_id, '-infinity', m.requested_at, m.requested_at
      FROM merges m WHERE m.id = ANY(${value("merges", "uuid[]")})
      ON CONFLICT DO NOTHING`,
)

/**
 * Puts all that losers have into one parcel each, as mail to their survivors, and keeps the same as pre-image.
 * The parcel says up to which numbers of the logs the loser was worked: later events follow by mail.
 */
export const sendParcels = statement<{
  bucket: number
  merges: string[]
  seqs: number[]
  bulk: number
  kind: number
}>(
  "merge_send_parcels",
  sql`WITH parcels AS (
        SELECT m.id, m.workspace_id, m.survivor_bucket, m.survivor_id, jsonb_build_object(
          'merge', m.id, 'loser', p.id, 'attributes', p.attributes, 'valueTimes', p.value_times,
          'createdAt', p.created_at,
          'lastStimulusAt', CASE WHEN isfinite(p.last_stimulus_at)
            THEN round(date_part('epoch', p.last_stimulus_at) * 1000) ELSE 0 END,
          'absorbed', coalesce(p.absorbed, '[]') || jsonb_build_array(jsonb_build_object(
            'bucket', p.bucket, 'id', p.id, 'seq', u.seq, 'bulk', ${value("bulk", "bigint")})),
          'digest', coalesce((SELECT jsonb_agg(to_jsonb(d)) FROM profile_events d
            WHERE d.bucket = ${bucket} AND d.profile_id = p.id), '[]'),
          'enrollments', coalesce((SELECT jsonb_agg(to_jsonb(e)) FROM enrollments e
            WHERE e.bucket = ${bucket} AND e.profile_id = p.id), '[]')) AS body
        FROM unnest(${value("merges", "uuid[]")}, ${value("seqs", "bigint[]")}) AS u (id, seq)
        JOIN merges m ON m.id = u.id JOIN profiles p ON p.bucket = ${bucket} AND p.id = m.loser_id
      ), kept AS (
        UPDATE merges m SET state = 'taken', taken_at = clock_timestamp(), loser_image = p.body
        FROM parcels p WHERE m.id = p.id)
      INSERT INTO mail (from_bucket, to_bucket, workspace_id, profile_id, kind, name_id, occurred_at, received_at,
                        message_id, body)
      SELECT ${bucket}, survivor_bucket, workspace_id, survivor_id, ${value("kind", "smallint")}, 0,
             coalesce((SELECT w.clock_now FROM workspaces w WHERE w.id = workspace_id), clock_timestamp()),
             clock_timestamp(), 'merge:' || id, body
      FROM parcels ORDER BY id`,
)

/** Leaves tombstones behind: the rows stay and show the way. */
export const emptyLosers = statement<{ bucket: number; merges: string[] }>(
  "merge_empty_losers",
  sql`WITH gone AS (
        SELECT loser_id AS id, survivor_id FROM merges WHERE id = ANY(${value("merges", "uuid[]")})
      ), digests AS (
        DELETE FROM profile_events d USING gone WHERE d.bucket = ${bucket} AND d.profile_id = gone.id
      ), passages AS (
        DELETE FROM enrollments e USING gone WHERE e.bucket = ${bucket} AND e.profile_id = gone.id)
      UPDATE profiles p SET merged_into = gone.survivor_id, attributes = '{}', value_times = '{}', absorbed = NULL,
        updated_at = clock_timestamp()
      FROM gone WHERE p.bucket = ${bucket} AND p.id = gone.id`,
)

/** Where an absorbed profile's events lie, and up to which numbers of the live and the bulk log they are its own. */
export type Absorbed = { bucket: number; id: string; seq: number; bulk: number }

/** A parcel as its survivor gets it; enrollments and digest are rows as they were in the loser's bucket. */
export type Parcel = {
  merge: string
  loser: string
  attributes: JsonObject
  valueTimes: Record<string, number>
  lastStimulusAt: number
  absorbed: Absorbed[]
}

/**
 * Marks merges as landed and answers those that had not: a parcel is taken in once, however often its row of the
 * log is worked. The survivor's pre-image is kept.
 */
export const landMerges = statement<{ merges: string[]; into: string[] }, { id: string }>(
  "merge_land",
  sql`WITH landed AS (
        UPDATE merges m SET state = 'landed', landed_at = clock_timestamp(), survivor_image = (
            SELECT jsonb_build_object('id', p.id, 'attributes', p.attributes, 'valueTimes', p.value_times)
            FROM profiles p WHERE p.bucket = profile_bucket(u.into_id) AND p.id = u.into_id)
        FROM unnest(${value("merges", "uuid[]")}, ${value("into", "uuid[]")}) AS u (id, into_id)
        WHERE m.id = u.id AND m.state = 'taken' RETURNING m.id, m.loser_bucket, m.loser_id
      ), shown AS (
        UPDATE profile_aliases a SET landed = true FROM landed l
        WHERE a.slot = l.loser_bucket AND a.profile_id = l.loser_id)
      SELECT id FROM landed`,
)

/**
 * Gives the enrollments and the digest of parcels to their survivors. `drawnFor` keeps whose draws an enrollment goes
 * by, through chains of merges too.
 */
export const unpackParcels = statement<{ bucket: number; survivors: string[]; parcels: string[] }>(
  "merge_unpack",
  sql`WITH parcels AS (
        SELECT u.survivor, u.parcel
        FROM unnest(${value("survivors", "uuid[]")}, ${value("parcels", "jsonb[]")}) AS u (survivor, parcel)
      ), passages AS (
        INSERT INTO enrollments
        SELECT (jsonb_populate_record(NULL::enrollments,
                  e || jsonb_build_object('bucket', ${bucket}, 'profile_id', p.survivor, 'state',
                    jsonb_build_object('drawnFor', e ->> 'profile_id') || coalesce(nullif(e -> 'state', 'null'), '{}')))).*
        FROM parcels p CROSS JOIN jsonb_array_elements(p.parcel -> 'enrollments') AS e
        ON CONFLICT DO NOTHING)
      INSERT INTO profile_events AS d (bucket, profile_id, name_id, count, first_at, last_at)
      SELECT ${bucket}, p.survivor, (e ->> 'name_id')::int, sum((e ->> 'count')::int),
             min((e ->> 'first_at')::timestamptz), max((e ->> 'last_at')::timestamptz)
      FROM parcels p CROSS JOIN jsonb_array_elements(p.parcel -> 'digest') AS e GROUP BY 2, 3 ORDER BY 2, 3
      ON CONFLICT (bucket, profile_id, name_id) DO UPDATE SET count = d.count + excluded.count,
        first_at = least(d.first_at, excluded.first_at), last_at = greatest(d.last_at, excluded.last_at)`,
)

/** Notes at survivors whose past is theirs now. */
export const absorb = statement<{ bucket: number; survivors: string[]; absorbed: string[] }>(
  "merge_absorb",
  sql`UPDATE profiles p SET absorbed = coalesce(p.absorbed, '[]') || u.absorbed
      FROM (SELECT survivor, jsonb_agg(a) AS absorbed
            FROM unnest(${value("survivors", "uuid[]")}, ${value("absorbed", "jsonb[]")}) AS v (survivor, absorbed)
            CROSS JOIN jsonb_array_elements(v.absorbed) AS a GROUP BY 1) u
      WHERE p.bucket = ${bucket} AND p.id = u.survivor`,
)

export type LandedRow = { id: string; loser_bucket: number; loser_id: string }

/** Merges whose identities still have to be looked through; nobody else is at them. */
export const claimLanded = statement<{ most: number }, LandedRow>(
  "merge_claim_landed",
  sql`SELECT id, loser_bucket, loser_id FROM merges
      WHERE state = 'landed' ORDER BY requested_at LIMIT ${value("most", "int")} FOR UPDATE SKIP LOCKED`,
)

/** Where each of these profiles' data has arrived: the way is followed as far as parcels have landed. */
export const followLanded = statement<{ slots: number[]; profiles: string[] }, EndRow>(
  "merge_follow_landed",
  sql`WITH RECURSIVE path AS (
        SELECT u.id AS start_id, u.id, u.slot AS bucket, 0 AS hops
        FROM unnest(${value("slots", "smallint[]")}, ${value("profiles", "uuid[]")}) AS u (slot, id)
        UNION ALL
        SELECT p.start_id, a.into_id, a.into_bucket, p.hops + 1
        FROM path p JOIN profile_aliases a ON a.slot = p.bucket AND a.profile_id = p.id
        WHERE a.landed)
      SELECT DISTINCT ON (start_id) start_id, id, bucket FROM path ORDER BY start_id, hops DESC`,
)

/** Points identities of losers at their survivors, slot by slot in order; done twice it changes nothing. */
export const repoint = statement<{
  losers: string[]
  loser_buckets: number[]
  buckets: number[]
  profiles: string[]
}>(
  "merge_repoint",
  sql`WITH moving AS (
        SELECT i.slot, i.workspace_id, i.kind, i.value, u.bucket, u.profile
        FROM unnest(${value("losers", "uuid[]")}, ${value("loser_buckets", "smallint[]")},
                    ${value("buckets", "smallint[]")}, ${value("profiles", "uuid[]")})
          AS u (loser, loser_bucket, bucket, profile)
        JOIN identities i ON i.profile_bucket = u.loser_bucket AND i.profile_id = u.loser
        ORDER BY i.slot, i.workspace_id, i.kind, i.value FOR UPDATE OF i)
      UPDATE identities i SET profile_bucket = m.bucket, profile_id = m.profile
      FROM moving m
      WHERE i.slot = m.slot AND i.workspace_id = m.workspace_id AND i.kind = m.kind AND i.value = m.value`,
)

export const finishMerges = statement<{ merges: string[] }>(
  "merge_finish",
  sql`UPDATE merges SET state = 'done', done_at = clock_timestamp()
      WHERE id = ANY(${value("merges", "uuid[]")}) AND state = 'landed'`,
)

/** A tombstone still had something to pass on, so an identity may still name it: its merge is looked at again. */
export const lookAgain = statement<{ losers: string[] }>(
  "merge_look_again",
  sql`UPDATE merges SET state = 'landed' WHERE loser_id = ANY(${value("losers", "uuid[]")}) AND state = 'done'`,
)
