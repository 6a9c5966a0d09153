-- Long work that a person asked for, imported files, and mails that were sent as a test.

-- Whoever holds the claim works the task; after claim_until another process goes on from the progress.
CREATE TABLE tasks (
  id uuid PRIMARY KEY,
  workspace_id integer NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  kind text NOT NULL,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done', 'failed', 'cancelled')),
  about jsonb NOT NULL,
  progress jsonb NOT NULL DEFAULT '{}',
  asked_by text NOT NULL,
  claim uuid,
  claim_until timestamptz NOT NULL DEFAULT '-infinity',
  error text,
  created_at timestamptz NOT NULL,
  ended_at timestamptz
) WITH (fillfactor = 50);
--> statement-breakpoint
CREATE INDEX tasks_open ON tasks (created_at) WHERE state = 'open';
--> statement-breakpoint
CREATE INDEX tasks_of_workspace ON tasks (workspace_id, kind, created_at);
--> statement-breakpoint
-- hash: SHA-256 of the file's bytes. check_task, import_task: the last dry run, and the last run that brought rows in.
CREATE TABLE imports (
  id uuid PRIMARY KEY,
  workspace_id integer NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  name text NOT NULL,
  bytes bigint NOT NULL,
  hash text NOT NULL,
  rows integer NOT NULL,
  encoding text NOT NULL,
  delimiter text NOT NULL,
  mapping jsonb,
  uploaded_by text NOT NULL,
  check_task uuid REFERENCES tasks (id),
  import_task uuid REFERENCES tasks (id),
  created_at timestamptz NOT NULL
);
--> statement-breakpoint
CREATE INDEX imports_of_workspace ON imports (workspace_id, created_at);
--> statement-breakpoint
-- The file itself, in pieces: every process can read it, and a backup takes it along.
CREATE TABLE import_parts (
  import_id uuid NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
  part integer NOT NULL,
  bytes bytea NOT NULL,
  PRIMARY KEY (import_id, part)
);
--> statement-breakpoint
CREATE TABLE import_rejects (
  task_id uuid NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
  line integer NOT NULL,
  problem jsonb NOT NULL,
  fields jsonb NOT NULL,
  PRIMARY KEY (task_id, line)
);
--> statement-breakpoint
-- Mails that members sent to themselves; no customer got them and no number counts them.
CREATE TABLE test_mails (
  id uuid PRIMARY KEY,
  workspace_id integer NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  at timestamptz NOT NULL,
  recipient text NOT NULL,
  sent_by text NOT NULL,
  via text NOT NULL CHECK (via IN ('smtp', 'mailbox')),
  journey text,
  node text,
  customer text,
  subject text NOT NULL,
  body_text text NOT NULL,
  html text NOT NULL,
  error text
);
--> statement-breakpoint
CREATE INDEX test_mails_of_workspace ON test_mails (workspace_id, at);
