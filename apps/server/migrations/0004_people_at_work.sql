-- Roles: viewer < editor < owner.
alter table memberships add constraint memberships_role check (role in ('owner', 'editor', 'viewer'));
--> statement-breakpoint
create index memberships_of_user on memberships (user_id);
--> statement-breakpoint
-- rights: what the holder of an api key may do; a write key only brings events, whatever stands here.
alter table api_keys add column rights text not null default 'editor' check (rights in ('editor', 'owner'));
--> statement-breakpoint
-- One open invitation per workspace and address; the link's token is kept as SHA-256 only.
create table invitations (
  id uuid primary key,
  workspace_id integer not null references workspaces (id) on delete cascade,
  email text not null,
  role text not null check (role in ('owner', 'editor', 'viewer')),
  token_hash bytea not null unique,
  invited_by text references users (id) on delete set null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  mailed_at timestamptz,
  accepted_at timestamptz,
  revoked_at timestamptz
);
--> statement-breakpoint
create unique index invitations_open on invitations (workspace_id, email)
  where accepted_at is null and revoked_at is null;
--> statement-breakpoint
-- Tries to sign in by account and by address (both as SHA-256); open_at: no further try before.
create table sign_in_limits (
  key bytea primary key,
  tries integer not null,
  last_at timestamptz not null,
  open_at timestamptz not null
);
--> statement-breakpoint
create index sign_in_limits_last on sign_in_limits (last_at);
