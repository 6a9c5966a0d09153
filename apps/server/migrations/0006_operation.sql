-- One row: the number of the newest migration here, and the lowest that a running program must know. A migration
-- that takes away what older programs read raises min_reader; those then give up their work and stop.
create table schema_info (
  one boolean primary key default true check (one),
  version integer not null,
  min_reader integer not null
);
--> statement-breakpoint
insert into schema_info (version, min_reader) values (6, 0);
