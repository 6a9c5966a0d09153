import { sql } from "drizzle-orm"
import { statement, value } from "../db/statement.ts"

export type IdentityKey = { slot: number; workspace_id: number; kind: number; value: string }
export type IdentityRow = IdentityKey & { profile_bucket: number; profile_id: string }

type IdentityColumns = { slots: number[]; workspaces: number[]; kinds: number[]; keys: string[] }

export const findIdentities = statement<IdentityColumns, IdentityRow>(
  "door_find_identities",
  sql`SELECT u.slot, u.workspace_id, u.kind, u.value, i.profile_bucket, i.profile_id
      FROM unnest(${value("slots", "smallint[]")}, ${value("workspaces", "int[]")},
                  ${value("kinds", "smallint[]")}, ${value("keys", "text[]")}) AS u (slot, workspace_id, kind, value)
      CROSS JOIN LATERAL (
        SELECT profile_bucket, profile_id FROM identities
        WHERE slot = u.slot AND workspace_id = u.workspace_id AND kind = u.kind AND value = u.value LIMIT 1
      ) i`,
)

/**
 * Which of these people already have a user id: they are known, and two known people never join. The two looks stand
 * in a LATERAL with LIMIT: as EXISTS … OR EXISTS … they may be planned as hashes of all identities.
 */
export const findKnownPeople = statement<{ slots: number[]; profiles: string[] }, { profile_id: string }>(
  "door_find_known_people",
  sql`SELECT u.profile_id FROM unnest(${value("slots", "smallint[]")}, ${value("profiles", "uuid[]")})
        AS u (slot, profile_id)
      CROSS JOIN LATERAL (
        (SELECT FROM identities i WHERE i.profile_bucket = u.slot AND i.profile_id = u.profile_id AND i.kind = 1 LIMIT 1)
        UNION ALL
        (SELECT FROM profile_aliases a WHERE a.slot = u.slot AND a.profile_id = u.profile_id AND a.known LIMIT 1)
        LIMIT 1) known`,
)

export const countIdentities = statement<
  { slots: number[]; profiles: string[]; kinds: number[] },
  { profile_id: string; kind: number; n: number }
>(
  "door_count_identities",
  sql`SELECT u.profile_id, u.kind, (SELECT count(*) FROM identities i WHERE i.profile_bucket = u.slot
               AND i.profile_id = u.profile_id AND i.kind = u.kind)::int AS n
      FROM unnest(${value("slots", "smallint[]")}, ${value("profiles", "uuid[]")}, ${value("kinds", "smallint[]")})
        AS u (slot, profile_id, kind)`,
)

type ClaimColumns = IdentityColumns & { buckets: number[]; profiles: string[] }

/** Claims identities in the order given, which is that of their key; those that another took meanwhile are missing from the answer. */
export const claimIdentities = statement<ClaimColumns, { slot: number }>(
  "door_claim_identities",
  sql`INSERT INTO identities (slot, workspace_id, kind, value, profile_bucket, profile_id, since)
      SELECT u.slot, u.workspace_id, u.kind, u.value, u.bucket, u.profile, clock_timestamp()
      FROM unnest(${value("slots", "smallint[]")}, ${value("workspaces", "int[]")},
                  ${value("kinds", "smallint[]")}, ${value("keys", "text[]")},
                  ${value("buckets", "smallint[]")}, ${value("profiles", "uuid[]")})
        AS u (slot, workspace_id, kind, value, bucket, profile)
      ON CONFLICT DO NOTHING RETURNING slot`,
)

/** Points identities at another profile (an anonymous id that moves on to the person who uses it now). */
export const moveIdentities = statement<ClaimColumns>(
  "door_move_identities",
  sql`UPDATE identities i SET profile_bucket = u.bucket, profile_id = u.profile, since = clock_timestamp()
      FROM unnest(${value("slots", "smallint[]")}, ${value("workspaces", "int[]")},
                  ${value("kinds", "smallint[]")}, ${value("keys", "text[]")},
                  ${value("buckets", "smallint[]")}, ${value("profiles", "uuid[]")})
        AS u (slot, workspace_id, kind, value, bucket, profile)
      WHERE i.slot = u.slot AND i.workspace_id = u.workspace_id AND i.kind = u.kind AND i.value = u.value`,
)

/** Writes requests, and refusals so that they can be shown; a pair that was refused may be asked about again. */
export const requestMerges = statement<{
  ids: string[]
  workspaces: number[]
  survivor_buckets: number[]
  survivors: string[]
  loser_buckets: number[]
  losers: string[]
  states: string[]
  kinds: string[]
}>(
  "door_request_merges",
  sql`INSERT INTO merges AS m (id, workspace_id, survivor_bucket, survivor_id, loser_bucket, loser_id, state, because,
                          pair, requested_at)
      SELECT u.*, u.survivor || ':' || u.loser, clock_timestamp()
      FROM unnest(${value("ids", "uuid[]")}, ${value("workspaces", "int[]")},
                  ${value("survivor_buckets", "smallint[]")}, ${value("survivors", "uuid[]")},
                  ${value("loser_buckets", "smallint[]")}, ${value("losers", "uuid[]")},
                  ${value("states", "text[]")}, ${value("kinds", "text[]")})
        AS u (id, workspace, survivor_bucket, survivor, loser_bucket, loser, state, kind)
      ON CONFLICT (pair) DO UPDATE SET state = 'requested', requested_at = excluded.requested_at
        WHERE m.state = 'refused' AND excluded.state = 'requested'`,
)
