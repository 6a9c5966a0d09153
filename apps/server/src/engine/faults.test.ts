import { randomBytes } from "node:crypto"
import { parseJourney } from "@viaggio/journey-model"
import { sql } from "drizzle-orm"
import { afterAll, afterEach, beforeAll, expect, it } from "vitest"
import { expectConserved } from "../../testing/conservation.ts"
import { welcome } from "../../testing/journeys.ts"
import { type Running, startRunning } from "../../testing/running.ts"
import { until } from "../../testing/until.ts"
import { profileBucket } from "../ingest/keys.ts"
import { type Incoming, readCall } from "../ingest/message.ts"
import { uuidV7 } from "../ports.ts"

const DAY = 24 * 3_600_000
const start = Date.parse("2026-03-01T09:00:00.000Z")

let running: Running
beforeAll(async () => {
  running = await startRunning()
})
afterEach(async () => {
  await expectConserved(running)
})
afterAll(() => running.stop())

const account = (user: string, traits: object = {}) => [
  {
    type: "identify",
    userId: user,
    messageId: `i-${user}`,
    traits: { email: `${user}@example.com`, ...traits },
  },
  { type: "track", userId: user, event: "Account Created", messageId: `a-${user}` },
]

it("sets the one customer aside who cannot be saved", async () => {
  const db = running.database.engine
  await db.execute(
    sql`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
          $$ BEGIN RAISE EXCEPTION 'not this one' USING ERRCODE = '22000'; END $$`,
  )
  await db.execute(
    sql`CREATE TRIGGER refuse BEFORE INSERT ON profiles FOR EACH ROW
          WHEN (NEW.attributes ? 'unsaveable') EXECUTE FUNCTION refuse()`,
  )
  const sandbox = await running.sandbox(start)
  await running.publish(sandbox, welcome)
  const people = Array.from({ length: 60 }, (_, i) => account(`person-${i}`)).flat()
  await running.send(sandbox, [...people, ...account("unsaveable", { unsaveable: true })])
  await running.settle()
  expect((await running.stats(sandbox, welcome.key)).totals).toMatchObject({ entered: 60 })
  expect(running.errors.splice(0)).toHaveLength(1)
  await db.execute(sql`DROP TRIGGER refuse ON profiles`)
})

it("shows that it lives again after its connection was cut", async () => {
  const db = running.database.engine
  const epochs = async () =>
    (await db.execute<{ epoch: string }>(sql`SELECT epoch FROM buckets ORDER BY bucket`)).map(b => b.epoch)
  const isAlive = async () => {
    const [row] = await db.execute<{ n: number }>(
      sql`SELECT count(*)::int AS n FROM pg_locks l JOIN pg_stat_activity a USING (pid)
          WHERE l.locktype = 'advisory' AND a.application_name = 'viaggio worker'
            AND a.datname = current_database()`,
    )
    return row!.n === 1
  }
  expect(await isAlive()).toBe(true)
  const before = await epochs()
  await db.execute(
    sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE application_name = 'viaggio worker' AND datname = current_database()`,
  )
  await until(isAlive)
  expect(await epochs()).toEqual(before)
})

it("takes a bucket again that is its own without its knowing", async () => {
  const db = running.database.engine
  const sandbox = await running.sandbox(start)
  await db.execute(sql`UPDATE buckets SET epoch = epoch + 1`)
  await running.send(sandbox, account("patient"))
  await running.settle()
  expect((await running.engine.profiles.get(sandbox, "patient")).attributes).toMatchObject({
    email: "patient@example.com",
  })
  running.errors.splice(0)
})

it("carries out a resume before it moves the clock", async () => {
  const sandbox = await running.sandbox(start)
  await running.publish(sandbox, welcome)
  await running.send(sandbox, Array.from({ length: 40 }, (_, i) => account(`r${i}`)).flat())
  await running.settle()
  await running.engine.runs.pause(sandbox, welcome.key)
  await running.advance(sandbox, start + 5 * DAY)
  await running.engine.runs.resume(sandbox, welcome.key)
  await running.advance(sandbox, start + 6 * DAY)
  expect((await running.stats(sandbox, welcome.key)).totals).toMatchObject({ inside: 0, ended: { cold: 40 } })
})

it("keeps those whom a batch let in while the next version was published", async () => {
  const db = running.database.engine
  const sandbox = await running.sandbox(start)
  await running.publish(sandbox, welcome)
  const next = parseJourney({
    ...welcome,
    nodes: welcome.nodes.map(node =>
      node.id === "first-order" ? { ...node, config: { ...node.config, timeout: "P1D" } } : node,
    ),
  })
  if (!next.ok) throw new Error("the changed journey does not parse")
  await db.transaction(async tx => {
    await tx.execute(sql`LOCK TABLE enrollments IN SHARE MODE`)
    await running.send(sandbox, account("between"))
    await until(async () => {
      const [row] = await tx.execute<{ n: number }>(
        sql`SELECT count(*)::int AS n FROM pg_locks WHERE NOT granted AND relation = 'enrollments'::regclass`,
      )
      return row!.n > 0
    })
    expect(await running.publish(sandbox, next.value)).toBe(2)
    await running.send(
      sandbox,
      Array.from({ length: 100 }, (_, i) => ({ type: "track", userId: `u${i}`, event: "Other" })),
    )
    await until(async () => {
      const [row] = await tx.execute<{ behind: number }>(
        sql`SELECT count(*)::int AS behind FROM buckets b JOIN bucket_heads h USING (bucket)
            WHERE h.head_seq > b.cursor_seq`,
      )
      return row!.behind <= 1
    })
  })
  await running.settle()
  await running.advance(sandbox, start + 5 * DAY)
  expect((await running.stats(sandbox, welcome.key)).totals).toMatchObject({ inside: 0, ended: { cold: 1 } })
})

it("lets somebody unsubscribe whose identifiers have moved on, and again after a new subscription", async () => {
  const sandbox = await running.sandbox(start)
  await running.publish(sandbox, welcome)
  const visitor = { anonymousId: "shared-device" }
  await running.send(sandbox, [
    { type: "identify", ...visitor, traits: { email: "visitor@example.com" } },
    { type: "track", ...visitor, event: "Account Created" },
    { type: "identify", userId: "owner", traits: { email: "owner@example.com" } },
  ])
  await running.settle()
  await running.send(sandbox, [{ type: "track", userId: "owner", ...visitor, event: "Page Seen" }])
  const [message] = (await running.engine.messages.list(sandbox, {})).items
  const token = /unsubscribe\/([^"]+)"/.exec(message!.html)![1]!
  const attributes = async () => {
    await running.settle()
    const [row] = await running.database.engine.execute<{ attributes: object }>(
      sql`SELECT attributes FROM profiles WHERE workspace_id = ${sandbox.id}
          AND attributes ->> 'email' = 'visitor@example.com'`,
    )
    return row!.attributes
  }
  expect(await running.engine.unsubscribe.confirm(token)).toMatchObject({ language: "en" })
  expect(await attributes()).toMatchObject({ unsubscribed: true })
  await running.database.engine.execute(
    sql`UPDATE profiles SET attributes = attributes || '{"unsubscribed": false}' WHERE workspace_id = ${sandbox.id}`,
  )
  await running.engine.unsubscribe.confirm(token)
  expect(await attributes()).toMatchObject({ unsubscribed: true })
  const events = await running.database.engine.execute(
    // Passed on to the person whom this one has become, it lies in two logs.
    sql`SELECT DISTINCT e.message_id FROM events e JOIN event_names n ON n.id = e.name_id
        WHERE e.workspace_id = ${sandbox.id} AND n.name = 'Email Unsubscribed'`,
  )
  expect(events).toHaveLength(1)
})

it("learns from a text that is cut within a character", async () => {
  const sandbox = await running.sandbox(start)
  const note = `${"x".repeat(119)}😀`
  const event = readCall({ type: "track", userId: "u", event: "Noted", properties: { note } }, 0, "id")
  running.engine.catalogue.note(sandbox.id, event as Incoming, start)
  await running.engine.catalogue.flush()
  const rows = await running.database.engine.execute(
    sql`SELECT path FROM catalogue_values WHERE workspace_id = ${sandbox.id}`,
  )
  expect([...rows]).toEqual([{ path: "note" }])
})

it("makes smaller batches when one takes longer than the database allows", async () => {
  const db = running.database.engine
  const workspace = await running.live()
  await running.publish(workspace, welcome)
  // Stands for slow work: a statement that lets more than ten people in is cut off.
  await db.execute(
    sql`CREATE FUNCTION cut_off() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
          IF (SELECT count(*) > 10 FROM added) THEN RAISE EXCEPTION 'too long' USING ERRCODE = '57014'; END IF;
          RETURN NULL; END $$`,
  )
  await db.execute(
    sql`CREATE TRIGGER cut_off AFTER INSERT ON enrollments REFERENCING NEW TABLE AS added
        FOR EACH STATEMENT EXECUTE FUNCTION cut_off()`,
  )
  const people = Array.from({ length: 100 }, () => {
    for (;;) {
      const id = uuidV7(Date.now(), randomBytes(10))
      if (profileBucket(id) === 5) return { id, bucket: 5 }
    }
  })
  await running.engine.coalescer.append(
    people.map((person, i) => ({
      workspace: workspace.id,
      sandbox: false,
      person,
      event: {
        ...(readCall({ type: "track", userId: "x", event: "Account Created" }, 0, `slow-${i}`) as Incoming),
        identifiers: [],
      },
    })),
  )
  await running.settle()
  expect((await running.stats(workspace, welcome.key)).totals).toMatchObject({ entered: 100 })
  expect(running.errors.splice(0).length).toBeGreaterThan(0)
  await db.execute(sql`DROP TRIGGER cut_off ON enrollments`)
})
