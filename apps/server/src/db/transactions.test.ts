import { mkdtemp, rm } from "node:fs/promises"
import { connect as connectTo, createServer, type Server, type Socket } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { sql } from "drizzle-orm"
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest"
import { createTestDatabase, type TestDatabase } from "../../testing/database.ts"
import { type Database, openDatabase } from "./client.ts"
import { connect, errorCode } from "./connect.ts"
import { guardTransactions } from "./transactions.ts"

/** A way to the database that can be cut, as by a network: without a word to either side. */
let way: Server
let folder: string
const lines = new Set<Socket>()
const cut = () => {
  for (const line of lines) line.destroy()
  lines.clear()
}

let test: TestDatabase
let database: Database

beforeAll(async () => {
  test = await createTestDatabase()
  const real = new URL(test.url.replace(/^postgres:\/\/viaggio@\//, "http://x/"))
  const target = decodeURIComponent(/[?&]host=([^&]*)/.exec(test.url)?.[1] ?? real.host)
  folder = await mkdtemp(join(tmpdir(), "viaggio-test-"))
  way = createServer(near => {
    const far = connectTo(join(target, ".s.PGSQL.5432"))
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      lines.add(from)
      from.on("error", () => {})
      from.on("close", () => to.destroy())
      from.pipe(to)
    }
  })
  await new Promise<void>(resolve => way.listen(join(folder, ".s.PGSQL.5432"), resolve))
  database = await openDatabase({
    url: test.url.replace(/host=[^&]*/, `host=${encodeURIComponent(folder)}`),
    engineConnections: 1,
    analyticsConnections: 1,
  })
})
beforeEach(() => test.engine.execute(sql`CREATE TABLE IF NOT EXISTS notes (text text)`))
afterAll(async () => {
  await database.close()
  await new Promise(resolve => way.close(resolve))
  await rm(folder, { recursive: true })
  await test.drop()
})

const notes = async () =>
  (await test.engine.execute<{ text: string }>(sql`SELECT text FROM notes ORDER BY text`)).map(
    row => row.text,
  )

/** When the database works on a statement of that kind, which is then cut off. */
const cutDuring = async (part: string) => {
  for (;;) {
    const found = await test.engine.execute(
      sql`SELECT FROM pg_stat_activity WHERE state = 'active' AND query LIKE ${`%${part}%`}
          AND pid <> pg_backend_pid() AND datname = current_database()`,
    )
    if (found.length > 0) return cut()
  }
}

it("outlives the loss of a connection in the middle of a transaction, and goes on with the next one", async () => {
  for (let n = 0; n < 5; n += 1) {
    const lost = database.engine.transaction(async tx => {
      await tx.execute(sql`INSERT INTO notes VALUES ('lost')`)
      await tx.execute(sql.raw(`SELECT pg_sleep(5) AS try_${n}`))
    })
    await Promise.all([expect(lost).rejects.toThrow(), cutDuring(`try_${n}`)])
    await database.engine.transaction(tx => tx.execute(sql`INSERT INTO notes VALUES (${`kept ${n}`})`))
  }
  expect(await notes()).toEqual([0, 1, 2, 3, 4].map(n => `kept ${n}`))
})

it("keeps what a lost transaction still has to say away from the connection's next life", async () => {
  await test.engine.execute(sql`TRUNCATE notes`)
  let goOn: () => void = () => {}
  const signal = new Promise<void>(resolve => {
    goOn = resolve
  })
  let late: unknown
  const lost = database.engine.transaction(async tx => {
    await tx.execute(sql`SELECT pg_sleep(5) AS late`).catch(() => {})
    await signal
    late = await tx.execute(sql`INSERT INTO notes VALUES ('late')`).catch(error => error)
  })
  await Promise.all([expect(lost).rejects.toThrow(), cutDuring("AS late")])
  await database.engine.transaction(async tx => {
    await tx.execute(sql`INSERT INTO notes VALUES ('kept')`)
    goOn()
    await signal
    await tx.execute(sql`SELECT 1`)
  })
  expect(String((late as Error).cause ?? late)).toContain("This transaction is over")
  expect(await notes()).toEqual(["kept"])
})

it("waits for ever neither for a beginning, nor for an answer, nor for a commit", async () => {
  const gaveUp = (work: Promise<unknown>) =>
    work.then(
      () => "ended",
      (error: unknown) => errorCode(error),
    )
  // As in the engine's pool the server ends a transaction that nobody goes on with.
  const client = connect(test.url, { max: 1, connection: { idle_in_transaction_session_timeout: 300 } })
  guardTransactions(client, 300)
  let entered = 0
  const [answer, beginning] = [
    client.begin(tx => tx.unsafe("SELECT pg_sleep(1.5)")),
    client.begin(async () => {
      entered += 1
    }),
  ]
  expect(await Promise.all([answer, beginning].map(gaveUp))).toEqual(["CONNECTION_LOST", "CONNECTION_LOST"])
  // What nobody waits for any more is not done, and the connection serves the next one.
  expect(await client`SELECT 1 AS one`.then(rows => [...rows])).toEqual([{ one: 1 }])
  expect(await client.begin(async tx => [...(await tx.unsafe("SELECT 2 AS two"))])).toEqual([{ two: 2 }])
  expect(entered).toBe(0)

  const slow = "CREATE TABLE slow (n int); CREATE FUNCTION nap() RETURNS trigger LANGUAGE plpgsql AS "
  await client.unsafe(`${slow} $$ BEGIN PERFORM pg_sleep(1.5); RETURN NULL; END $$;
    CREATE CONSTRAINT TRIGGER late AFTER INSERT ON slow DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION nap()`)
  expect(await gaveUp(client.begin(tx => tx.unsafe("INSERT INTO slow VALUES (1)")))).toBe("CONNECTION_LOST")
  await client.end({ timeout: 5 })
})
