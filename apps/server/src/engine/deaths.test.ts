import { sql } from "drizzle-orm"
import { afterEach, beforeEach, expect, it } from "vitest"
import { expectConserved } from "../../testing/conservation.ts"
import { welcome } from "../../testing/journeys.ts"
import { startProcess } from "../../testing/process.ts"
import { type Running, startRunning } from "../../testing/running.ts"
import { until } from "../../testing/until.ts"

let running: Running
beforeEach(async () => {
  running = await startRunning({ idle: true })
})
afterEach(async () => {
  await expectConserved(running)
  await running.stop()
})

const account = (user: string) => [
  { type: "identify", userId: user, traits: { email: `${user}@example.com` } },
  { type: "track", userId: user, event: "Account Created" },
]

it("finds the customer at whom the process dies, and sets aside that one only", async () => {
  const workspace = await running.live()
  await running.publish(workspace, welcome)
  const others = Array.from({ length: 200 }, (_, i) => account(`u${i}`)).flat()
  await running.send(workspace, [
    ...others,
    ...account("killer"),
    { type: "track", userId: "killer", event: "Kill Process" },
    ...account("last"),
  ])
  const preload = [new URL("../../testing/kill-at-poison.mjs", import.meta.url)]
  // Messages that a killed process had claimed wait for the end of its claim; they are not what this is about.
  const settled = async () => {
    const open = sql`SELECT FROM buckets b JOIN bucket_heads h USING (bucket)
      WHERE h.head_seq > b.cursor_seq OR b.attempts > 0 OR b.owner IS NULL`
    await until(async () => (await running.database.engine.execute(open)).length === 0)
  }
  let deaths = 0
  for (let isDone = false; !isDone; ) {
    const server = await startProcess({ databaseUrl: running.database.url, preload })
    const died = server.gone.then(({ signal }) => signal === "SIGKILL")
    isDone = !(await Promise.race([died, settled().then(() => false)]))
    if (isDone) await server.stop()
    else deaths += 1
  }
  expect(deaths).toBe(3)
  const stuck = await running.engine.stuck.list(workspace)
  expect(stuck).toHaveLength(1)
  expect(stuck[0]!.error).toContain("died")
  const entered = await running.database.engine.execute(
    sql`SELECT FROM enrollments WHERE workspace_id = ${workspace.id}`,
  )
  // All others and the killer, who had come in before the event that kills.
  expect(entered).toHaveLength(202)
}, 150_000)
