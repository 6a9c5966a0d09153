-- Workers share the buckets and move test clocks together; customers who break the work are set aside and tried again.

-- One row per living worker: how many there are says how many buckets each of them takes.
CREATE TABLE workers (
  owner text PRIMARY KEY,
  release text NOT NULL,
  started_at timestamptz NOT NULL,
  seen_at timestamptz NOT NULL
);
--> statement-breakpoint
DROP TABLE clock_advances;
--> statement-breakpoint
-- One row per sandbox, so that one advance at a time is the table's own rule. Open until finished_at; `done` says
-- whether it came to its end or was cut short.
CREATE TABLE clock_advances (
  workspace_id integer PRIMARY KEY REFERENCES workspaces (id) ON DELETE CASCADE,
  run uuid NOT NULL,
  clock integer NOT NULL,
  target timestamptz NOT NULL,
  started_at timestamptz NOT NULL,
  finished_at timestamptz,
  done boolean NOT NULL DEFAULT false
);
--> statement-breakpoint
CREATE INDEX clock_advances_open ON clock_advances (workspace_id) WHERE finished_at IS NULL;
--> statement-breakpoint
-- What an advance did in each bucket, written in the batches themselves.
CREATE TABLE clock_advance_counts (
  workspace_id integer NOT NULL,
  bucket smallint NOT NULL,
  run uuid NOT NULL,
  events bigint NOT NULL,
  steps bigint NOT NULL,
  messages bigint NOT NULL,
  PRIMARY KEY (workspace_id, bucket)
) WITH (fillfactor = 50);
--> statement-breakpoint
CREATE INDEX messages_open_of_clock ON messages (bucket, clock) WHERE state < 2 AND clock <> 0;
--> statement-breakpoint
-- The batch that a bucket was at when its worker died: from which event to which, how often it was begun since, and
-- whom it was at when customers were taken one by one.
ALTER TABLE buckets ADD COLUMN try_from bigint, ADD COLUMN try_to bigint,
  ADD COLUMN attempts smallint NOT NULL DEFAULT 0, ADD COLUMN try_profile uuid, ADD COLUMN try_workspace integer;
--> statement-breakpoint
-- release: the version of the program that failed. asked: 'try' or 'skip', to be done by the bucket's worker.
ALTER TABLE stuck ADD COLUMN release text NOT NULL DEFAULT '', ADD COLUMN asked text,
  ADD COLUMN tries integer NOT NULL DEFAULT 0, ADD COLUMN failed_tries integer NOT NULL DEFAULT 0, ADD COLUMN tried_at timestamptz;
--> statement-breakpoint
CREATE INDEX stuck_of_workspace ON stuck (workspace_id, since);
--> statement-breakpoint
CREATE INDEX stuck_asked ON stuck (bucket) WHERE asked IS NOT NULL;
--> statement-breakpoint
-- What the hourly comparison of counters with enrollments found; an empty list is a good one.
CREATE TABLE counter_checks (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  started_at timestamptz NOT NULL,
  finished_at timestamptz,
  differences jsonb
);
