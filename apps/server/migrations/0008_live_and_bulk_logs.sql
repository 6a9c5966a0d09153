-- Each bucket has two logs, live and bulk, each with a head and a cursor. The numbers of the bulk log begin at 2^51, so
-- that one key and one index serve both; a worker that takes one workspace's flood in portions notes how far it is.

ALTER TABLE events ADD COLUMN mode smallint NOT NULL DEFAULT 0;
--> statement-breakpoint
COMMENT ON COLUMN events.mode IS '0 live, 1 history: changes what is known of a customer and nothing that happens to them';
--> statement-breakpoint
COMMENT ON COLUMN events.seq IS 'Number within the bucket; from 2251799813685248 on it is one of the bulk log.';
--> statement-breakpoint
ALTER TABLE bucket_heads ADD COLUMN bulk_on date NOT NULL DEFAULT '2000-01-01',
  ADD COLUMN bulk_seq bigint NOT NULL DEFAULT 2251799813685248;
--> statement-breakpoint
ALTER TABLE buckets ADD COLUMN bulk_on date NOT NULL DEFAULT '2000-01-01',
  ADD COLUMN bulk_seq bigint NOT NULL DEFAULT 2251799813685248;
--> statement-breakpoint
ALTER TABLE stuck ADD COLUMN bulk_on date NOT NULL DEFAULT '2000-01-01',
  ADD COLUMN bulk_seq bigint NOT NULL DEFAULT 2251799813685248;
--> statement-breakpoint
UPDATE stuck s SET bulk_seq = b.bulk_seq + 1 FROM buckets b WHERE b.bucket = s.bucket;
--> statement-breakpoint
-- Workspaces whose live events of a bucket are worked up to here only, though its cursor is further.
CREATE TABLE lagging (
  bucket smallint NOT NULL,
  workspace_id integer NOT NULL,
  worked_on date NOT NULL,
  worked_seq bigint NOT NULL,
  PRIMARY KEY (bucket, workspace_id)
) WITH (fillfactor = 50);
