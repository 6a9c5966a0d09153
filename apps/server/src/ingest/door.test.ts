import { sql } from "drizzle-orm"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { expectConserved } from "../../testing/conservation.ts"
import { type Running, startRunning } from "../../testing/running.ts"
import type { Arrival } from "./door.ts"
import { identitySlot, profileBucket } from "./keys.ts"
import { readCall } from "./message.ts"

let running: Running
beforeAll(async () => {
  running = await startRunning()
})
afterEach(async () => {
  expect(running.errors.splice(0)).toEqual([])
  await expectConserved(running)
})
afterAll(() => running.stop())

const track = (userId: string, messageId: string, more: object = {}) => ({
  type: "track",
  event: "Product Viewed",
  userId,
  messageId,
  ...more,
})

describe("the door", () => {
  it("takes a retry once, whoever sends it and whatever it resolves to now", async () => {
    const workspace = await running.live()
    const batch = Array.from({ length: 50 }, (_, i) => track(`u${i % 10}`, `m${i}`))
    expect(await running.send(workspace, batch)).toMatchObject({ accepted: 50, duplicates: 0 })
    expect(await running.send(workspace, [...batch, track("u1", "new")])).toMatchObject({
      accepted: 1,
      duplicates: 50,
    })
    expect(await running.send(workspace, [track("twin", "x"), track("twin", "x")])).toMatchObject({
      accepted: 1,
      duplicates: 1,
    })
  })

  it("takes once what several processes get at the same moment, in whatever order", async () => {
    const workspace = await running.live()
    const beside = await running.beside()
    const arrivalsOf = (from: number): Arrival[] =>
      Array.from({ length: 60 }, (_, i) => {
        const event = readCall(track(`s${i % 7}`, `same ${from + i}`, { anonymousId: `d${i % 11}` }), i, "")
        if ("field" in event) throw new Error(event.text)
        return { workspace: workspace.id, sandbox: false, event }
      })
    const answers = await Promise.all(
      [0, 30, 15].flatMap(from =>
        [running.engine, beside.engine].map(({ coalescer }) => coalescer.append(arrivalsOf(from))),
      ),
    )
    const kinds = answers.flat().map(receipt => receipt.kind)
    expect(kinds.filter(kind => kind === "accepted")).toHaveLength(90)
    expect(kinds.filter(kind => kind === "duplicate")).toHaveLength(270)
    const [stored] = await running.database.engine.execute<{ n: number; different: number }>(sql`
      SELECT count(*)::int AS n, count(DISTINCT message_id)::int AS different
      FROM events WHERE workspace_id = ${workspace.id}`)
    expect(stored).toEqual({ n: 90, different: 90 })
    await running.settle()
    await beside.stop()
  })

  it("knows a message id of the week before, and none of the week before that", async () => {
    const workspace = await running.live()
    const ageBy = (days: number) =>
      running.database.engine.execute(sql`UPDATE seen SET week = week - ${days}::int`)
    const call = [track("weekly", "of another week")]
    expect(await running.send(workspace, call)).toMatchObject({ accepted: 1 })
    await ageBy(7)
    expect(await running.send(workspace, call)).toMatchObject({ accepted: 0, duplicates: 1 })
    await ageBy(7)
    expect(await running.send(workspace, call)).toMatchObject({ accepted: 1, duplicates: 0 })
  })

  it("makes one person of many requests that bring the same new ids at once", async () => {
    const workspace = await running.live()
    await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        running.send(workspace, [track("crowd", `c${i}`, { anonymousId: `device-${i % 3}` })]),
      ),
    )
    await running.settle()
    const people = await running.database.engine.execute(
      sql`SELECT DISTINCT profile_id FROM events WHERE workspace_id = ${workspace.id}`,
    )
    expect(people).toHaveLength(1)
    const profile = await running.engine.profiles.get(workspace, "crowd")
    expect(profile.identities).toHaveLength(4)
  })

  it("numbers each bucket's events without a gap in what a worker can see", async () => {
    const workspace = await running.live()
    const before = await heads()
    await Promise.all(
      Array.from({ length: 20 }, (_, r) =>
        running.send(
          workspace,
          Array.from({ length: 30 }, (_, i) => track(`p${(r * 30 + i) % 97}`, `n${r}-${i}`)),
        ),
      ),
    )
    await running.settle()
    const after = await heads()
    const [counted] = await running.database.engine.execute<{ n: number }>(
      sql`SELECT count(*)::int AS n FROM events WHERE workspace_id = ${workspace.id}`,
    )
    expect(counted!.n).toBe(600)
    const moved = [...after].reduce((sum, [bucket, seq]) => sum + seq - before.get(bucket)!, 0)
    expect(moved).toBe(600)
  })

  it("clamps what the future and the far past claim", async () => {
    const workspace = await running.live()
    const now = Date.now()
    await running.send(workspace, [
      track("time", "future", { timestamp: new Date(now + 86_400_000).toISOString() }),
      track("time", "past", { timestamp: "2001-01-01T00:00:00.000Z" }),
    ])
    const rows = await running.database.engine.execute<{ id: string; age: number }>(
      sql`SELECT message_id AS id, extract(epoch FROM received_at - occurred_at)::float8 AS age FROM events
          WHERE workspace_id = ${workspace.id} ORDER BY message_id`,
    )
    expect(rows.map(row => [row.id, row.age])).toEqual([
      ["future", 0],
      ["past", 30 * 86_400],
    ])
  })

  const heads = async () =>
    new Map(
      (
        await running.database.engine.execute<{ bucket: number; seq: number }>(
          sql`SELECT bucket, head_seq::int AS seq FROM bucket_heads`,
        )
      ).map(row => [row.bucket, row.seq]),
    )
})

describe("the hashes that place rows", () => {
  it("are the same in TypeScript and SQL", async () => {
    const db = running.database.engine
    for (const value of ["u1", "ada@example.com", "ärgerlich", "日本", "x".repeat(200)]) {
      const [row] = await db.execute<{ slot: number }>(
        sql`SELECT identity_slot(3, 1::smallint, ${value})::int AS slot`,
      )
      expect(row!.slot).toBe(identitySlot(3, 1, value))
    }
    for (const id of ["0190f0e0-0000-7000-8000-0000000000ff", "0190f0e0-0000-7000-8000-00000000001a"]) {
      const [row] = await db.execute<{ bucket: number }>(
        sql`SELECT profile_bucket(${id}::uuid)::int AS bucket`,
      )
      expect(row!.bucket).toBe(profileBucket(id))
    }
  })
})
