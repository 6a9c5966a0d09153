import { parseJourney } from "@viaggio/journey-model"
import { sql } from "drizzle-orm"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { expectConserved } from "../../testing/conservation.ts"
import { welcome } from "../../testing/journeys.ts"
import { type Running, startRunning } from "../../testing/running.ts"
import { until } from "../../testing/until.ts"
import { CONCURRENT } from "./worker.ts"

const DAY = 24 * 3_600_000
const start = Date.parse("2026-03-01T09:00:00.000Z")
const at = (ms: number) => new Date(ms).toISOString()

let running: Running
beforeAll(async () => {
  running = await startRunning()
})
afterEach(async () => {
  expect(running.errors.splice(0)).toEqual([])
  await expectConserved(running)
})
afterAll(() => running.stop())

const account = (user: string, time: number, extra: object = {}) => [
  {
    type: "identify",
    userId: user,
    messageId: `i-${user}`,
    timestamp: at(time),
    traits: { email: `${user}@example.com`, first_name: user, ...extra },
  },
  { type: "track", userId: user, event: "Account Created", messageId: `a-${user}`, timestamp: at(time) },
]

const track = (user: string, event: string, time: number, properties: object = {}) => ({
  type: "track",
  userId: user,
  event,
  messageId: `${event}-${user}-${time}`,
  timestamp: at(time),
  properties,
})

describe("a welcome journey on a test clock", () => {
  it("takes each customer by its own way to the end", async () => {
    const sandbox = await running.sandbox(start)
    await running.publish(sandbox, welcome)
    await running.send(sandbox, [
      ...account("buyer", start),
      ...account("looker", start),
      ...account("cold", start),
      ...account("nobody", start, { email: undefined }),
    ])
    await running.advance(sandbox, start + DAY)
    await running.send(sandbox, [
      track("buyer", "Order Completed", start + DAY),
      track("looker", "Product Viewed", start + DAY),
    ])
    await running.advance(sandbox, start + 10 * DAY)

    const { totals, nodes } = await running.stats(sandbox, welcome.key)
    expect(totals).toEqual({
      entered: 4,
      inside: 0,
      ended: { bought: 1, cold: 2, done: 1 },
      notAdmitted: {},
    })
    expect(nodes.welcome).toMatchObject({
      entered: 4,
      left: { next: 3, suppressed: 1, failed: 0 },
      messages: { queued: 0, sent: 3, refused: 0 },
    })
    expect(nodes["first-order"]).toMatchObject({ left: { ordered: 1, timeout: 3 } })
  })

  it("keeps a message as its reader gets it, and the person's timeline", async () => {
    const sandbox = await running.sandbox(start)
    await running.publish(sandbox, welcome)
    await running.send(sandbox, account("Ada", start))
    await running.advance(sandbox, start + DAY)
    const { items } = await running.engine.messages.list(sandbox, { userId: "Ada" })
    expect(items).toHaveLength(1)
    expect(items[0]).toMatchObject({
      to: "Ada@example.com",
      subject: "Welcome, Ada",
      state: "sent",
      at: at(start),
      sentAt: at(start),
      node: "welcome",
      nodeType: "email",
      nodeName: "Welcome",
      userId: "Ada",
    })
    expect(items[0]!.html).toContain("/unsubscribe/")
    const timeline = await running.engine.profiles.timeline(sandbox, "Ada", {})
    expect(timeline.items.map(item => item.kind)).toEqual(["message", "step", "step", "event", "event"])
    const profile = await running.engine.profiles.get(sandbox, "Ada")
    expect(profile.inside).toEqual([
      {
        journey: welcome.key,
        version: 1,
        node: "first-order",
        nodeType: "wait-for-event",
        since: at(start),
      },
    ])
  })

  it("lets nobody in twice, nor by an event that is too old", async () => {
    const sandbox = await running.sandbox(start)
    await running.publish(sandbox, welcome)
    await running.send(sandbox, account("once", start))
    await running.send(sandbox, [
      track("once", "Account Created", start),
      track("late", "Account Created", start - 2 * DAY),
    ])
    await running.settle()
    const { totals } = await running.stats(sandbox, welcome.key)
    expect(totals).toMatchObject({ entered: 1, notAdmitted: { reentry: 1, "too-old": 1 } })
  })

  it("refuses an event after the clock, and moves only forward", async () => {
    const sandbox = await running.sandbox(start)
    const answer = await running.send(sandbox, [track("future", "Account Created", start + 1)])
    expect(answer).toEqual({ accepted: 0, duplicates: 0, rejected: 1 })
    await running.advance(sandbox, start + DAY)
    await expect(running.advance(sandbox, start)).rejects.toMatchObject({ kind: "unprocessable" })
    await expect(running.advance(await running.live(), start)).rejects.toMatchObject({ kind: "conflict" })
  })
})

describe("run states", () => {
  it("lets people go on at the rate that was asked for, and keeps the rest when paused again", async () => {
    const live = await running.live()
    await running.publish(live, welcome)
    const people = Array.from({ length: 64 }, (_, i) => account(`paced-${i}`, Date.now())).flat()
    await running.send(live, people)
    await running.settle()
    await running.engine.runs.pause(live, welcome.key)
    const db = running.database.engine
    await db.execute(
      sql`UPDATE enrollments SET wake_at = clock_timestamp() WHERE workspace_id = ${live.id} AND ended_at IS NULL`,
    )
    const held = async () =>
      (
        await db.execute<{ n: number }>(
          sql`SELECT count(held_at)::int AS n FROM enrollments WHERE workspace_id = ${live.id}`,
        )
      )[0]!.n
    const openJobs = async () =>
      (await db.execute(sql`SELECT FROM run_jobs WHERE workspace_id = ${live.id} AND done_at IS NULL`)).length
    await until(async () => (await held()) === 64)
    // One of each bucket at once, and the next after half an hour.
    await running.engine.runs.resume(live, welcome.key, 1)
    const [buckets] = await db.execute<{ n: number }>(
      sql`SELECT count(DISTINCT bucket)::int AS n FROM enrollments WHERE workspace_id = ${live.id}`,
    )
    await until(async () => (await held()) <= 64 - buckets!.n)
    await running.engine.runs.pause(live, welcome.key)
    expect(await held()).toBe(64 - buckets!.n)
    expect(await openJobs()).toBe(0)
    await running.engine.runs.resume(live, welcome.key)
    // Let go on, they end with the next batch of their bucket.
    const inside = async () => (await running.stats(live, welcome.key)).totals.inside
    await until(async () => (await inside()) === 0)
    expect((await running.stats(live, welcome.key)).totals).toMatchObject({ entered: 64, inside: 0 })
  })

  it("holds those inside while paused and lets them go on, late, when resumed", async () => {
    const sandbox = await running.sandbox(start)
    await running.publish(sandbox, welcome)
    await running.send(sandbox, [...account("p1", start), ...account("p2", start)])
    await running.settle()
    await running.engine.runs.pause(sandbox, welcome.key)
    await running.send(sandbox, [...account("p3", start), track("p2", "Order Completed", start)])
    await running.advance(sandbox, start + 5 * DAY)
    const paused = await running.stats(sandbox, welcome.key)
    expect(paused.totals).toMatchObject({ entered: 2, inside: 2, notAdmitted: { paused: 1 } })
    expect(paused.nodes.bought).toMatchObject({ entered: 1, inside: 1 })

    await running.engine.runs.resume(sandbox, welcome.key)
    await running.settle()
    await running.advance(sandbox, start + 6 * DAY)
    const resumed = await running.stats(sandbox, welcome.key)
    expect(resumed.totals).toMatchObject({ inside: 0, ended: { bought: 1, cold: 1 } })
  })

  it("lets nobody go on by a resume that a worker had read when the next pause came", async () => {
    const sandbox = await running.sandbox(start)
    await running.publish(sandbox, welcome)
    await running.send(sandbox, Array.from({ length: 64 }, (_, i) => account(`late-${i}`, start)).flat())
    await running.settle()
    await running.engine.runs.pause(sandbox, welcome.key)
    await running.advance(sandbox, start + 5 * DAY)
    await running.database.engine.transaction(async tx => {
      await tx.execute(sql`SELECT FROM buckets FOR UPDATE`)
      await running.engine.runs.resume(sandbox, welcome.key)
      const waiting = sql`SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`
      await until(async () => (await tx.execute(waiting)).length >= CONCURRENT)
      await running.engine.runs.pause(sandbox, welcome.key)
    })
    await running.settle()
    const [row] = await running.database.engine.execute(
      sql`SELECT count(held_at)::int AS held, count(wake_at)::int AS waiting FROM enrollments
          WHERE workspace_id = ${sandbox.id}`,
    )
    expect(row).toEqual({ held: 64, waiting: 0 })
  })

  it("ends all inside with stopped", async () => {
    const sandbox = await running.sandbox(start)
    await running.publish(sandbox, welcome)
    await running.send(sandbox, Array.from({ length: 40 }, (_, i) => account(`s${i}`, start)).flat())
    await running.settle()
    await running.engine.runs.stop(sandbox, welcome.key)
    await running.settle()
    const { totals, nodes } = await running.stats(sandbox, welcome.key)
    expect(totals).toMatchObject({ entered: 40, inside: 0, ended: { stopped: 40 } })
    expect(nodes["first-order"]).toMatchObject({ ended: { stopped: 40 } })
  })
})

describe("versions", () => {
  it("keeps those inside on their version and lets new ones into the next", async () => {
    const sandbox = await running.sandbox(start)
    expect(await running.publish(sandbox, welcome)).toBe(1)
    await running.send(sandbox, account("v1", start))
    await running.settle()
    const shorter = parseJourney({
      ...welcome,
      nodes: welcome.nodes.map(node =>
        node.id === "first-order" ? { ...node, config: { ...node.config, timeout: "P1D" } } : node,
      ),
    })
    if (!shorter.ok) throw new Error("the changed journey does not parse")
    expect(await running.publish(sandbox, shorter.value)).toBe(2)
    await running.send(sandbox, account("v2", start))
    await running.advance(sandbox, start + 2 * DAY)
    const both = await running.stats(sandbox, welcome.key)
    expect(both.nodes["first-order"]).toMatchObject({ inside: 1, left: { timeout: 1 } })
    expect((await running.engine.profiles.get(sandbox, "v1")).inside[0]).toMatchObject({ version: 1 })
  })
})

describe("in real time", () => {
  it("sends by the transport, once, with an id made from the effect", async () => {
    const workspace = await running.live()
    await running.publish(workspace, welcome)
    const now = Date.now()
    await running.send(workspace, account("real", now))
    await running.settle()
    const mine = running.sent.filter(email => email.to === "real@example.com")
    expect(mine).toHaveLength(1)
    expect(mine[0]!.messageId).toMatch(/^<[0-9a-f-]{36}@/)
    await running.send(workspace, account("real", now))
    await running.settle()
    expect(running.sent.filter(email => email.to === "real@example.com")).toHaveLength(1)
  })

  it("goes on after a restart where it stood", async () => {
    const workspace = await running.live()
    await running.publish(workspace, welcome)
    await running.send(workspace, account("stay", Date.now()))
    await running.settle()
    await running.restart()
    await running.send(workspace, [track("stay", "Order Completed", Date.now())])
    await running.settle()
    const { totals } = await running.stats(workspace, welcome.key)
    expect(totals).toMatchObject({ inside: 0, ended: { bought: 1 } })
  })
})

describe("one bad customer", () => {
  it("is set aside with the error while the others go on", async () => {
    const sandbox = await running.sandbox(start)
    await running.publish(sandbox, welcome)
    await running.send(sandbox, [...account("good", start), ...account("bad", start)])
    await running.settle()
    await running.database.engine.execute(
      sql`UPDATE enrollments SET entry = 'null' WHERE workspace_id = ${sandbox.id} AND profile_id IN (
            SELECT profile_id FROM identities WHERE workspace_id = ${sandbox.id} AND value = 'bad')`,
    )
    await running.advance(sandbox, start + 5 * DAY)
    const stuck = await running.database.engine.execute<{ error: string }>(
      sql`SELECT error FROM stuck WHERE workspace_id = ${sandbox.id}`,
    )
    expect(stuck).toHaveLength(1)
    expect(running.errors.splice(0)).toHaveLength(1)
    const { nodes } = await running.stats(sandbox, welcome.key)
    expect(nodes["first-order"]).toMatchObject({ inside: 1, left: { timeout: 1 } })
  })
})
