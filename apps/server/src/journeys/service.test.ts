import { type Journey, parseJourneyText } from "@viaggio/journey-model"
import { sql } from "drizzle-orm"
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest"
import { createTestDatabase, type TestDatabase } from "../../testing/database.ts"
import { welcome } from "../../testing/journeys.ts"
import { systemPorts } from "../ports.ts"
import { createWorkspaces } from "../workspaces/service.ts"
import type { Workspace } from "../workspaces/workspace.ts"
import { createJourneys, type Journeys } from "./service.ts"

let database: TestDatabase
let journeys: Journeys
let published: number
let workspace: Workspace
const { key } = welcome

beforeAll(async () => {
  database = await createTestDatabase()
  journeys = createJourneys({ db: database.engine, ports: systemPorts(), onPublished: () => published++ })
})
afterAll(() => database.drop())
beforeEach(async () => {
  published = 0
  const workspaces = createWorkspaces({ db: database.engine, ports: systemPorts() })
  const draft = { name: "Fresh", zone: "UTC", language: "en", sandbox: false }
  workspace = await workspaces.createBeside({ id: 0 } as Workspace, draft)
})

const renamed = (name: string): Journey => ({ ...welcome, name })
const withTimeout = (timeout: string): Journey => ({
  ...welcome,
  nodes: welcome.nodes.map(node =>
    node.id === "first-order" ? { ...node, config: { ...node.config, timeout } } : node,
  ),
})
const save = (document: unknown, revision?: number) =>
  journeys.save(workspace, key, document, { create: true, ...(revision === undefined ? {} : { revision }) })

async function definitionsRevision(): Promise<number> {
  const [row] = await database.engine.execute<{ revision: number }>(
    sql`select revision::int from definitions`,
  )
  return row!.revision
}

test("a draft is kept as it was given, in canonical text", async () => {
  expect(await save(welcome)).toMatchObject({ revision: 1, created: true, problems: [] })
  const { text, revision } = await journeys.text(workspace, key)
  expect(revision).toBe(1)
  const parsed = parseJourneyText(text)
  expect(parsed.ok && parsed.value).toEqual(welcome)
  expect(text.startsWith('{\n  "format": 1,\n  "key": "welcome-with-coupon"')).toBe(true)
})

test("each change is a revision, the same text again is none", async () => {
  await save(welcome)
  expect(await save(renamed("Other"), 1)).toMatchObject({ revision: 2, created: false })
  expect(await save(renamed("Other"), 2)).toMatchObject({ revision: 2 })
})

test("of two that saw the same revision the first wins and the second learns the present one", async () => {
  await save(welcome)
  const both = await Promise.allSettled([save(renamed("A"), 1), save(renamed("B"), 1)])
  expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"])
  const refused = both.find(result => result.status === "rejected")
  expect(refused?.reason).toMatchObject({ kind: "stale", extra: { revision: 2 } })
})

test("a document with problems is kept with them, one that is no journey is refused", async () => {
  const broken = { ...welcome, edges: welcome.edges.filter(edge => edge.from !== "start") }
  const saved = await save(broken)
  expect(saved.problems.map(problem => [problem.node, problem.severity])).toContainEqual(["start", "error"])
  await expect(save({ format: 2 })).rejects.toMatchObject({ kind: "invalid" })
  await expect(save({ ...welcome, key: "another" })).rejects.toMatchObject({ kind: "invalid" })
})

test("a text that PostgreSQL takes for no JSON is kept like any other, and hides no other journey", async () => {
  const half = { ...renamed("Half a letter \ud83c"), description: "\u0000" }
  await save(half)
  expect((await journeys.list(workspace)).map(row => row.name)).toEqual(["Half a letter \ud83c"])
  expect((await journeys.get(workspace, key)).document.name).toBe("Half a letter \ud83c")
})

test("errors refuse a publish with the problems and leave no version", async () => {
  await save({ ...welcome, edges: welcome.edges.filter(edge => edge.from !== "start") })
  const publishing = journeys.publish(workspace, key, {})
  await expect(publishing).rejects.toMatchObject({ kind: "unprocessable" })
  const { extra } = await publishing.catch(error => error)
  expect(extra.problems.some((problem: { severity: string }) => problem.severity === "error")).toBe(true)
  expect(await journeys.versions(workspace, key)).toEqual([])
  expect(published).toBe(0)
})

test("a publish numbers the version, tells the engines, and keeps its document for good", async () => {
  await save(welcome)
  const before = await definitionsRevision()
  expect(await journeys.publish(workspace, key, { revision: 1, note: "First" })).toMatchObject({ version: 1 })
  expect(await definitionsRevision()).toBe(before + 1)
  expect(published).toBe(1)
  await save(withTimeout("P9D"))
  expect((await journeys.version(workspace, key, 1)).document).toEqual(welcome)
  expect(await journeys.publish(workspace, key, {})).toMatchObject({ version: 2 })
  const versions = await journeys.versions(workspace, key)
  expect(versions.map(({ number, note, live }) => ({ number, note, live }))).toEqual([
    { number: 2, note: null, live: true },
    { number: 1, note: "First", live: false },
  ])
})

test("content that is published already answers the present version", async () => {
  await save(welcome)
  const first = await journeys.publish(workspace, key, {})
  const before = await definitionsRevision()
  await save(renamed("A name decides nothing"))
  expect(await journeys.publish(workspace, key, {})).toEqual(first)
  expect(await definitionsRevision()).toBe(before)
})

test("of publishes at the same time one makes the version", async () => {
  await save(welcome)
  const answers = await Promise.all(Array.from({ length: 5 }, () => journeys.publish(workspace, key, {})))
  expect(new Set(answers.map(({ version }) => version))).toEqual(new Set([1]))
})

test("a publish of a revision that was changed meanwhile is stale", async () => {
  await save(welcome)
  await save(renamed("Newer"), 1)
  await expect(journeys.publish(workspace, key, { revision: 1 })).rejects.toMatchObject({ kind: "stale" })
})

test("a name that is taken gives the next key, and only drafts can be removed", async () => {
  expect(await journeys.create(workspace, "Welcome mail")).toEqual({ key: "welcome-mail", revision: 1 })
  expect(await journeys.create(workspace, "Welcome mail")).toEqual({ key: "welcome-mail-2", revision: 1 })
  expect(await journeys.duplicate(workspace, "welcome-mail", "Welcome mail (copy)")).toEqual({
    key: "welcome-mail-3",
  })
  expect((await journeys.get(workspace, "welcome-mail-3")).document.name).toBe("Welcome mail (copy)")
  await journeys.remove(workspace, "welcome-mail-2")
  const keys = (await journeys.list(workspace)).map(journey => journey.key)
  expect(keys.sort()).toEqual(["welcome-mail", "welcome-mail-3"])
  await save(welcome)
  await journeys.publish(workspace, key, {})
  await expect(journeys.remove(workspace, key)).rejects.toMatchObject({ kind: "conflict" })
})

test("another workspace's journey is unknown", async () => {
  await save(welcome)
  const elsewhere = { ...workspace, id: workspace.id + 1_000 }
  await expect(journeys.get(elsewhere, key)).rejects.toMatchObject({ kind: "not-found" })
  await expect(journeys.publish(elsewhere, key, {})).rejects.toMatchObject({ kind: "not-found" })
})
