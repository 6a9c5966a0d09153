-- The log of events, the people in it, and the engine that works them.
-- Every table of a customer leads its key with the bucket; `recorded_on` is the server's real UTC date.

CREATE TABLE buckets (
  bucket smallint PRIMARY KEY,
  owner text,
  epoch bigint NOT NULL DEFAULT 0,
  lease_end timestamptz NOT NULL DEFAULT '-infinity',
  cursor_on date NOT NULL DEFAULT '2000-01-01',
  cursor_seq bigint NOT NULL DEFAULT 0,
  turn_seq bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 50);
--> statement-breakpoint
CREATE TABLE bucket_heads (
  bucket smallint PRIMARY KEY,
  head_on date NOT NULL DEFAULT '2000-01-01',
  head_seq bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 50);
--> statement-breakpoint
INSERT INTO buckets (bucket) SELECT generate_series(0, 31);
--> statement-breakpoint
INSERT INTO bucket_heads (bucket) SELECT generate_series(0, 31);
--> statement-breakpoint
CREATE TABLE event_names (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  workspace_id integer NOT NULL REFERENCES workspaces (id),
  name text NOT NULL,
  UNIQUE (workspace_id, name)
);
--> statement-breakpoint
CREATE TABLE events (
  recorded_on date NOT NULL,
  bucket smallint NOT NULL,
  seq bigint NOT NULL,
  workspace_id integer NOT NULL,
  profile_id uuid NOT NULL,
  kind smallint NOT NULL,
  name_id integer NOT NULL,
  occurred_at timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  message_id text NOT NULL,
  body jsonb NOT NULL,
  PRIMARY KEY (bucket, seq, recorded_on)
) PARTITION BY RANGE (recorded_on);
--> statement-breakpoint
CREATE INDEX events_of_profile ON events (bucket, profile_id, occurred_at);
--> statement-breakpoint
CREATE TABLE events_default PARTITION OF events DEFAULT;
--> statement-breakpoint
CREATE TABLE seen (
  day date NOT NULL,
  slot smallint NOT NULL,
  workspace_id integer NOT NULL,
  message_hash uuid NOT NULL,
  PRIMARY KEY (slot, workspace_id, message_hash, day)
) PARTITION BY RANGE (day);
--> statement-breakpoint
CREATE TABLE seen_default PARTITION OF seen DEFAULT;
--> statement-breakpoint
CREATE TABLE identities (
  slot smallint NOT NULL,
  workspace_id integer NOT NULL,
  kind smallint NOT NULL,
  value text NOT NULL,
  profile_bucket smallint NOT NULL,
  profile_id uuid NOT NULL,
  since timestamptz NOT NULL,
  PRIMARY KEY (slot, workspace_id, kind, value)
);
--> statement-breakpoint
CREATE INDEX identities_of_profile ON identities (profile_bucket, profile_id);
--> statement-breakpoint
CREATE TABLE merges (
  id uuid PRIMARY KEY,
  workspace_id integer NOT NULL,
  survivor_bucket smallint NOT NULL,
  survivor_id uuid NOT NULL,
  loser_bucket smallint NOT NULL,
  loser_id uuid NOT NULL,
  state text NOT NULL DEFAULT 'requested',
  requested_at timestamptz NOT NULL,
  because text NOT NULL,
  UNIQUE (survivor_id, loser_id)
);
--> statement-breakpoint
CREATE TABLE profiles (
  bucket smallint NOT NULL,
  id uuid NOT NULL,
  workspace_id integer NOT NULL,
  attributes jsonb NOT NULL DEFAULT '{}',
  value_times jsonb NOT NULL DEFAULT '{}',
  last_stimulus_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  merged_into uuid,
  PRIMARY KEY (bucket, id)
) WITH (fillfactor = 80);
--> statement-breakpoint
CREATE INDEX profiles_of_workspace ON profiles (workspace_id, created_at DESC, id);
--> statement-breakpoint
CREATE TABLE profile_events (
  bucket smallint NOT NULL,
  profile_id uuid NOT NULL,
  name_id integer NOT NULL,
  count integer NOT NULL,
  first_at timestamptz NOT NULL,
  last_at timestamptz NOT NULL,
  PRIMARY KEY (bucket, profile_id, name_id)
) WITH (fillfactor = 80);
--> statement-breakpoint
CREATE TABLE enrollments (
  bucket smallint NOT NULL,
  id uuid NOT NULL,
  workspace_id integer NOT NULL,
  journey_id integer NOT NULL,
  version_id integer NOT NULL,
  profile_id uuid NOT NULL,
  clock integer NOT NULL,
  node smallint NOT NULL,
  visit integer NOT NULL,
  entered_at timestamptz NOT NULL,
  arrived_at timestamptz NOT NULL,
  wake_at timestamptz,
  held_at timestamptz,
  entry jsonb NOT NULL,
  state jsonb,
  ended_at timestamptz,
  ended_reason text,
  PRIMARY KEY (bucket, id)
) WITH (fillfactor = 80);
--> statement-breakpoint
CREATE INDEX enrollments_open ON enrollments (bucket, profile_id) WHERE ended_at IS NULL;
--> statement-breakpoint
CREATE INDEX enrollments_of_profile ON enrollments (bucket, profile_id, journey_id, entered_at);
--> statement-breakpoint
CREATE INDEX enrollments_wake ON enrollments (bucket, clock, wake_at) WHERE wake_at IS NOT NULL;
--> statement-breakpoint
CREATE INDEX enrollments_held ON enrollments (bucket, journey_id, held_at) WHERE held_at IS NOT NULL;
--> statement-breakpoint
CREATE TABLE steps (
  recorded_on date NOT NULL,
  bucket smallint NOT NULL,
  seq bigint NOT NULL,
  workspace_id integer NOT NULL,
  version_id integer NOT NULL,
  enrollment_id uuid NOT NULL,
  first_visit integer NOT NULL,
  arrived_at timestamptz NOT NULL,
  left_at timestamptz NOT NULL,
  worked_at timestamptz NOT NULL,
  nodes smallint[] NOT NULL,
  outcomes smallint[] NOT NULL,
  notes jsonb,
  PRIMARY KEY (bucket, seq, recorded_on)
) PARTITION BY RANGE (recorded_on);
--> statement-breakpoint
CREATE INDEX steps_of_enrollment ON steps (bucket, enrollment_id);
--> statement-breakpoint
CREATE TABLE steps_default PARTITION OF steps DEFAULT;
--> statement-breakpoint
COMMENT ON TABLE steps IS
  'One row per turn. outcomes: index of the node''s outcome, or below zero an end: -1 the exit''s own reason, -2 goal, -3 exit-rule, -4 stopped, -5 merged, -6 engine-error. The view step_log unfolds it.';
--> statement-breakpoint
CREATE TABLE counter_totals (
  bucket smallint NOT NULL,
  version_id integer NOT NULL,
  node smallint NOT NULL,
  measure smallint NOT NULL,
  n bigint NOT NULL,
  PRIMARY KEY (bucket, version_id, node, measure)
) WITH (fillfactor = 50);
--> statement-breakpoint
COMMENT ON TABLE counter_totals IS
  'measure: an outcome or end as in steps.outcomes; 1000 entered, 1001 failed, 1010+ not admitted, 1100+ messages (engine/measures.ts).';
--> statement-breakpoint
CREATE TABLE counter_hours (
  bucket smallint NOT NULL,
  version_id integer NOT NULL,
  hour timestamptz NOT NULL,
  node smallint NOT NULL,
  measure smallint NOT NULL,
  n bigint NOT NULL,
  PRIMARY KEY (bucket, version_id, hour, node, measure)
) WITH (fillfactor = 70);
--> statement-breakpoint
CREATE TABLE inside (
  bucket smallint NOT NULL,
  version_id integer NOT NULL,
  node smallint NOT NULL,
  n bigint NOT NULL,
  PRIMARY KEY (bucket, version_id, node)
) WITH (fillfactor = 50);
--> statement-breakpoint
CREATE TABLE messages (
  bucket smallint NOT NULL,
  id uuid NOT NULL,
  workspace_id integer NOT NULL,
  version_id integer NOT NULL,
  node smallint NOT NULL,
  enrollment_id uuid NOT NULL,
  profile_id uuid NOT NULL,
  clock integer NOT NULL,
  state smallint NOT NULL DEFAULT 0,
  attempts smallint NOT NULL DEFAULT 0,
  next_try timestamptz NOT NULL,
  claim uuid,
  claim_until timestamptz,
  recipient text NOT NULL,
  frozen jsonb NOT NULL,
  queued_at timestamptz NOT NULL,
  sent_at timestamptz,
  error text,
  PRIMARY KEY (bucket, id)
) WITH (fillfactor = 80);
--> statement-breakpoint
CREATE INDEX messages_open ON messages (bucket, next_try) WHERE state < 2;
--> statement-breakpoint
CREATE INDEX messages_of_workspace ON messages (workspace_id, queued_at, id);
--> statement-breakpoint
CREATE INDEX messages_of_profile ON messages (bucket, profile_id);
--> statement-breakpoint
COMMENT ON COLUMN messages.state IS '0 queued, 1 sending (claimed until claim_until), 2 sent, 3 refused';
--> statement-breakpoint
CREATE TABLE stuck (
  bucket smallint NOT NULL,
  profile_id uuid NOT NULL,
  workspace_id integer NOT NULL,
  since timestamptz NOT NULL,
  error text NOT NULL,
  first_on date NOT NULL,
  first_seq bigint NOT NULL,
  PRIMARY KEY (bucket, profile_id)
);
--> statement-breakpoint
CREATE TABLE run_jobs (
  id uuid PRIMARY KEY,
  journey_id integer NOT NULL,
  workspace_id integer NOT NULL,
  kind text NOT NULL,
  bucket smallint NOT NULL,
  asked_at timestamptz NOT NULL,
  at timestamptz NOT NULL,
  done_at timestamptz,
  done_rows integer NOT NULL DEFAULT 0
);
--> statement-breakpoint
CREATE INDEX run_jobs_open ON run_jobs (bucket) WHERE done_at IS NULL;
--> statement-breakpoint
CREATE TABLE clock_advances (
  workspace_id integer PRIMARY KEY REFERENCES workspaces (id),
  target timestamptz NOT NULL,
  started_at timestamptz NOT NULL,
  finished_at timestamptz
);
--> statement-breakpoint
CREATE TABLE catalogue_events (
  workspace_id integer NOT NULL,
  name_id integer NOT NULL,
  count bigint NOT NULL,
  last_seen_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, name_id)
);
--> statement-breakpoint
CREATE TABLE catalogue_values (
  workspace_id integer NOT NULL,
  name_id integer NOT NULL,
  path text NOT NULL,
  type text NOT NULL,
  last_seen_at timestamptz NOT NULL,
  samples jsonb NOT NULL,
  PRIMARY KEY (workspace_id, name_id, path)
);
--> statement-breakpoint
COMMENT ON TABLE catalogue_values IS 'Paths with type and three samples; name_id 0 holds the attributes of profiles.';
--> statement-breakpoint
CREATE FUNCTION keep_partitions(ahead interval) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  d date;
  past text;
BEGIN
  PERFORM pg_advisory_xact_lock(7264301);
  FOR past IN SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'seen'::regclass AND c.relname ~ '^seen_[0-9]{8}$'
      AND to_date(right(c.relname, 8), 'YYYYMMDD') < (clock_timestamp() AT TIME ZONE 'UTC')::date - 8 LOOP
    EXECUTE format('DROP TABLE %I', past);
  END LOOP;
  FOR d IN SELECT generate_series(date_trunc('month', clock_timestamp() AT TIME ZONE 'UTC'),
                                  (clock_timestamp() AT TIME ZONE 'UTC') + ahead, '1 month')::date LOOP
    EXECUTE format('CREATE TABLE IF NOT EXISTS %I PARTITION OF events FOR VALUES FROM (%L) TO (%L)',
                   'events_' || to_char(d, 'YYYYMM'), d, d + interval '1 month');
    EXECUTE format('CREATE TABLE IF NOT EXISTS %I PARTITION OF steps FOR VALUES FROM (%L) TO (%L)',
                   'steps_' || to_char(d, 'YYYYMM'), d, d + interval '1 month');
  END LOOP;
  FOR d IN SELECT generate_series((clock_timestamp() AT TIME ZONE 'UTC')::date - 1,
                                  (clock_timestamp() AT TIME ZONE 'UTC')::date + 14, '1 day')::date LOOP
    EXECUTE format('CREATE TABLE IF NOT EXISTS %I PARTITION OF seen FOR VALUES FROM (%L) TO (%L)',
                   'seen_' || to_char(d, 'YYYYMMDD'), d, d + 1);
  END LOOP;
END $$;
--> statement-breakpoint
SELECT keep_partitions('60 days');
--> statement-breakpoint
CREATE FUNCTION identity_slot(workspace integer, kind smallint, value text) RETURNS smallint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT (('x' || substr(md5(workspace || ':' || kind || ':' || value), 1, 8))::bit(32)::bigint & 31)::smallint
$$;
--> statement-breakpoint
CREATE FUNCTION profile_bucket(profile uuid) RETURNS smallint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT (('x' || right(profile::text, 2))::bit(8)::integer & 31)::smallint
$$;
--> statement-breakpoint
CREATE VIEW step_log AS
SELECT s.bucket, s.seq, s.workspace_id, s.version_id, s.enrollment_id,
       s.first_visit + (u.i - 1)::integer AS visit,
       u.node, u.outcome,
       CASE WHEN u.i = 1 THEN s.arrived_at ELSE s.left_at END AS arrived_at,
       s.left_at, s.worked_at,
       s.notes -> (s.first_visit + (u.i - 1)::integer)::text AS note
FROM steps s CROSS JOIN LATERAL unnest(s.nodes, s.outcomes) WITH ORDINALITY AS u (node, outcome, i);
