-- Backups, and what a restored database must not do twice.

ALTER TABLE installation
  ADD COLUMN generation integer NOT NULL DEFAULT 1,
  ADD COLUMN held_since timestamptz,
  ADD COLUMN backup_at timestamptz,
  ADD COLUMN reconciled_at timestamptz,
  ADD COLUMN released_at timestamptz;
COMMENT ON COLUMN installation.generation IS 'One more with each restore: what an earlier life of this installation sent is told by its journal.';
COMMENT ON COLUMN installation.held_since IS 'While set, events are taken in, but none is worked, no timer runs and nothing real is sent.';

-- Effects that left after the backup, by the journal outside of the database. Seldom filled, asked before each send.
CREATE TABLE sent_before (id uuid PRIMARY KEY);

-- Messages of these versions that were decided for an instant up to `until` are not sent any more.
CREATE TABLE skipped_versions (version_id integer PRIMARY KEY, until timestamptz NOT NULL);
