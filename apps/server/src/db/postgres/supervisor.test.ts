import { spawn } from "node:child_process"
import { once } from "node:events"
import { readdir, rm, writeFile } from "node:fs/promises"
import { createRequire } from "node:module"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { afterEach, beforeEach, expect, test } from "vitest"
import { makeDataFolder } from "../../../testing/data-folder.ts"
import { connect } from "../connect.ts"
import { isAlive, readPostmasterNote } from "./cluster.ts"
import { type ShippedPostgres, startPostgres } from "./supervisor.ts"

const require = createRequire(import.meta.url)
let dataFolder: string
let running: ShippedPostgres[]
const said: string[] = []

beforeEach(async () => {
  dataFolder = await makeDataFolder()
  running = []
  said.length = 0
})
afterEach(async () => {
  for (const postgres of running) await postgres.stop()
  await rm(dataFolder, { recursive: true, force: true })
})

async function start(settings: Record<string, string> = {}): Promise<ShippedPostgres> {
  const postgres = await startPostgres({
    dataFolder,
    settings: { fsync: "off", ...settings },
    say: line => said.push(line),
    onLost: error => {
      throw error
    },
  })
  running.push(postgres)
  return postgres
}

/** Lets another process start PostgreSQL and kills it the hard way. */
async function orphan(): Promise<number> {
  const script = join(import.meta.dirname, "../../../testing/postgres-holder.ts")
  const tsx = pathToFileURL(require.resolve("tsx")).href
  const holder = spawn(process.execPath, ["--import", tsx, script, dataFolder], {
    stdio: ["ignore", "pipe", "inherit"],
  })
  await once(holder.stdout, "data")
  holder.kill("SIGKILL")
  await once(holder, "exit")
  return (await note())!.pid
}

const note = () => readPostmasterNote(join(dataFolder, "pg18"))

async function ask(url: string, statement: string): Promise<unknown> {
  const client = connect(url, { max: 1 })
  try {
    return Object.values((await client.unsafe(statement))[0] ?? {})[0]
  } finally {
    await client.end()
  }
}

test("the first start makes a UTF8 cluster that answers on its socket only", async () => {
  const postgres = await start()
  expect(postgres.adopted).toBe(false)
  expect(await ask(postgres.url, "show server_encoding")).toBe("UTF8")
  expect(await ask(postgres.url, "show listen_addresses")).toBe("")
  expect(
    await ask(postgres.url, "select datcollate from pg_database where datname = current_database()"),
  ).toBe("C.UTF-8")
})

test("the server that a killed process left is adopted, with what it holds", async () => {
  const pid = await orphan()
  expect(isAlive(pid)).toBe(true)
  const postgres = await start()
  expect(postgres.adopted).toBe(true)
  expect((await note())?.pid).toBe(pid)
})

test("one that was left with other settings is started anew", async () => {
  const pid = await orphan()
  const postgres = await start({ max_connections: "33" })
  expect((await note())?.pid).not.toBe(pid)
  expect(await ask(postgres.url, "show max_connections")).toBe("33")
})

test("a second Viaggio on the same data is refused with the first one's process", async () => {
  await start()
  await expect(start()).rejects.toThrow(`Another Viaggio (process ${process.pid}) already runs on`)
})

test("a stop ends PostgreSQL and keeps the data", async () => {
  const first = await start()
  await ask(first.url, "create table kept as select 42 as answer")
  const { pid } = (await note())!
  await running.pop()!.stop()
  expect(isAlive(pid)).toBe(false)
  expect(await ask((await start()).url, "select answer from kept")).toBe(42)
})

test("a PostgreSQL that dies is brought back", async () => {
  const postgres = await start()
  const { pid } = (await note())!
  process.kill(pid, "SIGKILL")
  await expect.poll(() => ask(postgres.url, "select 1").catch(() => undefined), { timeout: 20_000 }).toBe(1)
  expect((await note())?.pid).not.toBe(pid)
})

test("two starts at once on new data: one runs, the other is told so", async () => {
  const results = await Promise.allSettled([start(), start()])
  expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"])
  const refused = results.find(result => result.status === "rejected")
  expect(String(refused?.reason)).toContain("Another Viaggio")
})

test("leftovers of a start that was killed half-way are removed", async () => {
  const gone = spawn(process.execPath, ["-e", ""])
  await once(gone, "exit")
  const leftover = `pg18.new-${gone.pid}-Ab12Cd`
  await writeFile(join(dataFolder, leftover), "")
  await start()
  expect(await readdir(dataFolder)).not.toContain(leftover)
})

test("a data folder that cannot be is told with its variable", async () => {
  const file = join(dataFolder, "a-file")
  await writeFile(file, "")
  const starting = startPostgres({ dataFolder: join(file, "below"), say: () => {}, onLost: () => {} })
  await expect(starting).rejects.toThrow(/^VIAGGIO_DATA: the folder .* cannot be written \(ENOTDIR\)/)
})
