import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { sql } from "drizzle-orm"
import type { Sql } from "postgres"
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest"
import { createTestDatabase } from "../../testing/database.ts"
import { packageRoot } from "../package-root.ts"
import { connect, withDatabase } from "./connect.ts"
import { migrate } from "./migrate.ts"
import { readMigrations } from "./migration-files.ts"
import { knownSchema, OutdatedProgram, watchSchema } from "./schema.ts"

test("a migrated database has one installation-wide revision of definitions, and says which schema it has", async () => {
  const database = await createTestDatabase()
  const rows = await database.engine.execute(sql`select revision::int from definitions`)
  expect([...rows]).toEqual([{ revision: 1 }])
  const info = await database.engine.execute(sql`select version, min_reader from schema_info`)
  expect([...info]).toEqual([{ version: knownSchema(), min_reader: 10 }])
  await database.drop()
})

const own = join(packageRoot(), "migrations")
let count = 0
let url: string
let folder: string
let admin: Sql
let db: Sql
beforeEach(async () => {
  const name = `migrated_${process.pid}_${count++}`
  admin = connect(inject("postgres").url, { max: 1 })
  await admin.unsafe(`create database ${name}`)
  url = withDatabase(inject("postgres").url, name)
  db = connect(url, { max: 2 })
  folder = await mkdtemp(join(tmpdir(), "viaggio-migrations-"))
  await cp(own, folder, { recursive: true })
})
afterEach(async () => {
  await db.end({ timeout: 1 })
  const name = new URL(url.replace(/^[a-z]+:/, "http:").replace(/^http:\/\/([^@/]*@)?\//, "http://x/"))
    .pathname
  await admin.unsafe(`drop database if exists ${name.slice(1)} with (force)`)
  await admin.end()
  await rm(folder, { recursive: true })
})

/** A release with one migration more. */
async function add(name: string, text: string): Promise<number> {
  const path = join(folder, "meta", "_journal.json")
  const journal = JSON.parse(await readFile(path, "utf8"))
  const last = journal.entries.at(-1)
  journal.entries.push({ ...last, idx: last.idx + 1, when: last.when + 1_000, tag: name })
  await writeFile(path, JSON.stringify(journal))
  await writeFile(join(folder, `${name}.sql`), text)
  return last.idx + 1
}

const quiet = () => {}
const run = (say: (line: string) => void = quiet) => migrate(url, say, { folder })

test("of eight migrations at once one works and the others wait for it", async () => {
  const said: string[] = []
  await Promise.all(Array.from({ length: 8 }, () => run(line => said.push(line))))
  const applied = await db`select hash from drizzle.__drizzle_migrations`
  expect(applied.map(({ hash }) => hash).sort()).toEqual(
    readMigrations(folder)
      .map(({ hash }) => hash)
      .sort(),
  )
  expect(said.some(line => line.startsWith("Another process is migrating"))).toBe(true)
})

test("a database that drizzle's migrator has brought half-way goes on where it stands", async () => {
  const { migrate: byDrizzle } = await import("drizzle-orm/postgres-js/migrator")
  const { drizzle } = await import("drizzle-orm/postgres-js")
  const path = join(folder, "meta", "_journal.json")
  const whole = await readFile(path, "utf8")
  const journal = JSON.parse(whole)
  await writeFile(path, JSON.stringify({ ...journal, entries: journal.entries.slice(0, 2) }))
  const client = connect(url, { max: 1 })
  await byDrizzle(drizzle(client), { migrationsFolder: folder })
  await client.end()
  await writeFile(path, whole)
  await run()
  const [row] = await db`select count(*)::int as applied from drizzle.__drizzle_migrations`
  expect(row?.applied).toBe(readMigrations(folder).length)
})

test("a migration that fails leaves nothing of itself, and those before it stay", async () => {
  await add("0100_good", "create table good (id int)")
  await add("0101_bad", "create table half (id int);\n--> statement-breakpoint\nselect 1 / 0")
  await expect(run()).rejects.toThrow(/division by zero/)
  const [row] =
    await db`select to_regclass('good') is not null as good, to_regclass('half') is not null as half`
  expect(row).toEqual({ good: true, half: false })
})

test("a table in use is tried again, and others get through in between", async () => {
  await run()
  await db`create table busy (id int)`
  await add("0100_busy", "alter table busy add column name text")
  const holder = await db.reserve()
  await holder.unsafe("begin; select * from busy")
  const said: string[] = []
  const migrating = run(line => {
    said.push(line)
    if (said.length === 1) holder.unsafe("commit").execute()
  })
  await migrating
  holder.release()
  expect(said).toEqual(["A table is in use, trying 0100_busy again …"])
  expect((await db`select name from busy`).columns).toHaveLength(1)
}, 20_000)

describe("outside a transaction", () => {
  const index = "-- outside a transaction\ncreate unique index concurrently if not exists ones on many (n);"

  test("an index that a failure left half-built is dropped and built anew", async () => {
    await run()
    await db`create table many (n int)`
    await db`insert into many values (1), (1)`
    await add("0100_ones", index)
    await expect(run()).rejects.toMatchObject({ code: "23505" })
    const valid = () => db`select indisvalid as valid from pg_index where indexrelid = 'ones'::regclass`
    expect([...(await valid())]).toEqual([{ valid: false }])
    await db`delete from many`
    await run()
    expect([...(await valid())]).toEqual([{ valid: true }])
  })

  test("a crash before it was noted is made good by running it again", async () => {
    await run()
    await db`create table many (n int)`
    const number = await add("0100_ones", index)
    await db`create unique index ones on many (n)`
    await run()
    const [row] = await db`select version from schema_info`
    expect(row?.version).toBe(number)
  })

  test.each(["create index concurrently some on many (n)", "insert into many values (1)", "drop table many"])(
    "what cannot be repeated is refused: %s",
    async statement => {
      await add("0100_wrong", `-- outside a transaction\n${statement};`)
      expect(() => readMigrations(folder)).toThrow(/cannot be repeated/)
    },
  )
})

describe("mixed versions", () => {
  test("an older program starts on a newer schema that it can read, and not on one that it cannot", async () => {
    const newer = await add("0100_expand", "create table later (id int)")
    await run()
    await migrate(url, quiet)
    const contracted = await add(
      "0101_contract",
      `drop table later; update schema_info set min_reader = ${newer}`,
    )
    await run()
    await expect(migrate(url, quiet)).rejects.toThrow(
      new OutdatedProgram(
        `A newer Viaggio has brought this database to schema ${contracted}, which programs below ${newer} cannot work with, and this one knows ${knownSchema()}: install the newer release and start again.`,
      ),
    )
  })

  test("a running program learns that it is outdated, once", async () => {
    const database = await createTestDatabase()
    const told = new Promise<OutdatedProgram>(resolve => {
      watchSchema(database.engine, resolve, { everyMs: 10, knows: 6 })
    })
    await database.engine.execute(sql`update schema_info set min_reader = 7`)
    expect((await told).message).toContain("programs below 7 cannot work with, and this one knows 6")
    await database.drop()
  })
})
