import { join } from "node:path"
import { setTimeout as pause } from "node:timers/promises"
import type { ReservedSql } from "postgres"
import { packageRoot } from "../package-root.ts"
import { connect, errorCode } from "./connect.ts"
import { indexBuiltBy, type Migration, readMigrations } from "./migration-files.ts"
import { OutdatedProgram, outdatedSentence, type SchemaInfo } from "./schema.ts"

const migrationLock = 811_802_002
const lockRetries = 40
const lockTimeout = "3s"
const lockNotAvailable = "55P03"
const lookEachMs = 50

export type MigrateOptions = { folder?: string }

/**
 * Brings the schema up to date, on one direct connection. Of several processes that start at once one works, the
 * others wait and say so. Throws OutdatedProgram when a newer release has made a schema that this one cannot read.
 */
export async function migrate(
  url: string,
  say: (line: string) => void,
  { folder = join(packageRoot(), "migrations") }: MigrateOptions = {},
): Promise<void> {
  const migrations = readMigrations(folder)
  const connection = { application_name: "viaggio migrations", client_min_messages: "warning" }
  const client = connect(url, { max: 1, idle_timeout: 0, max_lifetime: null, connection })
  try {
    // One connection to the end: on another one the lock would not be ours.
    const session = await client.reserve()
    try {
      // Without the lock, so that a user without the right to make tables can start when there is nothing to do.
      if (await isDone(session, migrations)) return
      await takeLock(session, say)
      const last = await readLast(session)
      await refuseOutdated(session, migrations)
      for (const migration of migrations.filter(({ when }) => when > last))
        await apply(session, migration, say)
      await noteVersion(session, migrations)
    } finally {
      session.release()
    }
  } finally {
    await client.end({ timeout: 5 })
  }
}

async function takeLock(session: ReservedSql, say: (line: string) => void): Promise<void> {
  for (let waitedMs = 0; ; waitedMs += lookEachMs) {
    const [lock] = await session.unsafe(`select pg_try_advisory_lock(${migrationLock}) as taken`)
    if (lock?.taken === true) return
    if (waitedMs % 3_000 === 0) say("Another process is migrating the database, waiting …")
    await pause(lookEachMs)
  }
}

/** The `when` of the newest applied migration; the table is the one that drizzle's migrator has kept so far. */
async function readLast(session: ReservedSql): Promise<number> {
  const [found] = await session`select to_regclass('drizzle.__drizzle_migrations') is not null as there`
  if (found?.there !== true) {
    await session.unsafe(`create schema if not exists drizzle`)
    await session.unsafe(
      `create table if not exists drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)`,
    )
  }
  const [row] = await session`select max(created_at)::float8 as last from drizzle.__drizzle_migrations`
  return row?.last ?? 0
}

async function readInfo(session: ReservedSql): Promise<SchemaInfo | undefined> {
  const [there] = await session`select to_regclass('schema_info') is not null as there`
  if (there?.there !== true) return undefined
  const [info] = await session<SchemaInfo[]>`select version, min_reader as "minReader" from schema_info`
  return info
}

async function refuseOutdated(session: ReservedSql, migrations: Migration[]): Promise<void> {
  const info = await readInfo(session)
  const known = newestOf(migrations)
  if (info !== undefined && info.minReader > known) throw new OutdatedProgram(outdatedSentence(info, known))
}

async function isDone(session: ReservedSql, migrations: Migration[]): Promise<boolean> {
  await refuseOutdated(session, migrations)
  const info = await readInfo(session)
  return info !== undefined && info.version >= newestOf(migrations)
}

const newestOf = (migrations: Migration[]): number => migrations.at(-1)?.number ?? 0

async function apply(session: ReservedSql, migration: Migration, say: (line: string) => void): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await (migration.transactional
        ? applyWhole(session, migration)
        : applyOutside(session, migration))
    } catch (error) {
      if (errorCode(error) !== lockNotAvailable || attempt === lockRetries) throw error
      say(`A table is in use, trying ${migration.name} again …`)
    }
  }
}

async function applyWhole(session: ReservedSql, migration: Migration): Promise<void> {
  await session.unsafe("begin")
  try {
    // A lock that is waited for holds up everybody who comes after, so the wait is short and repeated.
    await session.unsafe(`set local lock_timeout = '${lockTimeout}'`)
    for (const statement of migration.statements) await session.unsafe(statement)
    await noteApplied(session, migration)
    await session.unsafe("commit")
  } catch (error) {
    await session.unsafe("rollback").catch(() => {})
    throw error
  }
}

/** Nobody waits behind these, so they wait as long as it takes; an index that a failure left half-built goes first. */
async function applyOutside(session: ReservedSql, migration: Migration): Promise<void> {
  for (const statement of migration.statements) {
    const index = indexBuiltBy(statement)
    if (index !== undefined && (await isInvalid(session, index)))
      await session.unsafe(`drop index concurrently if exists ${index}`)
    await session.unsafe(statement)
    if (index !== undefined && (await isInvalid(session, index)))
      throw new Error(`${migration.name}: the index ${index} could not be completed`)
  }
  await noteApplied(session, migration)
}

async function isInvalid(session: ReservedSql, index: string): Promise<boolean> {
  const [row] = await session`
    select not indisvalid as invalid from pg_index where indexrelid = to_regclass(${index})`
  return row?.invalid === true
}

async function noteApplied(session: ReservedSql, { hash, when }: Migration): Promise<void> {
  await session`insert into drizzle.__drizzle_migrations (hash, created_at) values (${hash}, ${when})`
}

async function noteVersion(session: ReservedSql, migrations: Migration[]): Promise<void> {
  const newest = newestOf(migrations)
  if ((await readInfo(session)) !== undefined)
    await session`update schema_info set version = ${newest} where version < ${newest}`
}
