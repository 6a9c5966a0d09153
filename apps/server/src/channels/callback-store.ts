import { sql } from "drizzle-orm"
import { statement, value } from "../db/statement.ts"

export const findWorkspaceByPublicId = statement<{ id: string }, { id: number }>(
  "callback_find_workspace",
  sql`SELECT id FROM workspaces WHERE public_id = ${value("id", "uuid")}`,
)
