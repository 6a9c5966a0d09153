import type { EpochMs } from "@viaggio/journey-model"
import { sql } from "drizzle-orm"
import type { DbOrTransaction } from "../db/client.ts"
import { epochMs } from "../db/instants.ts"
import type { Role } from "./roles.ts"

export type KeyKind = "api" | "write"

/** What an API key may do; a write key brings events, whatever stands here. */
export type KeyRights = Extract<Role, "editor" | "owner">

export type KeyRow = {
  id: string
  kind: KeyKind
  name: string
  hint: string
  createdAt: EpochMs
  lastUsedAt: EpochMs | null
}

export async function insertKey(
  db: DbOrTransaction,
  key: {
    id: string
    workspaceId: number
    kind: KeyKind
    rights: KeyRights
    name: string
    hash: Uint8Array
    hint: string
  },
): Promise<void> {
  await db.execute(sql`
    insert into api_keys (id, workspace_id, kind, rights, name, hash, hint)
    values (${key.id}, ${key.workspaceId}, ${key.kind}, ${key.rights}, ${key.name}, ${sql.param(key.hash)}, ${key.hint})`)
}

export async function listKeys(db: DbOrTransaction, workspaceId: number): Promise<KeyRow[]> {
  const rows = await db.execute<KeyRow>(sql`
    select id, kind, name, hint, ${epochMs(sql`created_at`)} as "createdAt", ${epochMs(sql`last_used_at`)} as "lastUsedAt"
    from api_keys where workspace_id = ${workspaceId} and revoked_at is null order by id desc`)
  return [...rows]
}

/** False when there is no such key that still holds. */
export async function revokeKey(db: DbOrTransaction, workspaceId: number, id: string): Promise<boolean> {
  const rows = await db.execute(sql`
    update api_keys set revoked_at = now()
    where workspace_id = ${workspaceId} and id = ${id}::uuid and revoked_at is null returning id`)
  return rows.length > 0
}

/** The workspace and rights of a key that holds, and a note of its use, to the minute. */
export async function useKey(
  db: DbOrTransaction,
  kind: KeyKind,
  hash: Uint8Array,
): Promise<{ workspaceId: number; rights: KeyRights } | undefined> {
  const [row] = await db.execute<{ id: string; workspaceId: number; rights: KeyRights; stale: boolean }>(sql`
    select id, workspace_id as "workspaceId", rights, coalesce(last_used_at < now() - interval '1 minute', true) as stale
    from api_keys where hash = ${sql.param(hash)} and kind = ${kind} and revoked_at is null`)
  if (row?.stale) await db.execute(sql`update api_keys set last_used_at = now() where id = ${row.id}::uuid`)
  return row
}
