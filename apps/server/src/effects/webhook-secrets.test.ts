import { afterAll, beforeAll, expect, it } from "vitest"
import { createTestDatabase, type TestDatabase } from "../../testing/database.ts"
import { systemPorts } from "../ports.ts"
import { createWorkspaces } from "../workspaces/service.ts"
import type { Workspace } from "../workspaces/workspace.ts"
import { createWebhookSecrets } from "./webhook-secrets.ts"

const DAY = 24 * 3_600_000
let now = Date.parse("2026-11-21T10:00:00.000Z")
const ports = { ...systemPorts(), now: () => now }

let database: TestDatabase
let shops: Workspace[]
beforeAll(async () => {
  database = await createTestDatabase()
  const workspaces = createWorkspaces({ db: database.engine, ports })
  const draft = { name: "Shop", zone: "Europe/Rome", language: "en", sandbox: false }
  const beside = { id: 0 } as Workspace
  shops = [await workspaces.createBeside(beside, draft), await workspaces.createBeside(beside, draft)]
})
afterAll(() => database.drop())

it("makes a secret at the first look, one for each workspace, also when many look at once", async () => {
  const [{ id }, other] = shops as [Workspace, Workspace]
  const secrets = createWebhookSecrets({ db: database.engine, ports })
  const looks = await Promise.all(Array.from({ length: 5 }, () => secrets.show(id)))
  expect(new Set(looks.map(({ secret }) => secret)).size).toBe(1)
  expect(looks[0]?.secret).toMatch(/^whsec_[A-Za-z0-9+/]{32}$/)
  expect((await secrets.show(other.id)).secret).not.toBe(looks[0]?.secret)
})

it("signs with the old secret too for a day after a change", async () => {
  const [{ id }] = shops as [Workspace]
  const secrets = createWebhookSecrets({ db: database.engine, ports })
  const before = await secrets.show(id)
  const after = await secrets.rotate(id)
  expect(after.secret).not.toBe(before.secret)
  expect(after.previousUntil).toBe(now + DAY)
  expect(await secrets.of(id)).toEqual([after.secret, before.secret])
  now += DAY
  expect(await secrets.of(id)).toEqual([after.secret])
  expect(await secrets.show(id)).toEqual({ secret: after.secret })
})
