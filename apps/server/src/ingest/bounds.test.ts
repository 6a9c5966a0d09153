import { sql } from "drizzle-orm"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { type Running, startRunning } from "../../testing/running.ts"
import { addValues, MOST_PATHS } from "../catalogue/store.ts"
import type { Workspace } from "../workspaces/workspace.ts"
import { createCoalescer, DoorFull } from "./coalescer.ts"
import type { Arrival, Receipt } from "./door.ts"
import { type Incoming, readCall } from "./message.ts"
import { MOST_NAMES } from "./names.ts"

let running: Running
let workspace: Workspace
beforeAll(async () => {
  running = await startRunning({ idle: true })
  workspace = await running.live()
})
afterAll(() => running.stop())

const track = (userId: string, event: string, properties: object = {}) => ({
  type: "track",
  userId,
  event,
  messageId: `${userId}-${event}`,
  properties,
})
const arrival = (call: object): Arrival => ({
  workspace: workspace.id,
  sandbox: false,
  event: readCall(call, 0, "none") as Incoming,
})

describe("one event that cannot be stored", () => {
  it("is refused alone, whoever came at the same moment", async () => {
    const db = running.database.engine
    await db.execute(
      sql`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'not this one' USING ERRCODE = '22P05'; END $$`,
    )
    await db.execute(
      sql`CREATE TRIGGER refuse BEFORE INSERT ON events FOR EACH ROW
            WHEN (NEW.message_id LIKE 'poison%') EXECUTE FUNCTION refuse()`,
    )
    const calls = Array.from({ length: 40 }, (_, n) => track(n === 17 ? "poison" : `u${n}`, "Seen"))
    const receipts = await Promise.all(calls.map(call => running.engine.coalescer.append([arrival(call)])))
    await db.execute(sql`DROP TRIGGER refuse ON events`)
    expect(receipts.flat().map(({ kind }) => kind)).toEqual(
      calls.map((_, n) => (n === 17 ? "rejected" : "accepted")),
    )
    const stored = await db.execute(sql`SELECT FROM events`)
    expect(stored).toHaveLength(39)
  })
})

describe("what a workspace may fill", () => {
  it("is so many names of events; known ones and ours go on", async () => {
    const db = running.database.engine
    const other = await running.live()
    await db.execute(
      sql`INSERT INTO event_names (workspace_id, name)
          SELECT ${other.id}, 'Order ' || n FROM generate_series(2, ${MOST_NAMES}) n`,
    )
    const names = ["Order 7", "Last", "One too many", "Order 8"]
    const append = (event: string) =>
      running.engine.coalescer.append([{ ...arrival(track("u", event)), workspace: other.id }])
    const answers: string[] = []
    for (const name of names) answers.push((await append(name))[0]!.kind)
    expect(answers).toEqual(["accepted", "accepted", "rejected", "accepted"])
    const [refused] = await append("Another")
    expect(refused).toMatchObject({ field: "event", text: expect.stringContaining("put what varies") })
    const identify = { type: "identify", userId: "u", messageId: "i", traits: { a: 1 } }
    const [known] = await running.engine.coalescer.append([{ ...arrival(identify), workspace: other.id }])
    expect(known).toMatchObject({ kind: "accepted" })
  })

  it("is so many paths in the catalogue; known ones go on", async () => {
    const db = running.database.engine
    const other = await running.live()
    const note = (from: number, to: number, type: string) =>
      addValues(
        db,
        Array.from({ length: to - from }, (_, n) => ({
          workspace: other.id,
          nameId: 0,
          path: `p${from + n}`,
          type,
          seenAt: 0,
          samples: [],
        })),
      )
    await note(0, MOST_PATHS - 10, "text")
    await note(0, MOST_PATHS + 50, "number")
    const rows = await db.execute<{ path: string; type: string }>(
      sql`SELECT path, type FROM catalogue_values WHERE workspace_id = ${other.id}`,
    )
    expect(rows.length).toBeLessThanOrEqual(MOST_PATHS)
    expect(rows.find(row => row.path === "p5")).toMatchObject({ type: "number" })
  })
})

describe("the queue at the door", () => {
  it("is bounded by its bytes, not only by its events", async () => {
    const never = new Promise<Receipt[]>(() => {})
    const coalescer = createCoalescer({ append: () => never }, () => {})
    const large = { ...arrival(track("u", "Seen")), event: { ...arrival(track("u", "Seen")).event } }
    large.event.body = "x".repeat(32_000)
    const batch = Array.from({ length: 100 }, () => large)
    let full: unknown
    for (let n = 0; n < 40 && full === undefined; n += 1) {
      const result = await Promise.race([coalescer.append(batch), Promise.resolve("waits")]).catch(
        error => error,
      )
      if (result !== "waits") full = result
    }
    expect(full).toBeInstanceOf(DoorFull)
    expect(coalescer.waiting() * 32_000).toBeLessThan(70_000_000)
  })
})
