import type { EpochMs } from "@viaggio/journey-model"
import { sql } from "drizzle-orm"
import type { DbOrTransaction } from "../db/client.ts"
import { epochMs } from "../db/instants.ts"

export type SessionRow = {
  id: string
  address: string | null
  userAgent: string | null
  createdAt: EpochMs
  usedAt: EpochMs
}

/** The sessions of a person that still hold, the last used first. */
export async function listSessions(db: DbOrTransaction, userId: string): Promise<SessionRow[]> {
  const rows = await db.execute<SessionRow>(sql`
    select id, nullif(ip_address, '') as address, nullif(user_agent, '') as "userAgent",
      ${epochMs(sql`created_at`)} as "createdAt", ${epochMs(sql`updated_at`)} as "usedAt"
    from sessions where user_id = ${userId} and expires_at > now() order by updated_at desc limit 100`)
  return [...rows]
}

/** False when the person has no such session. */
export async function endSession(db: DbOrTransaction, userId: string, id: string): Promise<boolean> {
  const rows = await db.execute(
    sql`delete from sessions where user_id = ${userId} and id = ${id} returning id`,
  )
  return rows.length > 0
}

/** Answers how many there were. */
export async function endSessionsBut(db: DbOrTransaction, userId: string, id: string): Promise<number> {
  const rows = await db.execute(
    sql`delete from sessions where user_id = ${userId} and id <> ${id} returning id`,
  )
  return rows.length
}
