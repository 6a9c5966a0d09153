import { sql } from "drizzle-orm"
import { rowsInto } from "../db/copy.ts"
import { statement, value } from "../db/statement.ts"

export type IdentityRow = {
  workspace_id: number
  kind: number
  value: string
  profile_bucket: number
  profile_id: string
}

/**
 * The profiles that these identities name. Values of one slot, workspace and kind stand together, the u-th's from
 * `froms` to `tos`, so that each is one range of the index: a look for every single value takes three times as long.
 */
export const findIdentities = statement<
  { slots: number[]; workspaces: number[]; kinds: number[]; froms: number[]; tos: number[]; keys: string[] },
  IdentityRow
>(
  "door_find_identities",
  sql`SELECT u.workspace_id, u.kind, i.value, i.profile_bucket, i.profile_id
      FROM unnest(${value("slots", "smallint[]")}, ${value("workspaces", "int[]")}, ${value("kinds", "smallint[]")},
                  ${value("froms", "int[]")}, ${value("tos", "int[]")}) AS u (slot, workspace_id, kind, first, last)
      CROSS JOIN LATERAL (
        SELECT value, profile_bucket, profile_id FROM identities
        WHERE slot = u.slot AND workspace_id = u.workspace_id AND kind = u.kind
          AND value = ANY((${value("keys", "text[]")})[u.first:u.last]) OFFSET 0
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

/** Claims identities, in the order of their key. One that another request claimed meanwhile fails the transaction. */
export const claimIdentities = rowsInto("identities", {
  slot: "smallint",
  workspace_id: "int",
  kind: "smallint",
  value: "text",
  profile_bucket: "smallint",
  profile_id: "uuid",
})

/** Points identities at another profile (an anonymous id that moves on to the person who uses it now). */
export const moveIdentities = statement<{
  slots: number[]
  workspaces: number[]
  kinds: number[]
  keys: string[]
  buckets: number[]
  profiles: string[]
}>(
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
