-- The outbox carries the effects of every channel, each to a provider with capacity of its own.

ALTER TABLE messages
  ADD COLUMN channel smallint NOT NULL DEFAULT 0,
  ADD COLUMN provider text NOT NULL DEFAULT 'smtp',
  ADD COLUMN is_open boolean NOT NULL DEFAULT false,
  ADD COLUMN added_at timestamptz NOT NULL DEFAULT now(),
  ADD COLUMN doubts smallint NOT NULL DEFAULT 0,
  ADD COLUMN reason text,
  ADD COLUMN replayed_at timestamptz,
  ADD COLUMN replayed_by text,
  ADD COLUMN shown_version integer,
  ADD COLUMN shown_node smallint,
  ADD COLUMN bounced_at timestamptz,
  ADD COLUMN opened_at timestamptz,
  ADD COLUMN clicked_at timestamptz,
  ADD COLUMN unsubscribed_at timestamptz;
--> statement-breakpoint
UPDATE messages SET is_open = true, provider = CASE WHEN clock <> 0 THEN 'mailbox' ELSE 'smtp' END WHERE state < 2;
--> statement-breakpoint
ALTER TABLE messages ALTER COLUMN is_open SET DEFAULT true, ALTER COLUMN added_at SET DEFAULT clock_timestamp();
--> statement-breakpoint
COMMENT ON COLUMN messages.channel IS '0 e-mail, 1 webhook';
--> statement-breakpoint
COMMENT ON COLUMN messages.is_open IS 'state < 2: the indexes name this column and not the state, so that claims and marks are updates that touch no index';
--> statement-breakpoint
COMMENT ON COLUMN messages.state IS '0 queued (perhaps claimed until claim_until), 1 sending, 2 sent, 3 refused';
--> statement-breakpoint
COMMENT ON COLUMN messages.shown_version IS 'With shown_node: the template that a replay renders instead of the one that decided the message';
--> statement-breakpoint
DROP INDEX messages_open;
--> statement-breakpoint
CREATE INDEX messages_open ON messages (bucket, provider, next_try) WHERE is_open;
--> statement-breakpoint
DROP INDEX messages_of_profile;
--> statement-breakpoint
CREATE INDEX messages_of_profile ON messages (bucket, profile_id, queued_at);
--> statement-breakpoint
CREATE INDEX messages_refused ON messages (workspace_id, queued_at, id) WHERE reason IS NOT NULL;
--> statement-breakpoint
UPDATE messages SET reason = 'provider' WHERE state = 3;
--> statement-breakpoint
CREATE TABLE suppressions (
  slot smallint NOT NULL,
  workspace_id integer NOT NULL,
  address text NOT NULL,
  reason text NOT NULL,
  at timestamptz NOT NULL,
  source text NOT NULL,
  PRIMARY KEY (slot, workspace_id, address, reason)
);
--> statement-breakpoint
CREATE INDEX suppressions_of_workspace ON suppressions (workspace_id, at, address);
--> statement-breakpoint
COMMENT ON TABLE suppressions IS
  'Addresses that get no e-mail: reason unsubscribed (no marketing), bounced, complained, by-hand. slot = hash of workspace and address, like identities.';
--> statement-breakpoint
CREATE FUNCTION suppression_slot(workspace integer, address text) RETURNS smallint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT (('x' || substr(md5(workspace || ':suppressed:' || address), 1, 8))::bit(32)::bigint & 31)::smallint
$$;
--> statement-breakpoint
CREATE TABLE resources (
  key text PRIMARY KEY,
  permits integer NOT NULL,
  window_ms integer NOT NULL,
  next_at timestamptz NOT NULL DEFAULT '-infinity'
) WITH (fillfactor = 50);
--> statement-breakpoint
COMMENT ON TABLE resources IS
  'What customers share. next_at: the instant of the next permit; permits are window_ms / permits apart and are leased ahead, never back.';
--> statement-breakpoint
CREATE TABLE provider_health (
  provider text NOT NULL,
  minute timestamptz NOT NULL,
  process uuid NOT NULL,
  sent integer NOT NULL,
  refused integer NOT NULL,
  later integer NOT NULL,
  in_doubt integer NOT NULL,
  errors jsonb NOT NULL,
  latency integer[] NOT NULL,
  circuit text NOT NULL,
  waiting integer NOT NULL,
  last_error text,
  last_error_at timestamptz,
  PRIMARY KEY (provider, minute, process)
);
--> statement-breakpoint
COMMENT ON TABLE provider_health IS
  'What a process did with a provider in a minute. latency: sends by duration, slot n holds those under 1.25^n ms (effects/latency.ts).';
--> statement-breakpoint
CREATE TABLE provider_users (
  provider text NOT NULL,
  workspace_id integer NOT NULL,
  PRIMARY KEY (workspace_id, provider)
);
--> statement-breakpoint
CREATE TABLE webhook_secrets (
  workspace_id integer PRIMARY KEY REFERENCES workspaces (id) ON DELETE CASCADE,
  secret text NOT NULL,
  previous text,
  rotated_at timestamptz
);
--> statement-breakpoint
COMMENT ON TABLE webhook_secrets IS
  'What webhooks are signed with (Standard Webhooks). previous signs as well for a day after rotated_at.';
