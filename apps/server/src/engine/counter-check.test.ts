import { sql } from "drizzle-orm"
import { Registry } from "prom-client"
import { afterAll, afterEach, beforeAll, expect, it } from "vitest"
import { welcome } from "../../testing/journeys.ts"
import { type Running, startRunning } from "../../testing/running.ts"
import { registerGauges } from "../monitor/gauges.ts"
import { createPulse } from "../monitor/pulse.ts"
import { systemPorts } from "../ports.ts"
import type { Workspace } from "../workspaces/workspace.ts"

const DAY = 24 * 3_600_000
const start = Date.parse("2026-03-01T09:00:00.000Z")

let running: Running
let sandbox: Workspace
beforeAll(async () => {
  running = await startRunning()
  sandbox = await running.sandbox(start)
  await running.publish(sandbox, welcome)
  const people = Array.from({ length: 40 }, (_, i) => [
    { type: "identify", userId: `u${i}`, traits: { email: `u${i}@example.com` } },
    { type: "track", userId: `u${i}`, event: "Account Created" },
  ])
  await running.send(sandbox, people.slice(0, 20).flat())
  await running.advance(sandbox, start + 5 * DAY)
  await running.send(sandbox, people.slice(20).flat())
  await running.settle()
})
afterEach(() => {
  running.errors.splice(0)
})
afterAll(() => running.stop())

const db = () => running.database.engine
const version = async () => (await db().execute<{ id: number }>(sql`SELECT id FROM journey_versions`))[0]!.id
const nodeOf = (id: string) => welcome.nodes.findIndex(node => node.id === id)
const bucketWith = async (node: number) =>
  (
    await db().execute<{ bucket: number }>(
      sql`SELECT bucket FROM inside WHERE n > 0 AND node = ${node} LIMIT 1`,
    )
  )[0]!.bucket

const metrics = async () => {
  const registry = new Registry()
  const ports = systemPorts()
  const own = { isListening: () => true, eventsWaiting: () => 0, failing: () => [], journal: undefined }
  await registerGauges(registry, {
    pulse: createPulse({ db: running.database.analytics, ports }),
    ports,
    own,
  })()
  return registry.metrics()
}

it("finds nothing where nothing is wrong", async () => {
  expect(await running.engine.counters.check()).toMatchObject({ differences: [] })
  expect(running.errors).toEqual([])
  expect(await metrics()).toContain("viaggio_counter_differences 0")
})

it("is made once an hour, whoever makes it", async () => {
  const [before] = await db().execute<{ n: number }>(sql`SELECT count(*)::int AS n FROM counter_checks`)
  expect(before).toEqual({ n: 1 })
  expect(await running.engine.counters.checkIfDue()).toBeUndefined()
  await db().execute(sql`UPDATE counter_checks SET started_at = started_at - interval '61 minutes'`)
  const second = await running.beside()
  const both = await Promise.all([running.engine.counters.checkIfDue(), second.engine.counters.checkIfDue()])
  expect(both.filter(result => result !== undefined)).toHaveLength(1)
  await second.stop()
})

it.each([
  [
    "who is inside",
    "inside",
    "first-order",
    sql`UPDATE inside SET n = n + 1`,
    sql`UPDATE inside SET n = n - 1`,
  ],
  [
    "who came in",
    "entered",
    "start",
    sql`UPDATE counter_totals SET n = n - 1`,
    sql`UPDATE counter_totals SET n = n + 1`,
  ],
  [
    "who left",
    "left and ended",
    "welcome",
    sql`UPDATE counter_totals SET n = n + 2`,
    sql`UPDATE counter_totals SET n = n - 2`,
  ],
  [
    "what was sent",
    "messages sent",
    "welcome",
    sql`UPDATE counter_totals SET n = n - 1`,
    sql`UPDATE counter_totals SET n = n + 1`,
  ],
  [
    "what was opened",
    "messages opened",
    "welcome",
    sql`UPDATE messages SET opened_at = now()`,
    sql`UPDATE messages SET opened_at = NULL`,
  ],
])("says which counter of %s was tampered with", async (_, what, id, tamper, mend) => {
  const node = nodeOf(id)
  const bucket = await bucketWith(nodeOf("first-order"))
  const measure =
    {
      entered: sql`AND measure = 1000`,
      "left and ended": sql`AND measure = 0`,
      "messages sent": sql`AND measure = 1101`,
    }[what] ?? sql``
  const where = sql` WHERE bucket = ${bucket} AND node = ${node} ${measure}`
  await db().execute(sql`${tamper}${where}`)
  const result = await running.engine.counters.check()
  const own = result!.differences.filter(d => d.what === what)
  expect(own).toEqual([expect.objectContaining({ version: await version(), node, what })])
  expect(own[0]!.counted).not.toBe(own[0]!.actual)
  expect(running.errors).toHaveLength(1)
  expect(await running.engine.counters.last()).toMatchObject({ differences: result!.differences })
  expect(await metrics()).toContain(`viaggio_counter_differences ${result!.differences.length}`)
  await db().execute(sql`${mend}${where}`)
  expect(await running.engine.counters.check()).toMatchObject({ differences: [] })
})
