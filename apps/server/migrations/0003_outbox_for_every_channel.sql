-- The outbox carries the effects of every channel, each to a provider with capacity of its own.

ALTER TABLE messages ADD COLUMN channel smallint NOT NULL DEFAULT 0;
--> statement-breakpoint
COMMENT ON COLUMN messages.channel IS '0 e-mail, 1 webhook';
