import { sql } from "drizzle-orm"
import { expect, inject, test } from "vitest"
import { createTestDatabase } from "../../testing/database.ts"
import { connect, withDatabase } from "./connect.ts"
import { migrate } from "./migrate.ts"

test("a migrated database has one installation-wide revision of definitions", async () => {
  const database = await createTestDatabase()
  const rows = await database.engine.execute(sql`select revision::int from definitions`)
  expect([...rows]).toEqual([{ revision: 1 }])
  await database.drop()
})

test("of several migrations at once one works and the others wait for it", async () => {
  const { url } = inject("postgres")
  const admin = connect(url, { max: 1 })
  await admin`create database migrated_at_once`
  const said: string[] = []
  const target = withDatabase(url, "migrated_at_once")
  await Promise.all(Array.from({ length: 8 }, () => migrate(target, line => said.push(line))))
  const check = connect(target, { max: 1 })
  const applied = await check`select hash from drizzle.__drizzle_migrations`
  expect(new Set(applied.map(row => row.hash)).size).toBe(applied.length)
  expect(applied.length).toBeGreaterThan(0)
  expect(said.some(line => line.startsWith("Another process is migrating"))).toBe(true)
  await check.end()
  await admin`drop database migrated_at_once`
  await admin.end()
})
