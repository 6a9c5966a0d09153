import { sql } from "drizzle-orm"
import type { DbOrTransaction } from "./client.ts"

/** Tells every engine, in its next batch, that a workspace, a version or a run state is another now. */
export async function bumpDefinitions(transaction: DbOrTransaction): Promise<void> {
  await transaction.execute(sql`update definitions set revision = revision + 1`)
}
