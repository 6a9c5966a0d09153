import { sql } from "drizzle-orm"
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { expectConserved } from "../../testing/conservation.ts"
import { welcome } from "../../testing/journeys.ts"
import { type Running, startRunning } from "../../testing/running.ts"
import { until } from "../../testing/until.ts"
import type { Workspace } from "../workspaces/workspace.ts"

const DAY = 24 * 3_600_000
const start = Date.parse("2026-03-01T09:00:00.000Z")
const at = (ms: number) => new Date(ms).toISOString()

let running: Running
let sandbox: Workspace
beforeAll(async () => {
  running = await startRunning()
  // Stands for a fault of the program: no event named Poison can be counted.
  await running.database.engine.execute(
    sql`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
          $$ BEGIN RAISE EXCEPTION 'poison' USING ERRCODE = '22000'; END $$`,
  )
})
beforeEach(async () => {
  sandbox = await running.sandbox(start)
  await running.publish(sandbox, welcome)
})
afterEach(async () => {
  await mend()
  running.errors.splice(0)
  await expectConserved(running)
  expect(await miscounted()).toEqual([])
})
afterAll(() => running.stop())

const mend = () => running.database.engine.execute(sql`DROP TRIGGER IF EXISTS refuse ON profile_events`)

const plant = async () => {
  const [name] = await running.database.engine.execute<{ id: number }>(
    sql`INSERT INTO event_names (workspace_id, name) VALUES (${sandbox.id}, 'Poison') RETURNING id`,
  )
  await running.database.engine.execute(
    sql.raw(`CREATE TRIGGER refuse BEFORE INSERT ON profile_events FOR EACH ROW
             WHEN (NEW.name_id = ${name!.id}) EXECUTE FUNCTION refuse()`),
  )
}

/** Digests that differ from the log of events; what was left out is called Poison. */
const miscounted = async () => [
  ...(await running.database.engine.execute(sql`
    WITH logged AS (SELECT bucket, profile_id, name_id, count(*)::int AS n FROM events WHERE kind = 2 GROUP BY 1, 2, 3)
    SELECT n.name, l.n, d.count FROM logged l JOIN event_names n ON n.id = l.name_id
    LEFT JOIN profile_events d USING (bucket, profile_id, name_id)
    WHERE l.n IS DISTINCT FROM d.count AND n.name <> 'Poison'`)),
]

const account = (user: string) => [
  { type: "identify", userId: user, traits: { email: `${user}@example.com` }, timestamp: at(start) },
  { type: "track", userId: user, event: "Account Created", timestamp: at(start) },
]
const track = (userId: string, event: string, time = start) => ({
  type: "track",
  userId,
  event,
  timestamp: at(time),
})

const theOne = async () => {
  const items = await running.engine.stuck.list(sandbox)
  expect(items).toHaveLength(1)
  return items[0]!
}
const totals = async () => (await running.stats(sandbox, welcome.key)).totals

describe("a customer who was set aside", () => {
  it("keeps what comes later in order, and goes through it when the fault is mended", async () => {
    await plant()
    await running.send(sandbox, [...account("good"), ...account("bad"), track("bad", "Poison")])
    await running.settle()
    const { id } = await theOne()
    await running.advance(sandbox, start + DAY)
    await running.send(sandbox, [
      track("bad", "Order Completed", start + DAY),
      track("good", "Other", start + DAY),
    ])
    await running.settle()
    // What came before the fault is done and stays done.
    expect(await totals()).toMatchObject({ entered: 2, inside: 2 })
    expect(await running.engine.stuck.tryAgain(sandbox, id)).toMatchObject({
      state: "set-aside",
      customer: {
        id,
        tries: 1,
        error: expect.stringContaining("poison"),
        event: { name: "Poison", at: at(start) },
      },
    })
    expect(await totals()).toMatchObject({ entered: 2, inside: 2 })

    await mend()
    expect(await running.engine.stuck.tryAgain(sandbox, id)).toEqual({ state: "released" })
    expect(await totals()).toMatchObject({ entered: 2, inside: 1, ended: { bought: 1 } })
    expect(await running.engine.stuck.list(sandbox)).toEqual([])
    const { items } = await running.engine.messages.list(sandbox, { userId: "bad" })
    expect(items.map(item => item.node)).toEqual(["welcome"])
  })

  it("goes on without the event that breaks when told to skip it", async () => {
    await plant()
    await running.send(sandbox, [...account("bad"), track("bad", "Poison"), track("bad", "Order Completed")])
    await running.settle()
    const { id } = await theOne()
    expect(await running.engine.stuck.skip(sandbox, id)).toEqual({ state: "released" })
    expect(await totals()).toMatchObject({ entered: 1, inside: 0, ended: { bought: 1 } })
  })

  it("skips one event, not those that break after it", async () => {
    await plant()
    await running.send(sandbox, [...account("bad"), track("bad", "Poison"), track("bad", "Poison", start)])
    await running.settle()
    const { id } = await theOne()
    expect(await running.engine.stuck.skip(sandbox, id)).toMatchObject({ state: "set-aside" })
    expect(await running.engine.stuck.skip(sandbox, id)).toEqual({ state: "released" })
    expect(await running.engine.stuck.list(sandbox)).toEqual([])
    expect(await totals()).toMatchObject({ entered: 1, inside: 1, ended: {} })
  })

  it("leaves the journey with an error when the wait that cannot be read is skipped", async () => {
    await running.send(sandbox, [...account("good"), ...account("bad")])
    await running.settle()
    await running.database.engine.execute(
      sql`UPDATE enrollments SET entry = 'null' WHERE workspace_id = ${sandbox.id} AND profile_id IN (
            SELECT profile_id FROM identities WHERE workspace_id = ${sandbox.id} AND value = 'bad')`,
    )
    await running.advance(sandbox, start + 5 * DAY)
    const { id, event } = await theOne()
    expect(event).toBeUndefined()
    expect(await running.engine.stuck.tryAgain(sandbox, id)).toMatchObject({ state: "set-aside" })
    expect(await running.engine.stuck.skip(sandbox, id)).toEqual({ state: "released" })
    const { totals, nodes } = await running.stats(sandbox, welcome.key)
    expect(totals).toMatchObject({ inside: 0, ended: { cold: 1, "engine-error": 1 } })
    expect(nodes["first-order"]).toMatchObject({ failed: 1 })
    await running.send(sandbox, [track("bad", "Other", start + 5 * DAY)])
    await running.settle()
    expect(await running.engine.stuck.list(sandbox)).toEqual([])
  })

  it("has waits that came due meanwhile run at their own instants", async () => {
    await running.send(sandbox, account("bad"))
    await running.settle()
    await plant()
    await running.send(sandbox, [track("bad", "Poison")])
    await running.settle()
    await running.advance(sandbox, start + 5 * DAY)
    expect(await totals()).toMatchObject({ inside: 1 })
    await mend()
    expect(await running.engine.stuck.tryAgain(sandbox, (await theOne()).id)).toEqual({ state: "released" })
    expect(await totals()).toMatchObject({ inside: 0, ended: { cold: 1 } })
    const { items } = await running.engine.profiles.timeline(sandbox, "bad", {})
    expect(items.filter(item => item.kind === "step").map(item => item.at)).toContain(at(start + 3 * DAY))
  })

  it("is tried by a worker of another release, and not again by the same", async () => {
    await plant()
    await running.send(sandbox, [...account("bad"), track("bad", "Poison")])
    await running.settle()
    /** A worker asks for whom it will try when it takes the buckets, so a batch of theirs comes after that. */
    const worked = async (count: number) => {
      await running.send(sandbox, [track("bad", "Other")])
      await running.settle()
      const asked = await running.database.engine.execute(sql`SELECT FROM stuck WHERE asked IS NOT NULL`)
      expect([...asked]).toEqual([])
      expect(await theOne()).toMatchObject({ tries: count })
    }
    await running.restart()
    await worked(0)
    await running.restart("next")
    await until(async () => (await theOne()).tries === 1)
    await running.restart("next")
    await worked(1)
    await mend()
    await running.restart("after that")
    await until(async () => (await running.engine.stuck.list(sandbox)).length === 0)
    expect(await totals()).toMatchObject({ entered: 1, inside: 1 })
  })

  it("is unknown where nobody was set aside", async () => {
    await expect(running.engine.stuck.tryAgain(sandbox, "nobody")).rejects.toMatchObject({
      kind: "not-found",
    })
    const id = "01890000-0000-7000-8000-000000000000"
    await expect(running.engine.stuck.skip(sandbox, id)).rejects.toMatchObject({ kind: "not-found" })
  })
})
