-- Merging two profiles that live in two buckets: agreed in slots, moved by mail, never with two buckets locked.

ALTER TABLE profiles ADD COLUMN absorbed jsonb;
--> statement-breakpoint
COMMENT ON COLUMN profiles.absorbed IS
  'Profiles that were merged into this one: [{bucket, id, seq}]. Their events up to seq, their steps and their messages stay where they are.';
--> statement-breakpoint
CREATE TABLE profile_aliases (
  slot smallint NOT NULL,
  profile_id uuid NOT NULL,
  known boolean NOT NULL DEFAULT false,
  into_bucket smallint,
  into_id uuid,
  landed boolean NOT NULL DEFAULT false,
  PRIMARY KEY (slot, profile_id)
);
--> statement-breakpoint
COMMENT ON TABLE profile_aliases IS
  'Where a profile went, decided once under this row''s lock; known: the person has a user id. slot: the profile''s own bucket number.';
--> statement-breakpoint
CREATE TABLE mail (
  from_bucket smallint NOT NULL,
  seq bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  to_bucket smallint NOT NULL,
  workspace_id integer NOT NULL,
  profile_id uuid NOT NULL,
  kind smallint NOT NULL,
  name_id integer NOT NULL,
  occurred_at timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  message_id text NOT NULL,
  body jsonb NOT NULL,
  mode smallint NOT NULL DEFAULT 0,
  PRIMARY KEY (from_bucket, seq)
);
--> statement-breakpoint
ALTER TABLE merges DROP CONSTRAINT merges_survivor_id_loser_id_key;
--> statement-breakpoint
ALTER TABLE merges
  ADD COLUMN pair text,
  ADD COLUMN decided_at timestamptz,
  ADD COLUMN taken_at timestamptz,
  ADD COLUMN landed_at timestamptz,
  ADD COLUMN done_at timestamptz,
  ADD COLUMN loser_image jsonb,
  ADD COLUMN survivor_image jsonb;
--> statement-breakpoint
UPDATE merges SET pair = survivor_id || ':' || loser_id;
--> statement-breakpoint
ALTER TABLE merges ALTER COLUMN pair SET NOT NULL, ADD CONSTRAINT merges_pair UNIQUE (pair);
--> statement-breakpoint
COMMENT ON COLUMN merges.state IS
  'requested; agreed or refused; taken (the loser is a tombstone, a parcel is on its way); landed (the survivor has it); done (identities point at the survivor). joined: the two were one already.';
--> statement-breakpoint
CREATE INDEX merges_open ON merges (state, requested_at) WHERE state IN ('requested', 'landed');
--> statement-breakpoint
CREATE INDEX merges_agreed ON merges (loser_bucket) WHERE state = 'agreed';
--> statement-breakpoint
CREATE INDEX merges_undecided ON merges (workspace_id, loser_bucket) WHERE state IN ('requested', 'agreed');
--> statement-breakpoint
CREATE INDEX merges_of_loser ON merges (loser_id);
--> statement-breakpoint
CREATE INDEX merges_of_survivor ON merges (survivor_id);
--> statement-breakpoint
ALTER TABLE run_jobs ADD COLUMN per_minute integer;
--> statement-breakpoint
COMMENT ON COLUMN run_jobs.per_minute IS 'Customers a minute, over all buckets, who are let go on; null: all at once.';
