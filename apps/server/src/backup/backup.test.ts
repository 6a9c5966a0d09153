import { randomBytes } from "node:crypto"
import { readFile, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { type Journey, parseJourney } from "@viaggio/journey-model"
import { sql } from "drizzle-orm"
import { afterEach, beforeEach, expect, inject, test } from "vitest"
import { expectConserved } from "../../testing/conservation.ts"
import { makeDataFolder } from "../../testing/data-folder.ts"
import { createTestDatabase, type TestDatabase } from "../../testing/database.ts"
import { type Running, startRunning } from "../../testing/running.ts"
import { until } from "../../testing/until.ts"
import { ensureInstallation } from "../auth/store.ts"
import { connect, withDatabase } from "../db/connect.ts"
import type { Workspace } from "../workspaces/workspace.ts"
import { backUp } from "./backup.ts"
import { BackupRefused } from "./manifest.ts"
import { restore } from "./restore.ts"

const email = (subject: string) => ({
  purpose: "transactional",
  subject,
  html: `<p>${subject}</p>`,
  tracking: { opens: false, clicks: false },
})

/** A mail at once, and a second one two seconds later. */
const twoMails = parsed({
  format: 1,
  key: "two-mails",
  name: "Two mails",
  settings: { reentry: { mode: "always" } },
  nodes: [
    { id: "start", type: "event-entry", version: 1, config: { event: "Order Completed" } },
    { id: "thanks", type: "email", version: 1, config: email("Thank you") },
    { id: "pause", type: "delay", version: 1, config: { for: "PT2S" } },
    { id: "rating", type: "email", version: 1, config: email("How was it?") },
    { id: "end", type: "exit", version: 1, config: { reason: "done" } },
  ],
  edges: [
    { from: "start", outcome: "next", to: "thanks" },
    { from: "thanks", outcome: "next", to: "pause" },
    { from: "pause", outcome: "next", to: "rating" },
    { from: "rating", outcome: "next", to: "end" },
  ],
})

function parsed(document: object): Journey {
  const result = parseJourney(document)
  if (!result.ok) throw new Error(result.problems.map(problem => problem.text).join(" "))
  return result.value
}

const order = (who: string, number = 1) => [
  { type: "identify", userId: who, messageId: `traits of ${who}`, traits: { email: `${who}@example.com` } },
  { type: "track", event: "Order Completed", userId: who, messageId: `order ${number} of ${who}` },
]

let folders: string[]
let running: Running[]
let dataFolder: string
let backup: string
beforeEach(async () => {
  folders = [await makeDataFolder(), await makeDataFolder()]
  running = []
  dataFolder = folders[0]!
  backup = join(folders[1]!, "backup")
})
afterEach(async () => {
  for (const one of running) await one.stop()
  for (const folder of folders) await rm(folder, { recursive: true, force: true })
})

async function start(on: TestDatabase): Promise<Running> {
  const { id: installation } = await ensureInstallation(on.engine, { authSecret: "a", hashSecret: "b" })
  const one = await startRunning({ on, sentJournal: { dataFolder, installation } })
  running.push(one)
  return one
}

const copy = (url: string) => backUp({ url, folder: backup, release: "test", say: () => {} })

/** A shop that was backed up when two customers had their first mail, and that went on for a while. */
async function lostShop(): Promise<{ sent: string[]; workspace: Workspace }> {
  const shop = await start(await createTestDatabase())
  const workspace = await shop.live()
  await shop.publish(workspace, twoMails)
  await shop.send(workspace, [...order("anna"), ...order("bruno")])
  await until(() => shop.sent.length === 2)
  await shop.settle()
  await copy(shop.database.url)
  await shop.send(workspace, [...order("carla"), ...order("anna", 2)])
  await until(() => shop.sent.length === 8)
  return { sent: shop.sent.map(mail => mail.messageId), workspace }
}

async function restored(): Promise<Running> {
  const database = await createTestDatabase()
  await restore({ url: database.url, folder: backup, say: () => {} })
  return start(database)
}

test("nothing leaves twice after a restore that is reconciled with the journal", async () => {
  const lost = await lostShop()
  const shop = await restored()
  const workspace = (await shop.workspaces.find(lost.workspace.id))!
  // A source sends again what the backup does not know: of a customer whom it knows, and of one who is new to it. And
  // life goes on.
  expect(
    await shop.send(workspace, [...order("anna", 2), ...order("carla"), ...order("dario")]),
  ).toMatchObject({ accepted: 5 })
  await until(async () => (await shop.engine.hold.get(workspace))?.journeys[0]?.timers === 2)
  expect(shop.sent).toEqual([])
  const [cursor] = await shop.database.engine.execute(sql`
    select sum(head_seq - cursor_seq)::int as waiting from buckets join bucket_heads using (bucket)`)
  expect(cursor).toEqual({ waiting: 5 })

  expect(await shop.engine.hold.reconcile()).toMatchObject({ effects: 8 })
  await shop.engine.hold.release(workspace, { skip: [], skipOthers: false })
  expect(await shop.engine.hold.get(workspace)).toBeUndefined()
  await until(async () => ((await shop.stats(workspace, "two-mails")).totals.ended.done ?? 0) === 5)
  await shop.settle()

  const twice = [...lost.sent, ...shop.sent.map(mail => mail.messageId)]
  expect(new Set(twice).size).toBe(twice.length)
  expect(shop.sent.map(mail => `${mail.to} ${mail.subject}`).sort()).toEqual([
    "dario@example.com How was it?",
    "dario@example.com Thank you",
  ])
  const stats = await shop.stats(workspace, "two-mails")
  expect(stats.nodes.rating?.messages).toMatchObject({ queued: 0, sent: 5, refused: 0 })
  await expectConserved(shop)
})

test("where the journal is lost, a journey skips what was due between the backup and its release", async () => {
  const lost = await lostShop()
  await rm(join(dataFolder, "sent"), { recursive: true })
  const shop = await restored()
  const workspace = (await shop.workspaces.find(lost.workspace.id))!
  await expect(shop.engine.hold.reconcile()).rejects.toThrow("There is no journal")
  await until(async () => (await shop.engine.hold.get(workspace))?.journeys[0]?.timers === 2)
  await shop.engine.hold.release(workspace, { skip: ["two-mails"], skipOthers: false })
  await shop.send(workspace, order("dario"))
  await until(() => shop.sent.length === 2)
  await until(async () => ((await shop.stats(workspace, "two-mails")).totals.ended.done ?? 0) === 3)
  await shop.settle()
  expect(shop.sent.map(mail => mail.to)).toEqual(["dario@example.com", "dario@example.com"])
  const skipped = await shop.database.engine.execute(
    sql`select recipient, reason from messages where state = 3 order by 1`,
  )
  expect([...skipped]).toEqual([
    { recipient: "anna@example.com", reason: "skipped" },
    { recipient: "bruno@example.com", reason: "skipped" },
  ])
  await expectConserved(shop)
})

test("a restored sandbox clock stands still until the installation goes on", async () => {
  const shop = await start(await createTestDatabase())
  const sandbox = await shop.sandbox(Date.parse("2026-01-01T00:00:00Z"))
  await copy(shop.database.url)
  const again = await restored()
  const workspace = (await again.workspaces.find(sandbox.id))!
  await expect(again.advance(workspace, Date.parse("2026-01-02T00:00:00Z"))).rejects.toThrow(
    "restored from a backup",
  )
  await again.engine.hold.release(workspace, { skip: [], skipOthers: false })
  await again.advance((await again.workspaces.find(sandbox.id))!, Date.parse("2026-01-02T00:00:00Z"))
})

test("every table comes back as it was, into an entirely empty database too", async () => {
  const shop = await start(await createTestDatabase())
  const workspace = await shop.live()
  await shop.publish(workspace, twoMails)
  const odd = {
    type: "identify",
    userId: "anna",
    messageId: "odd",
    traits: { note: "a \\ \\N \t tab\nand ü" },
  }
  await shop.send(workspace, [odd, ...order("anna"), ...order("bruno")])
  await until(() => shop.sent.length === 4)
  await shop.settle()
  await shop.engine.stop()
  const manifest = await copy(shop.database.url)
  const name = `test_${randomBytes(6).toString("hex")}`
  const admin = connect(inject("postgres").url, { max: 1 })
  await admin.unsafe(`create database ${name} template template0 encoding 'UTF8'`)
  const url = withDatabase(inject("postgres").url, name)
  await restore({ url, folder: backup, say: () => {} })
  const [before, after] = [connect(shop.database.url, { max: 1 }), connect(url, { max: 1 })]
  const changed = ["installation", "definitions", "buckets", "messages"]
  for (const table of manifest.tables.filter(table => !changed.includes(table.name))) {
    const all = (on: typeof before) => on.unsafe(`select t::text as row from "${table.name}" t order by 1`)
    expect([...(await all(after))], table.name).toEqual([...(await all(before))])
  }
  const inDefaults = await after`select count(*)::int as n from events_default`
  expect(inDefaults[0]).toEqual({ n: 0 })
  await Promise.all([before.end(), after.end()])
  await admin.unsafe(`drop database ${name} with (force)`)
  await admin.end()
})

test("a damaged backup, one without its manifest, and a database in use are refused", async () => {
  const database = await createTestDatabase()
  await ensureInstallation(database.engine, { authSecret: "a", hashSecret: "b" })
  const manifest = await copy(database.url)
  const into = await createTestDatabase()
  const attempt = () => restore({ url: into.url, folder: backup, say: () => {} })
  const refused = async (text: string) => {
    const error = await attempt().catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(BackupRefused)
    expect((error as Error).message).toContain(text)
  }

  const file = join(backup, manifest.tables.find(table => table.name === "installation")!.file)
  const whole = await readFile(file)
  await writeFile(file, Buffer.concat([whole.subarray(0, -1), Buffer.from([whole.at(-1)! ^ 1])]))
  await refused("is damaged")
  await writeFile(file, whole)

  const path = join(backup, "manifest.json")
  const text = await readFile(path, "utf8")
  await writeFile(path, text.replace(manifest.schema, "0".repeat(64)))
  await refused("whose tables are others")
  await writeFile(path, text.replace('"rows": 1', '"rows": 2'))
  await refused("where the manifest says 2")
  await rm(path)
  await refused("holds no backup")
  await writeFile(path, text)

  // What was refused left nothing behind, so the same database takes it now, and only once.
  await attempt()
  await refused("is not empty")
  await expect(copy(database.url)).rejects.toThrow("is not empty")
  await Promise.all([database.drop(), into.drop()])
})
