import { sql } from "drizzle-orm"
import { isHeld } from "../db/held.ts"
import { statement, unseen, value } from "../db/statement.ts"
import type { ClaimedRow, LastLook, SendingWorkspace } from "./handler.ts"

/** How far a message has come, as `messages.state` holds it. */
export const MessageCode = { queued: 0, sending: 1, sent: 2, refused: 3 } as const

export type ClaimRow = ClaimedRow & {
  clock: number
  /** It was being sent when an earlier claim ended: nobody knows whether it left. */
  in_doubt: boolean
  age_ms: number
  provider: string
}

const due = sql.raw(
  `is_open AND next_try <= clock_timestamp() AND (claim_until IS NULL OR claim_until < clock_timestamp())`,
)

/**
 * How long a claim holds. What goes to the mailbox cannot leave twice, so nobody waits long there for a process that
 * died: a sandbox's clock stands still until its messages are written.
 */
const claimTime = sql`CASE WHEN m.clock <> 0 THEN least(10, ${value("seconds", "int")})
                           ELSE ${value("seconds", "int")} END * interval '1 second'`

/**
 * Claims open messages of some providers in some buckets for a while, the oldest of each bucket first, at most
 * `shares` of a provider and bucket. For ten minutes a message waits for an earlier one to the same person on the
 * same channel: such a one is looked at again a little later and not claimed (`claim` null).
 */
export const claimMessages = statement<
  { buckets: number[]; providers: string[]; shares: number[]; claim: string; seconds: number },
  ClaimRow & { claim: string | null }
>(
  "dispatch_claim",
  sql`WITH due AS (
        SELECT o.* FROM unnest(${unseen("providers", "text[]")}, ${unseen("shares", "int[]")}) AS p (provider, share)
        CROSS JOIN unnest(${unseen("buckets", "smallint[]")}) AS b (bucket)
        CROSS JOIN LATERAL (
          SELECT m.bucket, m.id, m.state = 1 AS in_doubt, m.profile_id, m.channel, m.queued_at, m.added_at, m.clock
          FROM messages m
          WHERE m.bucket = b.bucket AND m.provider = p.provider AND ${due} AND (m.clock <> 0 OR NOT ${isHeld})
          ORDER BY m.next_try LIMIT p.share FOR UPDATE SKIP LOCKED) o),
      judged AS (
        SELECT d.*, d.clock = 0 AND d.added_at > clock_timestamp() - interval '10 minutes' AND EXISTS (
            SELECT 1 FROM messages e
            WHERE e.bucket = d.bucket AND e.profile_id = d.profile_id AND e.is_open AND e.channel = d.channel
              AND e.queued_at BETWEEN d.queued_at - interval '1 day' AND d.queued_at
              AND (e.queued_at, e.added_at, e.id) < (d.queued_at, d.added_at, d.id)) AS must_wait
        FROM due d)
      UPDATE messages m
      SET claim = CASE WHEN must_wait THEN NULL ELSE ${value("claim", "uuid")} END,
          claim_until = CASE WHEN must_wait THEN NULL
                        ELSE clock_timestamp() + ${claimTime} END,
          attempts = m.attempts + CASE WHEN must_wait THEN 0 ELSE 1 END,
          doubts = m.doubts + CASE WHEN in_doubt AND NOT must_wait THEN 1 ELSE 0 END,
          next_try = CASE WHEN must_wait
                     THEN clock_timestamp() + greatest(interval '100 milliseconds', (clock_timestamp() - m.added_at) / 4)
                     ELSE m.next_try END
      FROM judged j WHERE m.bucket = j.bucket AND m.id = j.id
      RETURNING m.bucket, m.id, m.workspace_id, coalesce(m.shown_version, m.version_id) AS version_id,
                coalesce(m.shown_node, m.node) AS node, m.profile_id, m.channel, m.attempts, m.recipient, m.frozen,
                (extract(epoch FROM m.queued_at) * 1000)::float8 AS queued_at, m.clock, j.in_doubt, m.claim, m.provider,
                (extract(epoch FROM clock_timestamp() - m.added_at) * 1000)::float8 AS age_ms`,
)

/**
 * What the last look before a send found. `ended`: how the enrollment ended, if it has; `left_before`: it was sent
 * in the life that a restored database does not remember; `skipped`: the operator said then that it is not to be.
 */
export type MarkedRow = LastLook & {
  id: string
  ended: string | null
  left_before: boolean
  skipped: boolean
  /** The profile that took this one in, whose word counts now. */
  merged_into: string | null
}

/**
 * Gives back what somebody claimed who has lost the buckets. Of those messages none was on its way: that is marked
 * first, under the claim, which is gone with this.
 */
export const dropClaims = statement<{ buckets: number[] }>(
  "dispatch_drop_claims",
  sql`UPDATE messages SET claim = NULL, claim_until = NULL
      WHERE bucket = ANY(${value("buckets", "smallint[]")}) AND is_open AND state = 0 AND claim IS NOT NULL`,
)

/**
 * One turn of the dispatcher: notes how sends ended, where their claim is still ours, and marks the next messages
 * as being sent, each of which is looked at once more. It commits before those leave, so that never more messages
 * are sent and not noted than sends may be under way.
 */
export const turnMessages = statement<
  {
    claims: string[]
    buckets: number[]
    ids: string[]
    states: number[]
    attempts: number[]
    sent: (string | null)[]
    tries: (string | null)[]
    errors: (string | null)[]
    reasons: (string | null)[]
    bounced: number[]
    providers: string[]
    next_claims: string[]
    next_buckets: number[]
    next_ids: string[]
    seconds: number
  },
  MarkedRow
>(
  "dispatch_turn",
  sql`WITH settled AS (
        UPDATE messages m
        SET state = u.state, is_open = u.state < 2, attempts = u.attempts, sent_at = u.sent, error = u.error,
            next_try = coalesce(u.again, m.next_try), reason = u.reason, provider = u.provider, claim = NULL,
            claim_until = NULL,
            bounced_at = CASE WHEN u.bounced = 1 THEN coalesce(m.bounced_at, clock_timestamp()) ELSE m.bounced_at END
        FROM unnest(${value("claims", "uuid[]")}, ${value("buckets", "smallint[]")}, ${value("ids", "uuid[]")},
                    ${value("states", "smallint[]")}, ${value("attempts", "smallint[]")},
                    ${value("sent", "timestamptz[]")}, ${value("tries", "timestamptz[]")}, ${value("errors", "text[]")},
                    ${value("reasons", "text[]")}, ${value("bounced", "smallint[]")}, ${value("providers", "text[]")})
          AS u (claim, bucket, id, state, attempts, sent, again, error, reason, bounced, provider)
        WHERE m.bucket = u.bucket AND m.id = u.id AND m.claim = u.claim
        RETURNING m.bucket, m.version_id, m.node, m.state, u.bounced = 1 AND EXISTS (
          SELECT 1 FROM messages o WHERE o.bucket = m.bucket AND o.id = m.id AND o.bounced_at IS NULL) AS bounced),
      counted AS (
        INSERT INTO counter_totals AS c (bucket, version_id, node, measure, n)
        SELECT bucket, version_id, node, measure, sum(n) FROM (
          SELECT bucket, version_id, node, CASE state WHEN 2 THEN 1101 ELSE 1102 END AS measure, 1 AS n
          FROM settled WHERE state >= 2
          UNION ALL
          SELECT bucket, version_id, node, 1103, 1 FROM settled WHERE bounced) s
        GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
        ON CONFLICT (bucket, version_id, node, measure) DO UPDATE SET n = c.n + excluded.n),
      marked AS (
        UPDATE messages m
        SET state = 1, claim_until = clock_timestamp() + ${claimTime}
        FROM unnest(${value("next_claims", "uuid[]")}, ${value("next_buckets", "smallint[]")}, ${value("next_ids", "uuid[]")})
          AS u (claim, bucket, id)
        WHERE m.bucket = u.bucket AND m.id = u.id AND m.claim = u.claim AND m.claim_until > clock_timestamp()
        RETURNING m.bucket, m.id, m.profile_id, m.enrollment_id, m.version_id, m.clock, m.queued_at)
      SELECT k.id, p.attributes -> 'unsubscribed' AS unsubscribed,
             (p.value_times ->> 'unsubscribed')::float8 AS unsubscribed_at, e.ended_reason AS ended, p.merged_into,
             EXISTS (SELECT 1 FROM sent_before s WHERE s.id = k.id) AS left_before,
             k.clock = 0 AND EXISTS (SELECT 1 FROM skipped_versions s
                                     WHERE s.version_id = k.version_id AND k.queued_at <= s.until) AS skipped
      FROM marked k
      LEFT JOIN profiles p ON p.bucket = k.bucket AND p.id = k.profile_id
      LEFT JOIN enrollments e ON e.bucket = k.bucket AND e.id = k.enrollment_id`,
)

/** Whether messages of a clock are still on their way. */
export const findOpen = statement<{ buckets: number[]; clock: number }, { open: boolean }>(
  "dispatch_find_open",
  sql`SELECT EXISTS (
        SELECT 1 FROM unnest(${value("buckets", "smallint[]")}) AS b (bucket)
        CROSS JOIN LATERAL (SELECT 1 FROM messages m
          WHERE m.bucket = b.bucket AND m.provider = 'mailbox' AND m.is_open AND m.clock = ${value("clock", "int")}
          LIMIT 1) o) AS open`,
)

/** Providers for which messages wait in some buckets: one look into the index for each, however many wait. */
export const findProviders = statement<{ buckets: number[] }, { provider: string }>(
  "dispatch_find_providers",
  sql`SELECT DISTINCT p.provider FROM unnest(${value("buckets", "smallint[]")}) AS b (bucket)
      CROSS JOIN LATERAL (
        WITH RECURSIVE found AS (
          (SELECT m.provider FROM messages m WHERE m.bucket = b.bucket AND m.is_open ORDER BY m.provider LIMIT 1)
          UNION ALL
          SELECT (SELECT m.provider FROM messages m
                  WHERE m.bucket = b.bucket AND m.is_open AND m.provider > f.provider ORDER BY m.provider LIMIT 1)
          FROM found f WHERE f.provider IS NOT NULL)
        SELECT provider FROM found WHERE provider IS NOT NULL) p`,
)

/** What profiles say about marketing, each in its own bucket. */
export const findConsents = statement<
  { buckets: number[]; ids: string[] },
  LastLook & { id: string; merged_into: string | null }
>(
  "dispatch_find_consents",
  sql`SELECT p.id, p.attributes -> 'unsubscribed' AS unsubscribed,
             (p.value_times ->> 'unsubscribed')::float8 AS unsubscribed_at, p.merged_into
      FROM unnest(${value("buckets", "smallint[]")}, ${value("ids", "uuid[]")}) AS u (bucket, id)
      JOIN profiles p ON p.bucket = u.bucket AND p.id = u.id`,
)

export const readWorkspaces = statement<{ ids: number[] }, SendingWorkspace>(
  "dispatch_read_workspaces",
  sql`SELECT id, sandbox, name, settings FROM workspaces WHERE id = ANY(${unseen("ids", "int[]")}::int[])`,
)
