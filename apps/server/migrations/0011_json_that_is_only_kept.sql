-- These are written and read whole. As jsonb each is taken apart and put together again, which was a seventh of the
-- database's time for a step. Older programs read and write them as before. Rewrites the three tables.
ALTER TABLE messages ALTER COLUMN frozen TYPE json;
--> statement-breakpoint
ALTER TABLE enrollments ALTER COLUMN entry TYPE json;
--> statement-breakpoint
ALTER TABLE profiles ALTER COLUMN value_times TYPE json;
