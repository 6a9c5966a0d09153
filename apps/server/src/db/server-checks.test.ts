import { createServer, connect as dial, type Server, type Socket } from "node:net"
import { sql } from "drizzle-orm"
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest"
import { createTestDatabase, type TestDatabase } from "../../testing/database.ts"
import { Role } from "../config.ts"
import { openDatabase } from "./client.ts"
import { connect } from "./connect.ts"
import { checkServer, connectionsNeeded } from "./server-checks.ts"
import { readServerFacts, type ServerFacts } from "./server-facts.ts"

const good: ServerFacts = {
  version: 180_004,
  encoding: "UTF8",
  fsync: true,
  fullPageWrites: true,
  synchronousCommit: "on",
  standby: false,
  user: "viaggio",
  database: "shop",
  schema: "public",
  empty: false,
  mayCreate: true,
  closedTables: [],
  connectionLimit: 97,
  connectionsTaken: 3,
  pooled: false,
}

const refused: [change: Partial<ServerFacts>, role: Role, sentence: string][] = [
  [
    { version: 140_012 },
    Role.all,
    "PostgreSQL 15 or later is needed, and this is 14.12: upgrade the server or name another one.",
  ],
  [
    { encoding: "SQL_ASCII" },
    Role.all,
    "the database is encoded in SQL_ASCII: make one with CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0 and name that.",
  ],
  [{ standby: true }, Role.web, "this server is a standby that can only be read: name the primary server."],
  [
    { pooled: true },
    Role.worker,
    "this is a connection pooler, and a worker needs a direct connection: name the server itself (only VIAGGIO_ROLE=web may use a pooler).",
  ],
  [
    { pooled: true },
    Role.all,
    "this is a connection pooler, and a worker needs a direct connection: name the server itself (only VIAGGIO_ROLE=web may use a pooler).",
  ],
  [
    { pooled: true, empty: true },
    Role.web,
    "the database has no tables yet, and they cannot be made through a pooler: start a worker on a direct connection first.",
  ],
  [
    { empty: true, mayCreate: false },
    Role.all,
    '"viaggio" may not make tables: run GRANT CREATE ON DATABASE "shop" TO "viaggio"; GRANT CREATE ON SCHEMA "public" TO "viaggio".',
  ],
  [
    { closedTables: ["events", "journeys"] },
    Role.web,
    '"viaggio" may not read and write events, journeys: run GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "public" TO "viaggio".',
  ],
  [
    { connectionLimit: 15 },
    Role.worker,
    'this process needs 20 connections, and "viaggio" may have 15: raise max_connections (or the limit of the role or database) by 5, for each such process.',
  ],
]

test.each(refused)("%j for %s is refused in one sentence", (change, role, sentence) => {
  expect(() => checkServer({ ...good, ...change }, role)).toThrow(`DATABASE_URL: ${sentence}`)
})

test("a search path that leads nowhere is refused", () => {
  const { schema: _, ...facts } = good
  expect(() => checkServer(facts, Role.all)).toThrow(/names no schema that exists: run CREATE SCHEMA/)
})

test.each([
  [{}, Role.all, []],
  [{ pooled: true }, Role.web, [/through a connection pooler/]],
  [{ fsync: false }, Role.all, [/fsync off: .* Set fsync = on/]],
  [{ fullPageWrites: false }, Role.all, [/full_page_writes off: .* Set full_page_writes = on/]],
  [
    { pooled: true, synchronousCommit: "off" },
    Role.web,
    [/synchronous_commit is off here: .* Run ALTER ROLE "viaggio" SET synchronous_commit = on/, /pooler/],
  ],
  [
    { connectionLimit: 97, connectionsTaken: 90 },
    Role.all,
    [/may need 20 connections, and 7 of 97 are free: raise max_connections by 13/],
  ],
] as [Partial<ServerFacts>, Role, RegExp[]][])("%j for %s is told", (change, role, sentences) => {
  const told = checkServer({ ...good, ...change }, role)
  expect(told).toHaveLength(sentences.length)
  for (const [i, sentence] of sentences.entries()) expect(told[i]).toMatch(sentence)
})

test("a web process needs one connection less than one that works", () => {
  expect(connectionsNeeded(Role.all) - connectionsNeeded(Role.web)).toBe(1)
  expect(connectionsNeeded(Role.worker)).toBe(connectionsNeeded(Role.all))
})

describe("on a real server", () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await createTestDatabase()
  })
  afterAll(() => database.drop())

  test("the facts are those of the server", async () => {
    const facts = await readServerFacts(database.url)
    expect(facts).toMatchObject({
      encoding: "UTF8",
      standby: false,
      schema: "public",
      empty: false,
      mayCreate: true,
      closedTables: [],
      pooled: false,
    })
    expect(facts.version).toBeGreaterThan(150_000)
    expect(facts.connectionLimit).toBeGreaterThan(facts.connectionsTaken)
    expect(facts.fsync).toBe(false)
    expect(() => checkServer(facts, Role.all)).not.toThrow()
  })

  test("a user with few rights and few connections is known", async () => {
    const name = `limited_${process.pid}`
    await database.engine.execute(sql.raw(`create role ${name} login connection limit 4`))
    await database.engine.execute(sql.raw(`grant select on journeys, events to ${name}`))
    try {
      const url = database.url.replace(/^([a-z]+:\/\/)([^@/]*@)?/, `$1${name}@`)
      const facts = await readServerFacts(url)
      expect(facts).toMatchObject({ user: name, connectionLimit: 4, mayCreate: false })
      expect(facts.closedTables).toContain("journeys")
    } finally {
      await database.engine.execute(sql.raw(`drop owned by ${name}`))
      await database.engine.execute(sql.raw(`drop role ${name}`))
    }
  })

  describe.each(["refuses", "drops"] as const)("behind a pooler that %s settings", manner => {
    let pooler: Server
    let url: string
    const open = new Set<Socket>()
    beforeAll(async () => {
      pooler = createServer(near => void relay(near, manner, open))
      await new Promise<void>(resolve => pooler.listen(0, "127.0.0.1", resolve))
      const { port } = pooler.address() as { port: number }
      const [, user = ""] = /^[a-z]+:\/\/([^@/]*)@/.exec(database.url) ?? []
      const [, name = ""] = /^[a-z]+:\/\/[^/]*\/([^?]*)/.exec(database.url) ?? []
      url = `postgres://${user}@127.0.0.1:${port}/${name}`
    })
    afterAll(async () => {
      for (const socket of open) socket.destroy()
      await new Promise(resolve => pooler.close(resolve))
    })

    test("it is known as one, refused for workers and allowed for the web", async () => {
      const facts = await readServerFacts(url)
      expect(facts).toMatchObject({ pooled: true, empty: false, encoding: "UTF8" })
      expect(() => checkServer(facts, Role.worker)).toThrow(/this is a connection pooler/)
      expect(checkServer(facts, Role.web).join()).toContain("pooler")
    })

    test("a web process reads and writes through it", async () => {
      const through = await openDatabase({ url, pooled: true, engineConnections: 2, analyticsConnections: 1 })
      await through.engine.transaction(transaction =>
        transaction.execute(sql`update definitions set revision = revision + ${1}`),
      )
      const rows = await through.analytics.execute(sql`select revision::int as revision from definitions`)
      expect([...rows][0]!.revision).toBeGreaterThan(1)
      expect(await through.answers()).toBe(true)
      await through.close()
    })
  })
})

/** What PgBouncer lets clients ask for when they begin. */
const letThrough = new Set([
  "user",
  "database",
  "client_encoding",
  "datestyle",
  "timezone",
  "application_name",
])

/**
 * A pooler as far as the checks can tell: reads the start-up message, refuses or drops settings that it does not track,
 * and hands everything else on to the real server.
 */
async function relay(near: Socket, manner: "refuses" | "drops", open: Set<Socket>): Promise<void> {
  const keep = (socket: Socket) => {
    open.add(socket)
    socket.on("close", () => open.delete(socket)).on("error", () => socket.destroy())
  }
  keep(near)
  const first = await new Promise<Buffer>(resolve => near.once("data", resolve))
  const words = first
    .subarray(8, first.readInt32BE(0) - 1)
    .toString()
    .split("\0")
  const settings: [string, string][] = []
  for (let i = 0; i + 1 < words.length && words[i] !== ""; i += 2) settings.push([words[i]!, words[i + 1]!])
  const unknown = settings.find(([name]) => !letThrough.has(name.toLowerCase()))
  if (manner === "refuses" && unknown) {
    const fields = `SFATAL\0VFATAL\0C08P01\0Munsupported startup parameter: ${unknown[0]}\0\0`
    const answer = Buffer.alloc(5 + fields.length)
    answer.write("E")
    answer.writeInt32BE(4 + fields.length, 1)
    answer.write(fields, 5)
    near.end(answer)
    return
  }
  const far = dial(targetOf(inject("postgres").url))
  keep(far)
  const kept = settings.filter(([name]) => letThrough.has(name.toLowerCase()))
  const body = `${kept.map(pair => pair.join("\0")).join("\0")}\0\0`
  const start = Buffer.alloc(8 + Buffer.byteLength(body))
  start.writeInt32BE(start.length, 0)
  start.writeInt32BE(196_608, 4)
  start.write(body, 8)
  far.write(start)
  near.pipe(far).pipe(near)
  near.on("close", () => far.destroy())
  far.on("close", () => near.destroy())
}

/** Where the server of the tests listens: a socket in a folder, or a host and a port. */
function targetOf(url: string): { path: string } | { host: string; port: number } {
  const { options } = connect(url, { max: 1 })
  const host = String([options.host].flat()[0])
  const port = Number([options.port].flat()[0] ?? 5432)
  return host.startsWith("/") ? { path: `${host}/.s.PGSQL.${port}` } : { host, port }
}
