import { sql } from "drizzle-orm"
import { afterAll, beforeAll, expect, test } from "vitest"
import { createTestDatabase, type TestDatabase } from "../../testing/database.ts"
import { systemPorts } from "../ports.ts"
import { createKeys, type Keys } from "./keys.ts"
import { createWorkspaces } from "./service.ts"
import type { Workspace } from "./workspace.ts"

const adminKey = "the-administrators-key"
let database: TestDatabase
let keys: Keys
let first: Workspace
let second: Workspace

beforeAll(async () => {
  database = await createTestDatabase()
  const ports = systemPorts()
  const workspaces = createWorkspaces({ db: database.engine, ports })
  first = await workspaces.ensureDefault()
  second = await workspaces.createBeside(first, {
    name: "Second",
    zone: "UTC",
    language: "en",
    sandbox: true,
  })
  keys = createKeys({ db: database.engine, ports, adminKey })
})
afterAll(() => database.drop())

test("a key opens its own workspace, as its own kind only", async () => {
  const { key } = await keys.create(second, "api", "Robot")
  expect(await keys.open(key)).toMatchObject({ workspace: { id: second.id }, role: "editor" })
  expect(await keys.accessOf(key)).toBeUndefined()
})

test("a write key opens the door, and says whether it is a sandbox", async () => {
  const { key } = await keys.create(second, "write", "Shop")
  expect(await keys.accessOf(key)).toEqual({ id: second.id, sandbox: true })
  expect(await keys.open(key)).toBeUndefined()
})

test("the administrator's key is both of the default workspace", async () => {
  expect(await keys.open(adminKey)).toMatchObject({ workspace: { id: first.id }, role: "owner" })
  expect(await keys.accessOf(adminKey)).toEqual({ id: first.id, sandbox: false })
  expect(await keys.open(`${adminKey}x`)).toBeUndefined()
})

test("only a hash and a hint are kept", async () => {
  const { id, key } = await keys.create(first, "api", "Kept")
  const [row] = await database.engine.execute<{ all: string; hash: string }>(sql`
    select k::text as all, encode(hash, 'hex') as hash from api_keys k where id = ${id}::uuid`)
  expect(row!.all).not.toContain(key)
  expect(row!.hash).toHaveLength(64)
  const [listed] = (await keys.list(first)).filter(item => item.id === id)
  expect(listed).toMatchObject({ name: "Kept", kind: "api", lastUsedAt: null })
  expect(key.endsWith(listed!.hint.slice(-4))).toBe(true)
})

test("a revoked key opens nothing from then on, and only its workspace can revoke it", async () => {
  const { id, key } = await keys.create(second, "write", "Lost")
  expect(await keys.accessOf(key)).toBeDefined()
  await expect(keys.revoke(first, id)).rejects.toMatchObject({ kind: "not-found" })
  expect(await keys.accessOf(key)).toBeDefined()
  await keys.revoke(second, id)
  expect(await keys.accessOf(key)).toBeUndefined()
  expect((await keys.list(second)).map(item => item.id)).not.toContain(id)
})

test("a use is noted", async () => {
  const { id, key } = await keys.create(first, "api", "Used")
  await keys.open(key)
  const [listed] = (await keys.list(first)).filter(item => item.id === id)
  expect(listed!.lastUsedAt).not.toBeNull()
})
