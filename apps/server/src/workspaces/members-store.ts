import type { EpochMs } from "@viaggio/journey-model"
import { sql } from "drizzle-orm"
import type { DbOrTransaction } from "../db/client.ts"
import { epochMs } from "../db/instants.ts"
import type { Role } from "./roles.ts"

export type Member = { userId: string; name: string; email: string; role: Role; since: EpochMs }

export async function listMembers(db: DbOrTransaction, workspaceId: number): Promise<Member[]> {
  const rows = await db.execute<Member>(sql`
    select m.user_id as "userId", u.name, u.email, m.role, ${epochMs(sql`m.created_at`)} as since
    from memberships m join users u on u.id = m.user_id
    where m.workspace_id = ${workspaceId} order by u.name, u.email`)
  return [...rows]
}

export async function findRole(
  db: DbOrTransaction,
  workspaceId: number,
  userId: string,
): Promise<Role | undefined> {
  const [row] = await db.execute<{ role: Role }>(sql`
    select role from memberships where workspace_id = ${workspaceId} and user_id = ${userId}`)
  return row?.role
}

/** The owners, locked until the transaction ends: two who leave at once cannot both think the other stays. */
export async function lockOwners(transaction: DbOrTransaction, workspaceId: number): Promise<string[]> {
  const rows = await transaction.execute<{ userId: string }>(sql`
    select user_id as "userId" from memberships where workspace_id = ${workspaceId} and role = 'owner'
    order by user_id for update`)
  return rows.map(({ userId }) => userId)
}

/** False when there is no such member. */
export async function updateRole(
  db: DbOrTransaction,
  workspaceId: number,
  userId: string,
  role: Role,
): Promise<boolean> {
  const rows = await db.execute(sql`
    update memberships set role = ${role} where workspace_id = ${workspaceId} and user_id = ${userId}
    returning user_id`)
  return rows.length > 0
}

export async function deleteMember(
  db: DbOrTransaction,
  workspaceId: number,
  userId: string,
): Promise<boolean> {
  const rows = await db.execute(sql`
    delete from memberships where workspace_id = ${workspaceId} and user_id = ${userId} returning user_id`)
  return rows.length > 0
}

/** Joins with that role; who is in already keeps the higher one of the two. */
export async function joinAs(
  db: DbOrTransaction,
  workspaceId: number,
  userId: string,
  role: Role,
): Promise<void> {
  await db.execute(sql`
    insert into memberships as m (workspace_id, user_id, role) values (${workspaceId}, ${userId}, ${role})
    on conflict (workspace_id, user_id) do update set role = excluded.role
    where m.role = 'viewer' or excluded.role = 'owner'`)
}
