import { sql } from "drizzle-orm"
import { afterEach, beforeEach, expect, inject, test, vi } from "vitest"
import { createTestServer, invite, signUpOwner, type TestServer, workspaceOf } from "../../testing/server.ts"
import { connect } from "../db/connect.ts"
import type { Workspace } from "../workspaces/workspace.ts"
import { createDatabaseWatch } from "./database-watch.ts"

let server: TestServer
let workspace: Workspace
beforeEach(async () => {
  server = await createTestServer()
  const { workspaceId } = await signUpOwner(server)
  workspace = await workspaceOf(server, workspaceId)
})
afterEach(async () => {
  await server.engine.stop()
  await server.stop()
})

const db = () => server.database.engine
const status = () => server.services.operation.status.get(workspace)
const kinds = async () => (await status()).problems.map(problem => problem.kind)
const samples = async (): Promise<Record<string, number>> => {
  const { body } = await server.app.inject({ url: "/metrics" })
  const lines = body.split("\n").filter(line => line.startsWith("viaggio_"))
  return Object.fromEntries(
    lines.map(line => [line.slice(0, line.lastIndexOf(" ")), Number(line.split(" ").at(-1))]),
  )
}
const track = async (events: object[]) => {
  const { key } = await server.services.keys.create(workspace, "write", "Shop")
  return server.app.inject({
    method: "POST",
    url: "/v1/batch",
    headers: { authorization: `Basic ${Buffer.from(`${key}:`).toString("base64")}` },
    payload: { batch: events },
  })
}

test("nobody works: the page says so, what waits and since when", async () => {
  const event = { type: "track", event: "Product Viewed", userId: "u1", messageId: "m1" }
  expect((await track([event, event, { type: "track" }])).statusCode).toBe(200)
  await db().execute(sql`update events set received_at = received_at - interval '10 minutes'`)
  const { problems, events, workers, buckets } = await status()
  expect({ workers, buckets }).toEqual({ workers: [], buckets: { owned: 0, all: 32 } })
  expect(events).toMatchObject({ behind: 1, own: 1 })
  expect(problems.map(({ kind }) => kind)).toEqual(["no-workers", "events-behind"])
  const late = server.ports.now() - Date.parse(events.since!)
  expect(late).toBeGreaterThan(599_000)
  expect(late).toBeLessThan(660_000)
  const seen = await samples()
  expect(seen[`viaggio_events_total{workspace="${workspace.id}",answer="accepted"}`]).toBe(1)
  expect(seen[`viaggio_events_total{workspace="${workspace.id}",answer="duplicate"}`]).toBe(1)
  expect(seen[`viaggio_events_total{workspace="${workspace.id}",answer="rejected"}`]).toBe(1)
  expect(seen[`viaggio_workspace_lag_events{workspace="${workspace.id}"}`]).toBe(1)
  expect(seen.viaggio_append_seconds_count).toBe(1)
  expect(seen.viaggio_buckets_without_owner).toBe(32)
})

test("all is well where a worker has everything", async () => {
  await server.engine.start()
  const { problems, workers, buckets } = await status()
  expect(problems).toEqual([])
  expect(buckets).toEqual({ owned: 32, all: 32 })
  expect(workers).toMatchObject([{ buckets: 32, release: expect.stringMatching(/^0\.1\.0\+/) }])
  const seen = await samples()
  expect(seen.viaggio_listening).toBe(1)
  expect(Object.entries(seen).find(([name]) => name.startsWith("viaggio_worker_buckets"))?.[1]).toBe(32)
})

test("every kind of trouble has its name and its number", async () => {
  await server.engine.start()
  const profile = "01900000-0000-7000-8000-000000000001"
  await db().execute(sql`
    insert into stuck (bucket, profile_id, workspace_id, since, error, first_on, first_seq)
    values (1, ${profile}, ${workspace.id}, now(), 'It broke', '2026-01-01', 1)`)
  await db().execute(sql`
    insert into counter_checks (started_at, finished_at, differences)
    values (now() - interval '5 hours', now() - interval '5 hours', '[{"what": "inside"}]')`)
  await db().execute(sql`
    insert into steps_default (recorded_on, bucket, seq, workspace_id, version_id, enrollment_id, first_visit,
      arrived_at, left_at, worked_at, nodes, outcomes)
    values ('2001-01-01', 1, 1, ${workspace.id}, 1, ${profile}, 1, now(), now(), now(), '{0}', '{0}')`)
  await db().execute(sql`
    insert into provider_users (provider, workspace_id) values ('smtp', ${workspace.id}), ('webhook:a.example', ${workspace.id})`)
  await db().execute(sql`
    insert into provider_health (provider, minute, process, sent, refused, later, in_doubt, errors, latency, circuit,
      waiting, last_error, last_error_at)
    values ('smtp', now(), ${profile}, 1, 0, 9, 0, '{}', '{}', 'open', 3, '451 <ann@example.com> try later', now())`)
  await db().execute(sql`
    insert into messages (bucket, id, workspace_id, version_id, node, enrollment_id, profile_id, clock, next_try,
      recipient, frozen, queued_at, added_at, provider, is_open)
    values (1, ${profile}, ${workspace.id}, 1, 0, ${profile}, ${profile}, 0, now() + interval '1 hour', 'x', '{}',
      now() - interval '1 hour', now() - interval '1 hour', 'webhook:a.example', true)`)
  const found = await status()
  expect(found.problems).toMatchObject([
    { kind: "provider-open", provider: "smtp", error: "451 <…> try later" },
    { kind: "outbox-behind", provider: "webhook:a.example", queued: 1 },
    { kind: "set-aside", customers: 1 },
    { kind: "counters-differ", differences: 1 },
    { kind: "counters-unchecked" },
    { kind: "default-partition", tables: ["steps"] },
  ])
  expect(found.setAside).toMatchObject([{ id: profile, error: "It broke" }])
  const seen = await samples()
  expect(seen['viaggio_default_partition_used{table="steps"}']).toBe(1)
  expect(seen['viaggio_provider_circuit_open{provider="smtp"}']).toBe(1)
  expect(seen['viaggio_outbox_messages{provider="webhook:a.example",state="queued"}']).toBe(1)
  expect(seen.viaggio_customers_set_aside).toBe(1)
})

test("a timer that should have run long ago is late by so much", async () => {
  const profile = "01900000-0000-7000-8000-000000000001"
  await db().execute(sql`
    insert into enrollments (bucket, id, workspace_id, journey_id, version_id, profile_id, clock, node, visit,
      entered_at, arrived_at, wake_at, entry)
    values (1, ${profile}, ${workspace.id}, 1, 1, ${profile}, 0, 0, 1, now(), now(), now() - interval '1 hour', '{}')`)
  expect(await kinds()).toEqual(["no-workers", "timers-late"])
  const seen = await samples()
  expect(seen.viaggio_timers_due).toBe(1)
  expect(seen.viaggio_timers_late_seconds).toBeGreaterThan(3_599)
})

test("viewers do not see the status of the installation", async () => {
  const { cookie } = await invite(server, workspace, "viewer@example.com", "viewer")
  const answer = await server.app.inject({
    url: "/api/trpc/status.get",
    headers: { cookie, "x-workspace": workspace.publicId },
  })
  expect(answer.statusCode).toBe(403)
})

test("a database that is away is said with its reason and since when, and so is its return", async () => {
  let error: Error | undefined = Object.assign(new Error("no"), { code: "ECONNREFUSED" })
  let now = 1_000_000
  const ports = { ...server.ports, now: () => now, monotonicMs: () => now }
  const watch = createDatabaseWatch({
    probe: () => (error === undefined ? Promise.resolve({ migrated: true }) : Promise.reject(error)),
    codeOf: caught => (caught as { code?: string }).code,
    ports,
  })
  const away = { reason: "database-away", detail: "ECONNREFUSED", since: 1_000_000 }
  expect(await watch.look()).toEqual(away)
  now += 60_000
  expect(await watch.look()).toEqual(away)
  error = undefined
  now += 2_000
  expect(await watch.look()).toBeUndefined()
  watch.stop()
})

test("a process whose database has not all migrations is not ready and says why", async () => {
  await db().execute(sql`update schema_info set version = 1`)
  const answer = await server.app.inject({ url: "/readyz" })
  expect(answer.statusCode).toBe(503)
  expect(answer.json()).toMatchObject({ status: "not ready", reason: "migrations-missing" })
})

test("with the database away the metrics of the process go on, and all heals by itself", async () => {
  await server.engine.start()
  const name = new URL(server.database.url.replace("@/", "@localhost/")).pathname.slice(1)
  const admin = connect(inject("postgres").url, { max: 1 })
  await admin.unsafe(`alter database ${name} allow_connections false`)
  await admin`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name}`
  const ready = async () => (await server.app.inject({ url: "/readyz" })).json() as Record<string, string>
  await vi.waitFor(async () => expect((await ready()).reason).toBe("database-away"), 10_000)
  const { statusCode, body } = await server.app.inject({ url: "/metrics" })
  expect(statusCode).toBe(200)
  expect(body).toContain("viaggio_database_up 0")
  expect(body).toMatch(/^process_resident_memory_bytes \d/m)
  expect(body).toMatch(/^nodejs_eventloop_lag_seconds /m)
  expect(body).not.toMatch(/^viaggio_timers_due /m)
  await admin.unsafe(`alter database ${name} allow_connections true`)
  await admin.end()
  await vi.waitFor(async () => expect(await ready()).toEqual({ status: "ready" }), 10_000)
  await vi.waitFor(async () => expect(await kinds()).toEqual([]), 20_000)
})
