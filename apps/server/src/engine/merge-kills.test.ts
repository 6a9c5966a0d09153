import { sql } from "drizzle-orm"
import { afterAll, beforeAll, expect, it } from "vitest"
import { expectConserved } from "../../testing/conservation.ts"
import { welcome } from "../../testing/journeys.ts"
import { type Running, startRunning } from "../../testing/running.ts"
import { until } from "../../testing/until.ts"
import type { Database, Tx } from "../db/client.ts"
import type { Workspace } from "../workspaces/workspace.ts"

const DAY = 24 * 3_600_000
const start = Date.parse("2026-03-01T09:00:00.000Z")

let running: Running
beforeAll(async () => {
  running = await startRunning()
})
afterAll(() => running.stop())

/** Where a process is killed: at the commit of the n-th transaction that moves a merge, which is lost, or right after it. */
type Arrow = { transaction: number; moment: "before the commit" | "after the commit" }

/** Rows of merges and of the mail between buckets that this connection has written lately. */
const written = async (tx: Tx): Promise<number> => {
  const [row] = await tx.execute<{ n: number }>(
    sql`SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::int AS n FROM pg_stat_xact_user_tables
        WHERE relname IN ('merges', 'mail')`,
  )
  return row!.n
}

/**
 * A database whose process dies at an arrow: from then on every transaction fails, as if nobody were there.
 * `struck` says whether it came to that, and `onDeath` looks at what is there then.
 */
const dyingAt = (database: Database, arrow: Arrow, onDeath: () => Promise<void>) => {
  let left = arrow.transaction
  let isDead = false
  const die = async () => {
    isDead = true
    await onDeath()
    throw new Error("killed")
  }
  const transaction: Database["engine"]["transaction"] = async (work, config) => {
    if (isDead) throw new Error("killed")
    let isLast = false
    const result = await database.engine.transaction(async tx => {
      const before = await written(tx)
      const result = await work(tx)
      const moves = (await written(tx)) > before
      if (moves) left -= 1
      isLast = moves && left === 0
      if (isDead) throw new Error("killed")
      return isLast && arrow.moment === "before the commit" ? die() : result
    }, config)
    return isLast ? die() : result
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

/** Answers with the states that the merges had when the process died; undefined when it did not get so far. */
const runWithKill = async (arrow: Arrow): Promise<string[] | undefined> => {
  const sandbox = await running.sandbox(start + DAY)
  await running.publish(sandbox, welcome)
  await running.send(sandbox, before)
  await running.settle()
  let states: string[] | undefined
  const { database, struck } = dyingAt(running.database, arrow, async () => {
    const rows = await running.database.engine.execute<{ state: string }>(
      sql`SELECT DISTINCT state FROM merges WHERE workspace_id = ${sandbox.id}`,
    )
    states = rows.map(row => row.state)
  })
  await running.replace(database)
  await untilAccepted(sandbox, joining)
  await untilAccepted(sandbox, after)
  await until(async () => struck() || (await running.isSettled()))
  await running.restart()
  await running.settle()
  // Everything is sent again, as a client does who got no answer.
  expect(await running.send(sandbox, [...before, ...joining, ...after])).toMatchObject({ accepted: 0 })
  await running.settle()
  await expectOnePerson(sandbox)
  running.errors.splice(0)
  return states
}

it.each(["before the commit", "after the commit"] as const)(
  "merges once and whole, killed %s of whichever transaction moves it",
  async moment => {
    const struckIn = new Set<string>()
    for (let transaction = 1; ; transaction += 1) {
      const states = await runWithKill({ transaction, moment })
      if (states === undefined) break
      for (const state of states) struckIn.add(state)
    }
    expect([...struckIn]).toEqual(expect.arrayContaining(["requested", "agreed", "taken", "landed"]))
  },
  120_000,
)
