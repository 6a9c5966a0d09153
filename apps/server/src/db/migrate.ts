import { join } from "node:path"
import { setTimeout as pause } from "node:timers/promises"
import { drizzle } from "drizzle-orm/postgres-js"
import { migrate as applyMigrations } from "drizzle-orm/postgres-js/migrator"
import type { Sql } from "postgres"
import { packageRoot } from "../package-root.ts"
import { connect, errorCode } from "./connect.ts"

const migrationLock = 811_802_002
const lockRetries = 40
const lockNotAvailable = "55P03"

/** Brings the schema up to date. Of several processes that start at once one works, the others wait and say so. */
export async function migrate(url: string, say: (line: string) => void): Promise<void> {
  const connection = {
    application_name: "viaggio migrations",
    client_min_messages: "warning",
    lock_timeout: 3_000,
  }
  const session = connect(url, { max: 1, idle_timeout: 0, max_lifetime: null, connection })
  const db = drizzle(session)
  try {
    await takeLock(session, say)
    for (let attempt = 1; ; attempt++) {
      try {
        return await applyMigrations(db, { migrationsFolder: join(packageRoot(), "migrations") })
      } catch (error) {
        if (errorCode(error) !== lockNotAvailable || attempt === lockRetries) throw error
        say("A table is in use, trying the migration again …")
      }
    }
  } finally {
    await session.end({ timeout: 5 })
  }
}

async function takeLock(session: Sql, say: (line: string) => void): Promise<void> {
  for (let waitedMs = 0; ; waitedMs += 50) {
    const [lock] = await session.unsafe(`select pg_try_advisory_lock(${migrationLock}) as taken`)
    if (lock?.taken === true) return
    if (waitedMs % 3_000 === 0) say("Another process is migrating the database, waiting …")
    await pause(50)
  }
}
