import { createHash } from "node:crypto"
import type { Readable, Writable } from "node:stream"
import type { TransactionSql } from "postgres"
import { connect } from "../db/connect.ts"

/** One transaction of a backup or a restore. */
export type Copying = TransactionSql

/** Runs `work` in one transaction on a connection of its own, without limits of time. */
async function within<Result>(
  url: string,
  mode: string,
  work: (sql: Copying) => Promise<Result>,
): Promise<Result> {
  const client = connect(url, {
    max: 1,
    max_lifetime: null,
    connection: {
      application_name: "viaggio backup",
      timezone: "UTC",
      datestyle: "ISO",
      client_encoding: "UTF8",
      statement_timeout: 0,
      idle_in_transaction_session_timeout: 0,
    },
  })
  try {
    return (await client.begin(mode, work)) as Result
  } finally {
    await client.end({ timeout: 5 })
  }
}

/** Sees the database as it was at its first statement, all along. */
export const withSnapshot = <Result>(url: string, work: (sql: Copying) => Promise<Result>) =>
  within(url, "isolation level repeatable read read only", work)

/** All of it, or nothing. */
export const withRestore = <Result>(url: string, work: (sql: Copying) => Promise<Result>) =>
  within(url, "isolation level read committed", work)

export type Table = { name: string; columns: string[] }

/** What describes a living process and is of no use in another life. */
const passing = new Set(["workers"])

/** Every table of ours whose rows count, those first to whose rows others refer. */
export async function listTables(sql: Copying): Promise<Table[]> {
  const tables = await sql<{ name: string; columns: string[]; refers: string[] }[]>`
    select c.relname as name,
      (select array_agg(a.attname::text order by a.attnum) from pg_attribute a
       where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns,
      array(select r.relname::text from pg_constraint f join pg_class r on r.oid = f.confrelid
            where f.conrelid = c.oid and f.contype = 'f' and f.confrelid <> c.oid) as refers
    from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
    order by c.relname`
  const listed: Table[] = []
  const waiting = tables.filter(table => !passing.has(table.name))
  while (waiting.length > 0) {
    const done = new Set(listed.map(table => table.name))
    const at = waiting.findIndex(table => table.refers.every(name => done.has(name)))
    if (at < 0)
      throw new Error(`tables refer to one another in a ring: ${waiting.map(t => t.name).join(", ")}`)
    for (const { name, columns } of waiting.splice(at, 1)) listed.push({ name, columns })
  }
  return listed
}

/** A hash of all tables, columns and types. */
export async function hashSchema(sql: Copying): Promise<string> {
  const rows = await sql<{ line: string }[]>`
    select c.relname || ' ' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || ' ' || a.attnotnull as line
    from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and a.attnum > 0 and not a.attisdropped
    order by c.relname collate "C", a.attname collate "C"`
  return createHash("sha256")
    .update(rows.map(row => row.line).join("\n"))
    .digest("hex")
}

export async function listPartitions(
  sql: Copying,
): Promise<{ parent: string; name: string; bounds: string }[]> {
  return sql`
    select p.relname as parent, c.relname as name, pg_get_expr(c.relpartbound, c.oid) as bounds
    from pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_class p on p.oid = i.inhparent
    where c.relispartition and c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
      and pg_get_expr(c.relpartbound, c.oid) <> 'DEFAULT'
    order by p.relname, c.relname`
}

export async function listSequences(
  sql: Copying,
): Promise<{ name: string; value: string; isCalled: boolean }[]> {
  const names = await sql<{ name: string }[]>`
    select sequencename as name from pg_sequences where schemaname = 'public' order by 1`
  const found = []
  for (const { name } of names) {
    const [row] = await sql<{ value: string; isCalled: boolean }[]>`
      select last_value::text as value, is_called as "isCalled" from ${sql(name)}`
    found.push({ name, ...row! })
  }
  return found
}

/** Whose backup it is; undefined where no Viaggio has started yet. */
export async function readOrigin(
  sql: Copying,
): Promise<{ id: string; generation: number; now: string } | undefined> {
  const [row] = await sql<{ id: string; generation: number; now: string }[]>`
    select id, generation, to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as now
    from installation`
  return row
}

const listOf = (sql: Copying, { columns }: Table) => sql(columns)

/** The rows of a table in COPY's text form, one line each. */
export const copyOut = (sql: Copying, table: Table): Promise<Readable> =>
  sql`copy (select ${listOf(sql, table)} from ${sql(table.name)}) to stdout`.readable()

export const copyIn = (sql: Copying, table: Table): Promise<Writable> =>
  sql`copy ${sql(table.name)} (${listOf(sql, table)}) from stdin`.writable()

export async function countRows(sql: Copying, table: string): Promise<number> {
  const [row] = await sql<{ count: string }[]>`select count(*)::text as count from ${sql(table)}`
  return Number(row!.count)
}

/** Whether there is nothing but what a start or a restore that was cut short leaves behind. */
export async function isEmpty(url: string): Promise<boolean> {
  return withSnapshot(url, async sql => {
    const tables = await sql<{ name: string }[]>`
      select c.relname as name from pg_class c
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f')`
    if (tables.length === 0) return true
    const names = new Set(tables.map(table => table.name))
    for (const own of ["installation", "users", "workspaces", "profiles", "bucket_heads"])
      if (!names.has(own)) return false
    const [row] = await sql<{ some: boolean }[]>`
      select exists (select from installation) or exists (select from users) or exists (select from workspaces)
        or exists (select from profiles) as some`
    return row?.some === false
  })
}

export async function emptyTables(sql: Copying, tables: readonly string[]): Promise<void> {
  await sql.unsafe(`truncate ${tables.map(table => `"${table}"`).join(", ")}`)
}

export async function makePartition(
  sql: Copying,
  { parent, name, bounds }: { parent: string; name: string; bounds: string },
): Promise<void> {
  // The manifest's parser lets nothing through here but names and two dates.
  await sql.unsafe(`create table if not exists "${name}" partition of "${parent}" ${bounds}`)
}

export async function setSequence(
  sql: Copying,
  { name, value, isCalled }: { name: string; value: string; isCalled: boolean },
): Promise<void> {
  await sql`select setval(${name}::regclass, ${value}::bigint, ${isCalled})`
}

/** Nobody owns a bucket, holds a message or moves a clock in the new life, which waits for its operator. */
export async function beginNewLife(sql: Copying, takenAt: string): Promise<void> {
  await sql`update buckets set owner = null, lease_end = '-infinity', attempts = 0, try_from = null, try_to = null`
  await sql`update messages set claim = null, claim_until = null where claim is not null`
  await sql`update clock_advances set finished_at = clock_timestamp() where finished_at is null`
  await sql`update definitions set revision = revision + 1`
  await sql`update installation set generation = generation + 1, held_since = clock_timestamp(),
    backup_at = ${takenAt}::timestamptz, reconciled_at = null, released_at = null`
  await sql`truncate sent_before, skipped_versions`
}

/** Fresh tables mislead the planner. */
export async function analyze(url: string): Promise<void> {
  await within(url, "read write", async sql => {
    await sql`analyze`
  })
}
