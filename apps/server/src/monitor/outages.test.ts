import { type Journey, parseJourney } from "@viaggio/journey-model"
import { sql } from "drizzle-orm"
import { afterEach, beforeEach, expect, inject, test, vi } from "vitest"
import { expectConserved } from "../../testing/conservation.ts"
import { type Running, startRunning } from "../../testing/running.ts"
import { connect } from "../db/connect.ts"
import { type Ports, systemPorts } from "../ports.ts"
import type { Workspace } from "../workspaces/workspace.ts"
import { createPulse } from "./pulse.ts"
import { createStatus } from "./status.ts"

const DAY = 86_400_000

const email = (subject: string) => ({
  purpose: "transactional",
  subject,
  html: `<p>${subject}</p>`,
  tracking: { opens: false, clicks: false },
})

/** A mail at once, and a second one three seconds later. */
const twoMails = ((): Journey => {
  const result = parseJourney({
    format: 1,
    key: "two-mails",
    name: "Two mails",
    settings: { reentry: { mode: "always" } },
    nodes: [
      { id: "start", type: "event-entry", version: 1, config: { event: "Order Completed" } },
      { id: "thanks", type: "email", version: 1, config: email("Thank you") },
      { id: "pause", type: "delay", version: 1, config: { for: "PT3S" } },
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
  if (!result.ok) throw new Error(result.problems.map(problem => problem.text).join(" "))
  return result.value
})()

let running: Running
let workspace: Workspace
let clockOff = 0
let ports: Ports
beforeEach(async () => {
  clockOff = 0
  ports = { ...systemPorts(), now: () => systemPorts().now() + clockOff }
  running = await startRunning({ ports })
  workspace = await running.live()
  await running.publish(workspace, twoMails)
})
afterEach(() => running.stop())

const orders = (people: readonly string[]) =>
  people.flatMap(who => [
    { type: "identify", userId: who, messageId: `traits of ${who}`, traits: { email: `${who}@example.com` } },
    { type: "track", event: "Order Completed", userId: who, messageId: `order of ${who}` },
  ])
const crowd = Array.from({ length: 40 }, (_, n) => `p${n}`)

/** As a client does: what is not answered is sent again, with the same ids. */
const insist = async (calls: object[]): Promise<number> => {
  for (let tries = 1; ; tries++) {
    const answered = await running.send(workspace, calls).then(
      () => true,
      () => false,
    )
    if (answered) return tries
    await ports.sleep(20)
  }
}

const settled = async (people: number) => {
  const done = async () =>
    expect((await running.stats(workspace, "two-mails")).totals.ended.done ?? 0).toBe(people)
  await vi.waitFor(done, { timeout: 60_000, interval: 50 })
  await running.settle()
}

const expectEachOnce = async (people: number) => {
  const ids = running.sent.map(mail => mail.messageId)
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids.length).toBe(2 * people)
  await expectConserved(running)
}

type Found = { kind: string; since?: string; error?: string }
const problems = async (): Promise<Record<string, Found>> => {
  const { engine, database } = running
  const { isListening, journal, failing, hold, stuck, providers } = engine
  const own = { isListening, journal, failing, eventsWaiting: engine.coalescer.waiting }
  const db = database.analytics
  const pulse = createPulse({ db, ports })
  const status = await createStatus({ db, ports, pulse, own, hold, stuck, providers }).get(workspace)
  return Object.fromEntries(status.problems.map((problem: Found) => [problem.kind, problem]))
}

// 6 s; were the driver to forget a statement, its bucket would go on 40 s later.
test("the database goes away and comes back: what was answered is there, and all goes on once", {
  timeout: 120_000,
}, async () => {
  const name = new URL(running.database.url.replace("@/", "@localhost/")).pathname.slice(1)
  const admin = connect(inject("postgres").url, { max: 1 })
  await insist(orders(crowd.slice(0, 20)))
  await admin.unsafe(`alter database ${name} allow_connections false`)
  await admin`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name}`
  const coming = insist(orders(crowd.slice(20)))
  await vi.waitFor(() => expect(running.errors.length).toBeGreaterThan(3), 10_000)
  await admin.unsafe(`alter database ${name} allow_connections true`)
  await admin.end()
  expect(await coming).toBeGreaterThan(1)
  await settled(crowd.length)
  await expectEachOnce(crowd.length)
  await vi.waitFor(async () => expect(await problems()).toEqual({}), { timeout: 20_000, interval: 200 })
})

test("a disk that is full turns events away and holds work up, and nobody is set aside for it", async () => {
  const db = running.database.engine
  await db.execute(sql`
    create function full_disk() returns trigger language plpgsql as
    $$ begin raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$`)
  await db.execute(
    sql`create trigger full_disk before insert on steps for each statement execute function full_disk()`,
  )
  await insist(orders(crowd))
  await vi.waitFor(
    async () => {
      const found = await problems()
      expect(found["batches-failing"]?.error).toContain("No space left on device")
      expect(found["events-behind"]?.since).toBeDefined()
    },
    { timeout: 15_000, interval: 200 },
  )
  expect(running.sent).toEqual([])
  await db.execute(
    sql`create trigger full_door before insert on events for each statement execute function full_disk()`,
  )
  await expect(running.send(workspace, orders(["late"]))).rejects.toThrow()
  await db.execute(sql`drop trigger full_door on events`)
  await db.execute(sql`drop trigger full_disk on steps`)
  await insist(orders(["late"]))
  await settled(crowd.length + 1)
  await expectEachOnce(crowd.length + 1)
  expect(await problems()).toEqual({})
})

test("a machine whose clock jumps forward and back runs nothing early, nothing twice and loses no bucket", async () => {
  await insist(orders(crowd.slice(0, 20)))
  await vi.waitFor(() => expect(running.sent.length).toBe(20), 10_000)
  clockOff = DAY
  await insist(orders(crowd.slice(20, 30)))
  clockOff = -DAY
  await insist(orders(crowd.slice(30)))
  await settled(crowd.length)
  await expectEachOnce(crowd.length)
  const waits = await running.database.engine.execute<{ ms: number }>(sql`
    select min(extract(epoch from worked_at - arrived_at) * 1000)::float8 as ms from steps
    where arrived_at <> left_at`)
  expect(waits[0]!.ms).toBeGreaterThanOrEqual(3_000)
  const owners = await running.database.engine.execute(sql`
    select count(distinct owner)::int as owners, max(epoch)::int as epoch from buckets`)
  expect([...owners]).toEqual([{ owners: 1, epoch: 1 }])
})
