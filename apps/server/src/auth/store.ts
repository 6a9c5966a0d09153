import { drizzleAdapter } from "better-auth/adapters/drizzle"
import { sql } from "drizzle-orm"
import type { Db, DbOrTransaction } from "../db/client.ts"
import { accounts, sessions, users, verifications } from "./tables.ts"

/** What an installation keeps for itself. */
export type Installation = { id: string; authSecret: string; hashSecret: string }

/** Reads the installation's row; the first process to come makes it, with these secrets. */
export async function ensureInstallation(
  db: Db,
  secrets: { authSecret: string; hashSecret: string },
): Promise<Installation> {
  await db.execute(sql`
    insert into installation (auth_secret, hash_secret) values (${secrets.authSecret}, ${secrets.hashSecret})
    on conflict (one) do nothing`)
  const [row] = await db.execute<Installation>(
    sql`select id, auth_secret as "authSecret", hash_secret as "hashSecret" from installation`,
  )
  return row!
}

export async function hasUsers(db: DbOrTransaction): Promise<boolean> {
  const [row] = await db.execute<{ some: boolean }>(sql`select exists (select from users) as some`)
  return row!.some
}

export async function keepSetUpToken(db: DbOrTransaction, hash: Uint8Array): Promise<void> {
  await db.execute(sql`update installation set setup_token_hash = ${sql.param(hash)}`)
}

/** Whether that token would still make the owner. */
export async function isSetUpToken(db: DbOrTransaction, hash: Uint8Array): Promise<boolean> {
  const rows = await db.execute(sql`select one from installation where setup_token_hash = ${sql.param(hash)}`)
  return rows.length > 0
}

/** True once for the right token, also when two requests bring it at the same time. */
export async function consumeSetUpToken(db: DbOrTransaction, hash: Uint8Array): Promise<boolean> {
  const rows = await db.execute(sql`
    update installation set setup_token_hash = null where setup_token_hash = ${sql.param(hash)} returning one`)
  return rows.length > 0
}

/** The id of the account of an address, given in lower case. */
export async function findUserByEmail(db: DbOrTransaction, email: string): Promise<string | undefined> {
  const [row] = await db.execute<{ id: string }>(sql`select id from users where email = ${email}`)
  return row?.id
}

/** A person who signs in with e-mail (in lower case) and password, as better-auth's own sign-up would write them. */
export async function insertUser(
  db: DbOrTransaction,
  user: { id: string; accountId: string; name: string; email: string; passwordHash: string },
): Promise<void> {
  await db.execute(sql`insert into users (id, name, email) values (${user.id}, ${user.name}, ${user.email})`)
  await db.execute(sql`
    insert into accounts (id, account_id, provider_id, user_id, password)
    values (${user.accountId}, ${user.id}, 'credential', ${user.id}, ${user.passwordHash})`)
}

/** The hash of somebody's password, as the library wrote it. */
export async function findPasswordHash(db: DbOrTransaction, userId: string): Promise<string | undefined> {
  const [row] = await db.execute<{ password: string | null }>(sql`
    select password from accounts where user_id = ${userId} and provider_id = 'credential'`)
  return row?.password ?? undefined
}

export async function updatePasswordHash(db: DbOrTransaction, userId: string, hash: string): Promise<void> {
  await db.execute(sql`
    update accounts set password = ${hash}, updated_at = now()
    where user_id = ${userId} and provider_id = 'credential'`)
}

/** The tables of better-auth, under our names. */
export function authAdapter(db: Db) {
  return drizzleAdapter(db, {
    provider: "pg",
    schema: { user: users, session: sessions, account: accounts, verification: verifications },
  })
}
