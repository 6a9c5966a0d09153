import { sql } from "drizzle-orm"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { expectConserved } from "../../testing/conservation.ts"
import { welcome } from "../../testing/journeys.ts"
import { type Running, startRunning } from "../../testing/running.ts"
import { until } from "../../testing/until.ts"

const DAY = 24 * 3_600_000
const start = Date.parse("2026-03-01T09:00:00.000Z")

let running: Running
beforeAll(async () => {
  running = await startRunning()
})
afterEach(async () => {
  expect(running.errors.splice(0)).toEqual([])
  await expectConserved(running)
})
afterAll(() => running.stop())

const people = (count: number) =>
  Array.from({ length: count }, (_, i) => [
    { type: "identify", userId: `u${i}`, messageId: `i${i}`, traits: { email: `u${i}@example.com` } },
    { type: "track", userId: `u${i}`, event: "Account Created", messageId: `a${i}` },
  ]).flat()

/** How many buckets each owner has, most first; those without one count too. */
const shares = async (): Promise<number[]> => {
  const rows = await running.database.engine.execute<{ n: number }>(
    sql`SELECT count(*)::int AS n FROM buckets GROUP BY owner ORDER BY n DESC`,
  )
  return rows.map(row => row.n)
}
const untilShares = (wanted: number[]) =>
  until(async () => JSON.stringify(await shares()) === JSON.stringify(wanted))

describe("several workers", () => {
  it("share the buckets evenly, and hand them over when they go", async () => {
    const second = await running.beside()
    await untilShares([16, 16])
    const third = await running.beside()
    await untilShares([11, 11, 10])
    await third.stop()
    await untilShares([16, 16])
    await second.stop()
    await untilShares([32])
  })

  it("keep a bucket that could not be handed over, or let it go, and never hold it without working it", async () => {
    const db = running.database.engine
    await db.execute(
      sql`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'not now' USING ERRCODE = '57P01'; END $$`,
    )
    await db.execute(
      sql`CREATE TRIGGER refuse BEFORE UPDATE ON buckets FOR EACH ROW
            WHEN (NEW.owner IS NULL AND NEW.bucket % 2 = 0) EXECUTE FUNCTION refuse()`,
    )
    const second = await running.beside()
    await until(() => running.errors.length > 0)
    await db.execute(sql`DROP TRIGGER refuse ON buckets`)
    await untilShares([16, 16])
    const sandbox = await running.sandbox(start)
    await running.publish(sandbox, welcome)
    await running.send(sandbox, people(200))
    await running.settle()
    expect((await running.stats(sandbox, welcome.key)).totals).toMatchObject({ entered: 200 })
    await second.stop()
    await untilShares([32])
    running.errors.splice(0)
  })

  it("move a test clock together, each in its own buckets", async () => {
    const sandbox = await running.sandbox(start)
    await running.publish(sandbox, welcome)
    const second = await running.beside()
    await untilShares([16, 16])
    await running.send(sandbox, people(300))
    const answer = await running.engine.clock.advance(sandbox, start + 5 * DAY)
    expect(answer).toMatchObject({ done: true, now: "2026-03-06T09:00:00.000Z" })
    expect(answer.steps).toBeGreaterThan(0)
    const { totals } = await running.stats(sandbox, welcome.key)
    expect(totals).toMatchObject({ entered: 300, inside: 0, ended: { cold: 300 } })
    const [row] = await running.database.engine.execute<{ open: number; owners: number }>(
      sql`SELECT (SELECT count(*)::int FROM messages WHERE state < 2) AS open,
                 (SELECT count(DISTINCT owner)::int FROM buckets) AS owners`,
    )
    expect(row).toEqual({ open: 0, owners: 2 })
    await second.stop()
  })

  it("count what all of them did, once", async () => {
    const sandbox = await running.sandbox(start)
    await running.publish(sandbox, welcome)
    const second = await running.beside()
    await untilShares([16, 16])
    await running.send(sandbox, people(200))
    await running.settle()
    const answer = await running.engine.clock.advance(sandbox, start + 5 * DAY)
    // At the wait's end: the wait, the split and the exit.
    expect(answer).toMatchObject({ done: true, events: 0, steps: 600 })
    await second.stop()
  })

  it("go on with an advance whose worker leaves half-way", async () => {
    const sandbox = await running.sandbox(start)
    await running.publish(sandbox, welcome)
    const second = await running.beside()
    await untilShares([16, 16])
    await running.send(sandbox, people(600))
    const answer = second.engine.clock.advance(sandbox, start + 5 * DAY)
    await until(
      async () => (await running.database.engine.execute(sql`SELECT FROM clock_advance_counts`)).length > 0,
    )
    await second.engine.stop()
    expect(await answer).toMatchObject({ done: true })
    expect((await running.stats(sandbox, welcome.key)).totals).toMatchObject({
      inside: 0,
      ended: { cold: 600 },
    })
  })
})

describe("one advance at a time", () => {
  const order = (workspace: number, target: number) =>
    running.database.engine.execute(
      sql`INSERT INTO clock_advances (workspace_id, run, clock, target, started_at)
          VALUES (${workspace}, gen_random_uuid(), ${workspace}, ${new Date(target).toISOString()}, now())`,
    )

  it("is carried out by whoever finds it, when the caller has died", async () => {
    const sandbox = await running.sandbox(start)
    await running.publish(sandbox, welcome)
    await running.send(sandbox, people(50))
    await order(sandbox.id, start + 5 * DAY)
    await until(async () => (await running.engine.clock.get(sandbox)).now === start + 5 * DAY)
    expect((await running.stats(sandbox, welcome.key)).totals).toMatchObject({
      inside: 0,
      ended: { cold: 50 },
    })
  })

  it("is joined by who wants the same instant and refused to who wants another one", async () => {
    const sandbox = await running.sandbox(start)
    await running.publish(sandbox, welcome)
    await running.send(sandbox, people(400))
    await running.settle()
    const advance = (days: number) => running.engine.clock.advance(sandbox, start + days * DAY)
    // Nothing can be written meanwhile, so the first is under way while the others come.
    const { first, joined } = await running.database.engine.transaction(async tx => {
      await tx.execute(sql`LOCK TABLE steps IN SHARE MODE`)
      const first = advance(5)
      await until(
        async () =>
          (
            await tx.execute(
              sql`SELECT FROM clock_advances WHERE workspace_id = ${sandbox.id} AND finished_at IS NULL`,
            )
          ).length > 0,
      )
      const joined = advance(5)
      await expect(advance(6)).rejects.toMatchObject({ kind: "conflict" })
      return { first, joined }
    })
    expect(await first).toMatchObject({ done: true })
    expect(await joined).toEqual(await first)
  })
})
