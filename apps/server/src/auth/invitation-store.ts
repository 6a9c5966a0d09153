import { type EpochMs, formatInstant } from "@viaggio/journey-model"
import { type SQL, sql } from "drizzle-orm"
import type { DbOrTransaction } from "../db/client.ts"
import { epochMs } from "../db/instants.ts"
import type { Role } from "../workspaces/roles.ts"

export type InvitationRow = {
  id: string
  workspaceId: number
  email: string
  role: Role
  /** The name of who invited; null when they are gone. */
  invitedBy: string | null
  createdAt: EpochMs
  expiresAt: EpochMs
  mailedAt: EpochMs | null
}

export type NewInvitation = {
  id: string
  workspaceId: number
  email: string
  role: Role
  tokenHash: Uint8Array
  invitedBy: string
  expiresAt: EpochMs
}

const isOpen = sql`i.accepted_at is null and i.revoked_at is null`

async function read(db: DbOrTransaction, where: SQL): Promise<InvitationRow[]> {
  const rows = await db.execute<InvitationRow>(sql`
    select i.id, i.workspace_id as "workspaceId", i.email, i.role, u.name as "invitedBy",
      ${epochMs(sql`i.created_at`)} as "createdAt", ${epochMs(sql`i.expires_at`)} as "expiresAt",
      ${epochMs(sql`i.mailed_at`)} as "mailedAt"
    from invitations i left join users u on u.id = i.invited_by
    where ${isOpen} and ${where} order by i.created_at desc`)
  return [...rows]
}

/** Those that nobody has used or taken back; also the expired ones, which can be sent again. */
export function listInvitations(db: DbOrTransaction, workspaceId: number): Promise<InvitationRow[]> {
  return read(db, sql`i.workspace_id = ${workspaceId}`)
}

export async function findInvitation(
  db: DbOrTransaction,
  workspaceId: number,
  id: string,
): Promise<InvitationRow | undefined> {
  return (await read(db, sql`i.workspace_id = ${workspaceId} and i.id = ${id}::uuid`))[0]
}

export async function findInvitationByToken(
  db: DbOrTransaction,
  tokenHash: Uint8Array,
): Promise<InvitationRow | undefined> {
  return (await read(db, sql`i.token_hash = ${sql.param(tokenHash)} and i.expires_at > now()`))[0]
}

/** A later invitation of the same address takes the place of the open one, whose link ends. */
export async function putInvitation(db: DbOrTransaction, invitation: NewInvitation): Promise<string> {
  const { id, workspaceId, email, role, tokenHash, invitedBy } = invitation
  const [row] = await db.execute<{ id: string }>(sql`
    insert into invitations (id, workspace_id, email, role, token_hash, invited_by, expires_at)
    values (${id}::uuid, ${workspaceId}, ${email}, ${role}, ${sql.param(tokenHash)}, ${invitedBy},
      ${formatInstant(invitation.expiresAt)}::timestamptz)
    on conflict (workspace_id, email) where accepted_at is null and revoked_at is null
    do update set role = excluded.role, token_hash = excluded.token_hash, invited_by = excluded.invited_by,
      expires_at = excluded.expires_at, mailed_at = null
    returning id`)
  return row!.id
}

export async function noteMailed(db: DbOrTransaction, id: string): Promise<void> {
  await db.execute(sql`update invitations set mailed_at = now() where id = ${id}::uuid`)
}

/** False when there is no such open one. */
export async function revokeInvitation(
  db: DbOrTransaction,
  workspaceId: number,
  id: string,
): Promise<boolean> {
  const rows = await db.execute(sql`
    update invitations i set revoked_at = now()
    where i.workspace_id = ${workspaceId} and i.id = ${id}::uuid and ${isOpen} returning i.id`)
  return rows.length > 0
}

/** True once, also when two requests bring the same token at the same time. */
export async function consumeInvitation(db: DbOrTransaction, tokenHash: Uint8Array): Promise<boolean> {
  const rows = await db.execute(sql`
    update invitations i set accepted_at = now()
    where i.token_hash = ${sql.param(tokenHash)} and ${isOpen} and i.expires_at > now() returning i.id`)
  return rows.length > 0
}
