import { randomBytes } from "node:crypto"
import { inject } from "vitest"
import { type Database, openDatabase } from "../src/db/client.ts"
import { connect, withDatabase } from "../src/db/connect.ts"

/** A migrated, empty database of a test's own, with both pools. */
export type TestDatabase = Database & { url: string; drop(): Promise<void> }

/** Clones the template; the clone is quick and knows nothing of other tests. Drop it when done. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const { url: serverUrl, templateName } = inject("postgres")
  const name = `test_${randomBytes(6).toString("hex")}`
  await administer(serverUrl, `create database ${name} template ${templateName}`)
  const url = withDatabase(serverUrl, name)
  const database = await openDatabase({ url, engineConnections: 6, analyticsConnections: 2 })
  return {
    ...database,
    url,
    async drop() {
      await database.close()
      await administer(serverUrl, `drop database if exists ${name} with (force)`)
    },
  }
}

async function administer(serverUrl: string, statement: string): Promise<void> {
  const admin = connect(serverUrl, { max: 1 })
  try {
    await admin.unsafe(statement)
  } finally {
    await admin.end()
  }
}
