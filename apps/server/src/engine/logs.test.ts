import { sql } from "drizzle-orm"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { expectConserved } from "../../testing/conservation.ts"
import { welcome } from "../../testing/journeys.ts"
import { type Running, startRunning } from "../../testing/running.ts"
import { until } from "../../testing/until.ts"
import { profileBucket } from "../ingest/keys.ts"
import { type Incoming, readCall } from "../ingest/message.ts"
import { systemPorts } from "../ports.ts"
import type { Workspace } from "../workspaces/workspace.ts"

const HOUR = 3_600_000
const DAY = 24 * HOUR
const start = Date.parse("2026-03-01T09:00:00.000Z")
const at = (ms: number) => new Date(ms).toISOString()
const ports = systemPorts()

let running: Running
beforeEach(async () => {
  running = await startRunning({ idle: true })
})
afterEach(async () => {
  expect(running.errors.splice(0)).toEqual([])
  await expectConserved(running)
  expect(await running.database.engine.execute(sql`SELECT FROM lagging`)).toHaveLength(0)
  await running.stop()
})

const track = (userId: string, event: string, more: object = {}) => ({
  type: "track",
  userId,
  event,
  ...more,
})
const identify = (userId: string, more: object = {}) => ({
  type: "identify",
  userId,
  traits: { email: `${userId}@example.com` },
  ...more,
})
const totals = async (workspace: Workspace) => (await running.stats(workspace, welcome.key)).totals
const heads = async () => {
  const [row] = await running.database.engine.execute<{ live: number; bulk: number }>(
    sql`SELECT sum(head_seq)::int AS live, sum(bulk_seq - 2251799813685248)::int AS bulk FROM bucket_heads`,
  )
  return row
}

describe("history", () => {
  it("is worked from a log of its own, is known, and makes nothing happen", async () => {
    await running.engine.start()
    const sandbox = await running.sandbox(start)
    await running.publish(sandbox, welcome)
    await running.send(sandbox, [
      identify("old", { mode: "history", timestamp: at(start - 3 * DAY) }),
      track("old", "Account Created", { mode: "history", timestamp: at(start - 3 * DAY) }),
    ])
    expect(await heads()).toEqual({ live: 0, bulk: 2 })
    await running.settle()
    expect(await totals(sandbox)).toMatchObject({ entered: 0, notAdmitted: {} })
    expect((await running.engine.profiles.get(sandbox, "old")).attributes).toEqual({
      email: "old@example.com",
    })
    const { items } = await running.engine.profiles.timeline(sandbox, "old", {})
    expect(items).toMatchObject([
      { kind: "event", history: true },
      { kind: "event", history: true },
    ])
  })

  it("is seen by those who look back, and an advance waits for it", async () => {
    await running.engine.start()
    const sandbox = await running.sandbox(start)
    await running.publish(sandbox, welcome)
    await running.send(sandbox, [identify("ann"), track("ann", "Account Created")])
    await running.advance(sandbox, start + DAY)
    await running.send(sandbox, [
      track("ann", "Product Viewed", { mode: "history", timestamp: at(start + HOUR) }),
    ])
    await running.advance(sandbox, start + 5 * DAY)
    expect(await totals(sandbox)).toMatchObject({ ended: { done: 1 } })
  })

  it("is what arrives a day late, unless the workspace trusts late senders", async () => {
    await running.engine.start()
    const late = { timestamp: at(Date.now() - 25 * HOUR) }
    const patient = { ...welcome, nodes: welcome.nodes.map(withoutAge) }
    for (const trusts of [false, true]) {
      const workspace = await running.live()
      await running.publish(workspace, patient)
      if (trusts) await running.workspaces.update(workspace, { trustLate: true })
      await running.send(workspace, [
        track("late", "Account Created", late),
        track("soon", "Account Created", { timestamp: at(Date.now() - 23 * HOUR) }),
      ])
      await running.settle()
      expect(await totals(workspace)).toMatchObject({ entered: trusts ? 2 : 1 })
      const [item] = (await running.engine.profiles.timeline(workspace, "late", {})).items.slice(-1)
      expect((item as { history?: true }).history).toBe(trusts ? undefined : true)
    }
  })

  it("that breaks sets its customer aside and is tried again with the rest", async () => {
    const db = running.database.engine
    await db.execute(
      sql`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'poison' USING ERRCODE = '22000'; END $$`,
    )
    const sandbox = await running.sandbox(start)
    await running.publish(sandbox, welcome)
    const old = (n: number) => track("bad", "Other", { mode: "history", timestamp: at(start - n * DAY) })
    await running.send(sandbox, [
      old(1),
      old(2),
      old(3),
      identify("bad"),
      identify("good", { mode: "history" }),
    ])
    await db.execute(
      sql.raw(`CREATE TRIGGER refuse BEFORE INSERT ON profile_events FOR EACH ROW EXECUTE FUNCTION refuse()`),
    )
    await running.engine.start()
    await running.settle()
    running.errors.splice(0)
    const [item] = await running.engine.stuck.list(sandbox)
    expect(await running.engine.stuck.tryAgain(sandbox, item!.id)).toMatchObject({ state: "set-aside" })
    running.errors.splice(0)
    await db.execute(sql`DROP TRIGGER refuse ON profile_events`)
    expect(await running.engine.stuck.tryAgain(sandbox, item!.id)).toEqual({ state: "released" })
    const [digest] = await db.execute(
      sql`SELECT d.count FROM profile_events d JOIN event_names n ON n.id = d.name_id WHERE n.name = 'Other'`,
    )
    expect(digest).toEqual({ count: 3 })
    expect((await running.engine.profiles.get(sandbox, "bad")).attributes).toEqual({
      email: "bad@example.com",
    })
  })
})

const withoutAge = (node: (typeof welcome.nodes)[number]) =>
  node.id === "start" ? { ...node, config: { event: "Account Created", maxAge: "P10D" } } : node

/** A person who lives in bucket 5. */
const somebody = () => {
  for (;;) {
    const id = ports.newId()
    if (profileBucket(id) === 5) return { id, bucket: 5 }
  }
}

const put = (workspace: Workspace, calls: { person: ReturnType<typeof somebody>; call: object }[]) =>
  running.engine.coalescer.append(
    calls.map(({ person, call }) => ({
      workspace: workspace.id,
      sandbox: workspace.sandbox,
      person,
      event: { ...(readCall(call, 0, ports.newId()) as Incoming), identifiers: [] },
    })),
  )

describe("a flood of one workspace", () => {
  it("leaves the others their share of every batch, and keeps its own order", async () => {
    const [loud, quiet] = [await running.live(), await running.live()]
    for (const workspace of [loud, quiet]) await running.publish(workspace, welcome)
    const many = Array.from({ length: 700 }, somebody)
    const few = Array.from({ length: 20 }, somebody)
    const joining = (people: typeof many) =>
      people.map(person => ({ person, call: track("x", "Account Created") }))
    await put(loud, joining(many))
    // The first of them order at once: behind 700 others, in the order of the log.
    await put(
      loud,
      many.slice(0, 50).map(person => ({ person, call: track("x", "Order Completed") })),
    )
    await put(quiet, joining(few))
    await running.engine.start()
    await running.settle()
    expect(await totals(quiet)).toMatchObject({ entered: 20 })
    expect(await totals(loud)).toMatchObject({ entered: 700, inside: 650, ended: { bought: 50 } })
    const batches = await running.database.engine.execute<{ workspace_id: number; n: number; at: string }>(
      sql`SELECT workspace_id, count(DISTINCT enrollment_id)::int AS n, min(worked_at)::text AS at FROM steps
          GROUP BY worked_at, workspace_id ORDER BY min(seq)`,
    )
    const [first, second] = batches
    expect(first!.at).toBe(second!.at)
    expect([first, second].map(b => [b!.workspace_id, b!.n])).toEqual([
      [loud.id, 200],
      [quiet.id, 20],
    ])
  })

  it("is worked to its end after a restart in the middle of it", async () => {
    const [loud, quiet] = [await running.live(), await running.live()]
    for (const workspace of [loud, quiet]) await running.publish(workspace, welcome)
    const many = Array.from({ length: 600 }, somebody)
    await put(
      loud,
      many.map(person => ({ person, call: track("x", "Account Created") })),
    )
    await put(quiet, [{ person: somebody(), call: track("x", "Account Created") }])
    await running.database.engine.execute(
      sql`INSERT INTO lagging (bucket, workspace_id, worked_on, worked_seq)
          SELECT 5, ${loud.id}, '2000-01-01', 0`,
    )
    await running.database.engine.execute(
      sql`UPDATE buckets SET cursor_seq = 601, cursor_on = '2000-01-01' WHERE bucket = 5`,
    )
    await running.engine.start()
    await running.settle()
    expect(await totals(loud)).toMatchObject({ entered: 600 })
    expect(await totals(quiet)).toMatchObject({ entered: 0 })
  })
})

describe("the bulk log", () => {
  it("has its part of the time while live events wait, and only a part", async () => {
    const workspace = await running.live()
    await running.publish(workspace, welcome)
    const crowd = (prefix: string, count: number, mode?: "history") =>
      Array.from({ length: count }, (_, i) => ({
        person: somebody(),
        call: { ...track(`${prefix}${i}`, "Account Created"), ...(mode && { mode }) },
      }))
    for (let part = 0; part < 3; part += 1) {
      await put(workspace, crowd(`live${part}-`, 2_000))
      await put(workspace, crowd(`bulk${part}-`, 2_000, "history"))
    }
    await running.engine.start({ dispatch: false })
    const db = running.database.engine
    const settled = async () =>
      (
        await db.execute(sql`SELECT FROM buckets b JOIN bucket_heads h USING (bucket)
        WHERE h.head_seq > b.cursor_seq OR h.bulk_seq > b.bulk_seq`)
      ).length === 0
    await until(settled)
    // Rows are told apart by the transactions that wrote them: one for each batch, in order.
    const [row] = await db.execute<{ before: number; after: number }>(sql`
      WITH live AS (SELECT max(xmin::text::bigint) AS last FROM enrollments),
           bulk AS (SELECT p.xmin::text::bigint AS at FROM profiles p
                    WHERE NOT EXISTS (SELECT FROM enrollments e WHERE e.bucket = p.bucket AND e.profile_id = p.id))
      SELECT count(*) FILTER (WHERE at < last)::int AS before, count(*) FILTER (WHERE at > last)::int AS after
      FROM bulk, live`)
    expect(row!.before + row!.after).toBe(6_000)
    expect(row!.before).toBeGreaterThan(0)
    expect(row!.before).toBeLessThan(3_500)
  }, 120_000)
})
