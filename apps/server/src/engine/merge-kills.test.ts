import { sql } from "drizzle-orm"
import { afterAll, beforeAll, expect, it } from "vitest"
import { expectConserved } from "../../testing/conservation.ts"
import { welcome } from "../../testing/journeys.ts"
import { type Running, startRunning } from "../../testing/running.ts"
import type { Database } from "../db/client.ts"
import type { Workspace } from "../workspaces/workspace.ts"

const DAY = 24 * 3_600_000
const start = Date.parse("2026-03-01T09:00:00.000Z")

let running: Running
beforeAll(async () => {
  running = await startRunning()
})
afterAll(() => running.stop())

/** Where a process is killed: at the commit of its n-th transaction, which is lost, or right after it. */
type Arrow = { transaction: number; moment: "before the commit" | "after the commit" }

/**
 * A database whose process dies at an arrow: from then on every transaction fails, as if nobody were there.
 * `struck` says whether it came to that.
 */
const dyingAt = (database: Database, arrow: Arrow) => {
  let left = arrow.transaction
  let isDead = false
  const transaction: Database["engine"]["transaction"] = (work, config) => {
    if (isDead) return Promise.reject(new Error("killed"))
    left -= 1
    const strikes = left === 0
    if (strikes && arrow.moment === "before the commit")
      return database.engine.transaction(async tx => {
        await work(tx)
        isDead = true
        throw new Error("killed")
      }, config)
    const result = database.engine.transaction(work, config)
    return strikes
      ? result.then(() => {
          isDead = true
          throw new Error("killed")
        })
      : result
  }
  const engine = new Proxy(database.engine, {
    get: (of, key) => (key === "transaction" ? transaction : Reflect.get(of, key, of)),
  })
  return { database: { ...database, engine }, struck: () => isDead }
}

const at = (offset: number) => new Date(start + offset).toISOString()
const visit = (anonymousId: string, event: string, offset: number, more: object = {}) => ({
  type: "track",
  anonymousId,
  event,
  timestamp: at(offset),
  messageId: `${anonymousId}-${event}-${offset}`,
  ...more,
})

const devices = ["d1", "d2", "d3"]
const before = [
  { type: "identify", userId: "ann", traits: { email: "ann@x.example" }, timestamp: at(0), messageId: "i" },
  { type: "track", userId: "ann", event: "Account Created", timestamp: at(1), messageId: "a" },
  ...devices.map((d, i) => visit(d, "Account Created", 10 + i)),
]
/** A chain: the second joins the first, the third the second, and the customer all of them. */
const card = (id: string) => ({ context: { externalIds: [{ type: "loyalty_card", id }] } })
const joining = [
  visit("d1", "Linked", 100, card("one")),
  visit("d2", "Linked", 101, card("one")),
  visit("d2", "Linked", 102, card("one")),
  visit("d3", "Linked", 103, card("one")),
  visit("d3", "Signed In", 104, { userId: "ann" }),
]
const after = devices.map((d, i) => visit(d, "Seen", 200 + i))

const untilAccepted = async (workspace: Workspace, calls: object[]) => {
  for (;;) {
    try {
      return await running.send(workspace, calls)
    } catch {
      await running.restart()
    }
  }
}

const expectOnePerson = async (workspace: Workspace) => {
  const db = running.database.engine
  const [names] = await db.execute(sql`
    SELECT count(DISTINCT i.profile_id)::int AS people, count(*)::int AS identities,
           count(p.merged_into)::int AS gone
    FROM identities i LEFT JOIN profiles p ON p.bucket = i.profile_bucket AND p.id = i.profile_id
    WHERE i.workspace_id = ${workspace.id}`)
  expect(names).toEqual({ people: 1, identities: 6, gone: 0 })
  const counts = await db.execute<{ name: string; count: number }>(sql`
    SELECT n.name, sum(d.count)::int AS count FROM profile_events d JOIN event_names n ON n.id = d.name_id
    WHERE n.workspace_id = ${workspace.id} GROUP BY n.name ORDER BY n.name`)
  expect([...counts]).toEqual([
    { name: "Account Created", count: 4 },
    { name: "Linked", count: 4 },
    { name: "Seen", count: 3 },
    { name: "Signed In", count: 1 },
  ])
  const { totals } = await running.stats(workspace, welcome.key)
  expect(totals).toMatchObject({ entered: 4, inside: 1, ended: { merged: 3 } })
  await expectConserved(running)
}

/** Answers whether the process got as far as the arrow. */
const runWithKill = async (arrow: Arrow): Promise<boolean> => {
  const sandbox = await running.sandbox(start + DAY)
  await running.publish(sandbox, welcome)
  await running.send(sandbox, before)
  await running.settle()
  const { database, struck } = dyingAt(running.database, arrow)
  await running.replace(database)
  await untilAccepted(sandbox, joining)
  await untilAccepted(sandbox, after)
  for (let waits = 0; !struck() && waits < 20; waits += 1) await new Promise(r => setTimeout(r, 10))
  await running.restart()
  await running.settle()
  // Everything is sent again, as a client does who got no answer.
  expect(await running.send(sandbox, [...before, ...joining, ...after])).toMatchObject({ accepted: 0 })
  await running.settle()
  await expectOnePerson(sandbox)
  running.errors.splice(0)
  return struck()
}

it("merges once and whole, at whichever transaction its process is killed", {
  timeout: 120_000,
}, async () => {
  let struck = 0
  for (let transaction = 1; transaction <= 24; transaction += 1) {
    const moment = transaction % 2 === 0 ? "before the commit" : "after the commit"
    if (await runWithKill({ transaction, moment })) struck += 1
  }
  expect(struck).toBeGreaterThan(16)
})
