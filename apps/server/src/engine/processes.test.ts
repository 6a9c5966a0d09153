import { parseJourney } from "@viaggio/journey-model"
import { sql } from "drizzle-orm"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { expectConserved } from "../../testing/conservation.ts"
import { welcome } from "../../testing/journeys.ts"
import { type ServerProcess, startProcess } from "../../testing/process.ts"
import { type Running, startRunning } from "../../testing/running.ts"
import { until } from "../../testing/until.ts"

let running: Running
const processes: ServerProcess[] = []
beforeEach(async () => {
  running = await startRunning({ idle: true })
})
afterEach(async () => {
  await Promise.all(processes.splice(0).map(one => one.stop()))
  await expectConserved(running)
  await running.stop()
})

const adminKey = "the-key-of-processes"
const start = async (role: "web" | "worker", environment: Record<string, string> = {}) => {
  const server = await startProcess({
    databaseUrl: running.database.url,
    environment: {
      VIAGGIO_ROLE: role,
      VIAGGIO_ADMIN_KEY: adminKey,
      ...(role === "worker" ? { VIAGGIO_PUBLIC_URL: "http://localhost:3000" } : {}),
      ...environment,
    },
  })
  processes.push(server)
  return server
}

const shares = async () =>
  (
    await running.database.engine.execute<{ n: number }>(
      sql`SELECT count(*)::int AS n FROM buckets WHERE owner IS NOT NULL GROUP BY owner ORDER BY n DESC`,
    )
  ).map(row => row.n)

/** The welcome journey with a wait of seconds instead of days, so that real workers meet real timers. */
const quick = (() => {
  const parsed = parseJourney({
    ...welcome,
    nodes: welcome.nodes.map(node =>
      node.id === "first-order" ? { ...node, config: { ...node.config, timeout: "PT2S" } } : node,
    ),
  })
  if (!parsed.ok) throw new Error("the quick journey does not parse")
  return parsed.value
})()

const people = (count: number, prefix = "u") =>
  Array.from({ length: count }, (_, i) => [
    { type: "identify", userId: `${prefix}${i}`, traits: { email: `${prefix}${i}@example.com` } },
    { type: "track", userId: `${prefix}${i}`, event: "Account Created" },
  ]).flat()

/** Every enrollment has gone its whole way, and each visit has one row in the log. */
const expectOnce = async (count: number) => {
  const db = running.database.engine
  const [row] = await db.execute<{ all: number; open: number; waits: number; doubled: number }>(sql`
    SELECT (SELECT count(*)::int FROM enrollments) AS all,
           (SELECT count(*)::int FROM enrollments WHERE ended_at IS NULL) AS open,
           (SELECT count(*)::int FROM step_log WHERE node = 2) AS waits,
           (SELECT count(*)::int FROM (SELECT FROM step_log GROUP BY enrollment_id, visit HAVING count(*) > 1) d) AS doubled`)
  expect(row).toEqual({ all: count, open: 0, waits: count, doubled: 0 })
}
const nobodyInside = async () =>
  (await running.database.engine.execute(sql`SELECT FROM enrollments WHERE ended_at IS NULL LIMIT 1`))
    .length === 0

describe("one web process and two workers", () => {
  it("do together what one process does", async () => {
    const web = await start("web")
    expect(await shares()).toEqual([])
    const [worker] = await Promise.all([start("worker"), start("worker")])
    const api = async (path: string, body: object, key = adminKey, method = "POST") => {
      const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" }
      const answer = await fetch(`${web.url}/api/v1${path}`, { method, headers, body: JSON.stringify(body) })
      expect([200, 201]).toContain(answer.status)
      return (await answer.json()) as never
    }
    const sandbox: { apiKey: string; writeKey: string } = await api("/workspaces", {
      name: "Proof",
      zone: "UTC",
      sandbox: true,
      startAt: "2026-03-01T09:00:00.000Z",
    })
    await api("/journeys/welcome-with-coupon", welcome, sandbox.apiKey, "PUT")
    await api("/journeys/welcome-with-coupon/publish", {}, sandbox.apiKey)
    await until(async () => JSON.stringify(await shares()) === "[16,16]")
    const authorization = `Basic ${Buffer.from(`${sandbox.writeKey}:`).toString("base64")}`
    const send = (url: string) =>
      fetch(`${url}/v1/batch`, {
        method: "POST",
        headers: { authorization },
        body: JSON.stringify({ batch: people(120) }),
      })
    expect((await send(web.url)).status).toBe(200)
    const advanced = await api("/clock/advance", { by: "P5D" }, sandbox.apiKey)
    expect(advanced).toMatchObject({ done: true, now: "2026-03-06T09:00:00.000Z" })
    await expectOnce(120)

    expect((await fetch(`${worker.url}/readyz`)).status).toBe(200)
    expect(await (await fetch(`${worker.url}/metrics`)).text()).toContain("viaggio_buckets_without_owner 0")
    expect((await send(worker.url)).status).toBe(404)
    expect((await fetch(`${worker.url}/api/v1/openapi.json`)).status).toBe(404)
    expect((await fetch(`${worker.url}/`)).status).toBe(404)
    expect(web.output(), "a process that works no buckets").not.toContain("housekeeping failed")
  }, 120_000)
})

describe.each([2, 3, 8])("%i worker processes", count => {
  it("run each wait that comes due once", async () => {
    const workspace = await running.live()
    await running.publish(workspace, quick)
    await Promise.all(Array.from({ length: count }, () => start("worker")))
    for (let i = 0; i < 10; i += 1) await running.send(workspace, people(60, `p${i}-`))
    await until(async () => (await shares()).length === count)
    await until(nobodyInside)
    await running.settle()
    await expectOnce(600)
    const spread = await shares()
    expect(spread.reduce((sum, n) => sum + n)).toBe(32)
    expect(spread[0]! - spread.at(-1)!).toBeLessThanOrEqual(
      Math.ceil(32 / count) - Math.floor(32 / count) + 3,
    )
  }, 120_000)
})

describe("a worker that dies", () => {
  it("is replaced at once, and nothing is lost or doubled", async () => {
    const workspace = await running.live()
    await running.publish(workspace, quick)
    const [first] = await Promise.all([start("worker"), start("worker")])
    await until(async () => (await shares()).length === 2)
    for (let i = 0; i < 5; i += 1) await running.send(workspace, people(100, `p${i}-`))
    first.signal("SIGKILL")
    const diedAt = performance.now()
    await running.send(workspace, people(100, "late-"))
    await until(async () => JSON.stringify(await shares()) === "[32]")
    expect(performance.now() - diedAt).toBeLessThan(15_000)
    await until(nobodyInside)
    // What the dead one was sending is sent again when its claim ends, after two minutes; the test does not wait.
    await running.database.engine.execute(
      sql`UPDATE messages SET claim_until = clock_timestamp() WHERE is_open AND claim_until IS NOT NULL`,
    )
    await running.settle()
    await expectOnce(600)
  }, 120_000)

  it("leaves an advance that the other goes on with", async () => {
    const sandbox = await running.sandbox(Date.parse("2026-03-01T09:00:00.000Z"))
    await running.publish(sandbox, welcome)
    const [first] = await Promise.all([start("worker"), start("worker")])
    await until(async () => JSON.stringify(await shares()) === "[16,16]")
    await running.send(sandbox, people(800))
    const target = Date.parse("2026-03-10T09:00:00.000Z")
    const answer = running.engine.clock.advance(sandbox, target)
    await until(
      async () => (await running.database.engine.execute(sql`SELECT FROM clock_advance_counts`)).length > 0,
    )
    first.signal("SIGKILL")
    expect(await answer).toMatchObject({ done: true })
    expect((await running.engine.clock.get(sandbox)).now).toBe(target)
    await expectOnce(800)
  }, 120_000)
})
