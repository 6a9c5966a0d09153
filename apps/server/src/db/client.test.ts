import { sql } from "drizzle-orm"
import { afterAll, beforeAll, expect, test } from "vitest"
import { createTestDatabase, type TestDatabase } from "../../testing/database.ts"
import { errorCode } from "./connect.ts"

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

test("every connection of the engine's pool plans index loops", async () => {
  const answers = await Promise.all(
    Array.from({ length: 12 }, () =>
      database.engine.execute(sql`
        select current_setting('enable_hashjoin') as hashjoin, current_setting('enable_mergejoin') as mergejoin,
          current_setting('random_page_cost') as cost, current_setting('jit') as jit,
          current_setting('idle_in_transaction_session_timeout') as idle, current_setting('statement_timeout') as time,
          current_setting('transaction_timeout', true) as transaction,
          current_setting('server_version_num')::int >= 170000 as limited,
          pg_sleep(0.01)::text as slept`),
    ),
  )
  const settings = {
    hashjoin: "off",
    mergejoin: "off",
    cost: "1.1",
    jit: "off",
    idle: "10s",
    time: "30s",
    slept: "",
  }
  for (const [answer] of answers) {
    const { transaction, limited, ...others } = answer!
    expect(others).toEqual(settings)
    expect(transaction).toBe(limited ? "15s" : null)
  }
})

test("the analytics pool refuses to write", async () => {
  const writing = database.analytics.execute(sql`update definitions set revision = revision + 1`)
  const error = await writing.then(
    () => undefined,
    (caught: unknown) => caught,
  )
  expect(errorCode(error)).toBe("25006")
})

test("arrays travel as one parameter each", async () => {
  const rows = await database.engine.execute(sql`
    select t, n, at from unnest(${sql.param(["a", 'b,"c'])}::text[], ${sql.param([1, 2])}::int[],
      ${sql.param(["2026-11-21T18:44:00.000Z", null])}::timestamptz[]) as u(t, n, at)`)
  expect([...rows]).toEqual([
    { t: "a", n: 1, at: "2026-11-21 18:44:00+00" },
    { t: 'b,"c', n: 2, at: null },
  ])
})
