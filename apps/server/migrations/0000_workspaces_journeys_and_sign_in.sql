-- One row: what this installation keeps for itself.
create table installation (
  one boolean primary key default true check (one),
  id uuid not null default gen_random_uuid(),
  auth_secret text not null,
  hash_secret text not null,
  setup_token_hash bytea,
  created_at timestamptz not null default now()
);
--> statement-breakpoint
-- One row: rises with every change that a running engine has to see.
create table definitions (
  one boolean primary key default true check (one),
  revision bigint not null
);
--> statement-breakpoint
insert into definitions (revision) values (1);
--> statement-breakpoint
create table users (
  id text primary key,
  name text not null,
  email text not null unique,
  email_verified boolean not null default false,
  image text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
--> statement-breakpoint
create table sessions (
  id text primary key,
  token text not null unique,
  user_id text not null references users (id) on delete cascade,
  expires_at timestamptz not null,
  ip_address text,
  user_agent text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
--> statement-breakpoint
create index sessions_of_user on sessions (user_id);
--> statement-breakpoint
create table accounts (
  id text primary key,
  account_id text not null,
  provider_id text not null,
  user_id text not null references users (id) on delete cascade,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  password text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
--> statement-breakpoint
create index accounts_of_user on accounts (user_id);
--> statement-breakpoint
create table verifications (
  id text primary key,
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
--> statement-breakpoint
create table sign_in_attempts (
  id text primary key,
  key text not null unique,
  count integer not null,
  last_request bigint not null
);
--> statement-breakpoint
-- clock: 0 is the real one; a sandbox has its own, numbered like the workspace, that stands at clock_now.
create table workspaces (
  id integer generated always as identity primary key,
  public_id uuid not null unique,
  name text not null,
  zone text not null,
  language text not null,
  sandbox boolean not null default false,
  clock integer not null default 0,
  clock_now timestamptz,
  settings jsonb not null default '{}',
  created_at timestamptz not null default now(),
  check (sandbox = (clock <> 0)),
  check (sandbox = (clock_now is not null))
);
--> statement-breakpoint
create table memberships (
  workspace_id integer not null references workspaces (id) on delete cascade,
  user_id text not null references users (id) on delete cascade,
  role text not null,
  created_at timestamptz not null default now(),
  primary key (workspace_id, user_id)
);
--> statement-breakpoint
create table api_keys (
  id uuid primary key,
  workspace_id integer not null references workspaces (id) on delete cascade,
  kind text not null check (kind in ('api', 'write')),
  name text not null,
  hash bytea not null unique,
  hint text not null,
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  revoked_at timestamptz
);
--> statement-breakpoint
create index api_keys_of_workspace on api_keys (workspace_id, id);
--> statement-breakpoint
-- document: the canonical text; jsonb would lose the order of its keys.
create table journeys (
  id integer generated always as identity primary key,
  workspace_id integer not null references workspaces (id) on delete cascade,
  key text not null,
  document text not null,
  revision integer not null default 1,
  hash text not null,
  status text not null default 'draft' check (status in ('draft', 'live', 'paused', 'stopped')),
  live_version integer,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (workspace_id, key),
  check ((status = 'draft') = (live_version is null))
);
--> statement-breakpoint
create table journey_versions (
  id integer generated always as identity primary key,
  journey_id integer not null references journeys (id) on delete cascade,
  workspace_id integer not null references workspaces (id) on delete cascade,
  number integer not null,
  document text not null,
  hash text not null,
  note text,
  published_at timestamptz not null default now(),
  published_by text,
  unique (journey_id, number)
);
