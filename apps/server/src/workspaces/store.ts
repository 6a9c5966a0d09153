import { type EpochMs, formatInstant } from "@viaggio/journey-model"
import { type SQL, sql } from "drizzle-orm"
import type { DbOrTransaction } from "../db/client.ts"
import { epochMs } from "../db/instants.ts"
import type { Role } from "./roles.ts"
import type { Workspace, WorkspaceSettings } from "./workspace.ts"

export type NewWorkspace = {
  publicId: string
  name: string
  zone: string
  language: string
  /** Where a sandbox's clock starts; absent for a workspace on the real clock. */
  startAt?: EpochMs
}

const columns = sql`w.id, w.public_id as "publicId", w.name, w.zone, w.language, w.sandbox, w.clock,
  ${epochMs(sql`w.clock_now`)} as "clockNow", w.settings`

type WorkspaceRow = Omit<Workspace, "clockNow"> & { clockNow: number | null }

const toWorkspace = ({ clockNow, ...row }: WorkspaceRow): Workspace =>
  clockNow === null ? row : { ...row, clockNow }

async function read(db: DbOrTransaction, where: SQL): Promise<Workspace[]> {
  const rows = await db.execute<WorkspaceRow>(
    sql`select ${columns} from workspaces w where ${where} order by w.id`,
  )
  return rows.map(toWorkspace)
}

export async function findWorkspace(db: DbOrTransaction, id: number): Promise<Workspace | undefined> {
  return (await read(db, sql`w.id = ${id}`))[0]
}

/** Of several processes that start at once one makes the first workspace. */
export async function lockFirstWorkspace(transaction: DbOrTransaction): Promise<void> {
  await transaction.execute(sql`select pg_advisory_xact_lock(811802003)`)
}

/** The one that the administrator's key belongs to. */
export async function findDefaultWorkspace(db: DbOrTransaction): Promise<Workspace | undefined> {
  return (await read(db, sql`w.id = (select min(id) from workspaces)`))[0]
}

/** A workspace as one person knows it. */
export type Membership = { workspace: Workspace; role: Role }

export async function findWorkspacesOf(db: DbOrTransaction, userId: string): Promise<Membership[]> {
  const rows = await db.execute<WorkspaceRow & { role: Role }>(sql`
    select ${columns}, m.role from memberships m join workspaces w on w.id = m.workspace_id
    where m.user_id = ${userId} order by w.id`)
  return rows.map(({ role, ...row }) => ({ workspace: toWorkspace(row), role }))
}

export async function insertWorkspace(db: DbOrTransaction, workspace: NewWorkspace): Promise<Workspace> {
  const startAt = workspace.startAt === undefined ? null : formatInstant(workspace.startAt)
  const [row] = await db.execute<{ id: number }>(sql`
    with next as (select nextval(pg_get_serial_sequence('workspaces', 'id'))::int as id)
    insert into workspaces (id, public_id, name, zone, language, sandbox, clock, clock_now) overriding system value
    select id, ${workspace.publicId}::uuid, ${workspace.name}, ${workspace.zone}, ${workspace.language},
      ${startAt}::timestamptz is not null, case when ${startAt}::timestamptz is null then 0 else id end,
      ${startAt}::timestamptz
    from next returning id`)
  return (await findWorkspace(db, row!.id))!
}

export async function updateWorkspace(
  db: DbOrTransaction,
  id: number,
  change: { name?: string; zone?: string; language?: string; settings?: WorkspaceSettings },
): Promise<void> {
  const settings = change.settings === undefined ? null : JSON.stringify(change.settings)
  await db.execute(sql`
    update workspaces set name = coalesce(${change.name ?? null}, name), zone = coalesce(${change.zone ?? null}, zone),
      language = coalesce(${change.language ?? null}, language),
      settings = settings || coalesce(${settings}::jsonb, '{}')
    where id = ${id}`)
}

/** Makes that person an owner of a workspace that was just made. */
export async function addOwner(db: DbOrTransaction, workspaceId: number, userId: string): Promise<void> {
  await db.execute(sql`
    insert into memberships (workspace_id, user_id, role) values (${workspaceId}, ${userId}, 'owner')
    on conflict do nothing`)
}

/** Everybody of one workspace becomes a member of another, in the same role. */
export async function copyMembers(db: DbOrTransaction, from: number, to: number): Promise<void> {
  await db.execute(sql`
    insert into memberships (workspace_id, user_id, role)
    select ${to}, user_id, role from memberships where workspace_id = ${from} on conflict do nothing`)
}

/** The owner of a new installation joins whatever an administrator's key has made before. */
export async function addMemberEverywhere(db: DbOrTransaction, userId: string): Promise<void> {
  await db.execute(sql`
    insert into memberships (workspace_id, user_id, role) select id, ${userId}, 'owner' from workspaces
    on conflict do nothing`)
}
