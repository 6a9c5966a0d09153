-- Message ids are kept by week, not by day: an id is looked for in two partitions, not in eight. An id is recognised for
-- seven days at least. The hash is of workspace and id, so the workspace is no column any more.
-- A program that notes ids by day must not go on beside one that notes them by week: neither would see the other's.

UPDATE schema_info SET min_reader = 10;
--> statement-breakpoint
ALTER TABLE seen RENAME TO seen_by_day;
--> statement-breakpoint
ALTER INDEX seen_pkey RENAME TO seen_by_day_pkey;
--> statement-breakpoint
ALTER TABLE seen_default RENAME TO seen_by_day_default;
--> statement-breakpoint
ALTER INDEX seen_default_pkey RENAME TO seen_by_day_default_pkey;
--> statement-breakpoint
CREATE TABLE seen (
  slot smallint NOT NULL,
  message_hash uuid NOT NULL,
  week date NOT NULL,
  PRIMARY KEY (slot, message_hash, week)
) PARTITION BY RANGE (week);
--> statement-breakpoint
CREATE TABLE seen_default PARTITION OF seen DEFAULT;
--> statement-breakpoint
COMMENT ON TABLE seen IS 'Message ids of the last seven days and more, as hashes with their workspace; week is its Monday in UTC.';
--> statement-breakpoint
CREATE OR REPLACE FUNCTION keep_partitions(ahead interval) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  today date := (clock_timestamp() AT TIME ZONE 'UTC')::date;
  monday date := date_trunc('week', clock_timestamp() AT TIME ZONE 'UTC')::date;
  d date;
  past text;
BEGIN
  PERFORM pg_advisory_xact_lock(7264301);
  FOR past IN SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'seen'::regclass AND c.relname ~ '^seen_w[0-9]{8}$'
      AND to_date(right(c.relname, 8), 'YYYYMMDD') < monday - 7 LOOP
    EXECUTE format('DROP TABLE %I', past);
  END LOOP;
  FOR d IN SELECT generate_series(date_trunc('month', today::timestamp), today + ahead, '1 month')::date LOOP
    EXECUTE format('CREATE TABLE IF NOT EXISTS %I PARTITION OF events FOR VALUES FROM (%L) TO (%L)',
                   'events_' || to_char(d, 'YYYYMM'), d, d + interval '1 month');
    EXECUTE format('CREATE TABLE IF NOT EXISTS %I PARTITION OF steps FOR VALUES FROM (%L) TO (%L)',
                   'steps_' || to_char(d, 'YYYYMM'), d, d + interval '1 month');
  END LOOP;
  FOR d IN SELECT generate_series(monday - 7, monday + 21, '1 week')::date LOOP
    EXECUTE format('CREATE TABLE IF NOT EXISTS %I PARTITION OF seen FOR VALUES FROM (%L) TO (%L)',
                   'seen_w' || to_char(d, 'YYYYMMDD'), d, d + 7);
  END LOOP;
END $$;
--> statement-breakpoint
SELECT keep_partitions('60 days');
--> statement-breakpoint
INSERT INTO seen (slot, message_hash, week)
SELECT DISTINCT slot, message_hash, date_trunc('week', day)::date FROM seen_by_day
WHERE day >= (clock_timestamp() AT TIME ZONE 'UTC')::date - 7;
--> statement-breakpoint
DROP TABLE seen_by_day;
--> statement-breakpoint
-- Compared byte by byte: their order is nobody's business, and a locale's comparison costs more than the look.
ALTER TABLE identities ALTER COLUMN value TYPE text COLLATE "C",
  ALTER COLUMN since SET DEFAULT clock_timestamp();
