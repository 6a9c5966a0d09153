import { readFileSync } from "node:fs"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assertConserved, type JourneyStats, parseJourneyText } from "@viaggio/journey-model"
import { sql } from "drizzle-orm"
import { mailboxTransport } from "../src/channels/transport.ts"
import { openDatabase } from "../src/db/client.ts"
import { migrate } from "../src/db/migrate.ts"
import { startPostgres } from "../src/db/postgres/supervisor.ts"
import { createEngine } from "../src/engine/engine.ts"
import { type Incoming, readCall } from "../src/ingest/message.ts"
import { createJourneys } from "../src/journeys/service.ts"
import { systemPorts } from "../src/ports.ts"
import { createWorkspaces } from "../src/workspaces/service.ts"
import type { Workspace } from "../src/workspaces/workspace.ts"
import { callsOf } from "./calls.ts"
import { serverCpuMs } from "./cpu.ts"

/**
 * The engine alone: events are appended with the workers off, then the workers take them in. Steps a second are
 * the rows of the step log over the time from the start of the workers to the last commit. Step log, counters
 * and outbox are on, the database is fresh and was never analysed.
 */
const customers = Number(process.argv[2] ?? 20_000)
const folder = await mkdtemp(join(tmpdir(), "viaggio-bench-"))
const own = process.env.BENCH_DATABASE_URL
const postgres =
  own === undefined ? await startPostgres({ dataFolder: folder, say: () => {}, onLost: () => {} }) : undefined
const url = own ?? postgres!.url
const ports = systemPorts()
await migrate(url, () => {})
const database = await openDatabase({ url })
const db = database.engine
const workspaces = createWorkspaces({ db, ports })
const workspace = await workspaces.createBeside({ id: 0 } as Workspace, {
  name: "Bench",
  zone: "UTC",
  language: "en",
  sandbox: false,
})
const journeys = createJourneys({ db, ports })
const journey = parseJourneyText(readFileSync(new URL("./journey.json", import.meta.url), "utf8"))
if (!journey.ok) throw new Error("the journey does not parse")
await journeys.save(workspace, "bench", journey.value, { create: true })
await journeys.publish(workspace, "bench", {})
const engine = createEngine({
  database,
  databaseUrl: url,
  ports,
  release: "bench",
  publicUrl: "http://localhost:3000",
  linkSecret: "bench",
  transport: mailboxTransport,
  workspaceOf: id => workspaces.find(id),
  log: {
    error: (details, text) => console.error(text, details),
    warn: (details, text) => console.error(text, details),
  },
})

const calls = callsOf(customers, Date.now() - 200_000)

const [backend] = await db.execute<{ pid: number }>(sql`SELECT pg_backend_pid() AS pid`)
const databaseCpu = () => serverCpuMs(backend!.pid) ?? Number.NaN
const appendCpuBegan = databaseCpu()
const appendBegan = performance.now()
const batches: Promise<unknown>[] = []
for (let from = 0; from < calls.length; from += 100) {
  const events = calls.slice(from, from + 100).map((call, i) => readCall(call, i, "") as Incoming)
  batches.push(
    engine.coalescer.append(events.map(event => ({ workspace: workspace.id, sandbox: false, event }))),
  )
  if (batches.length % 100 === 0) await Promise.all(batches.splice(0))
}
await Promise.all(batches)
const appendMs = performance.now() - appendBegan
console.log(
  `append (no HTTP): ${calls.length} events in ${appendMs.toFixed(0)} ms = ${Math.round((calls.length / appendMs) * 1000)} events/s`,
)

const workCpuBegan = databaseCpu()
console.log(`  database: ${perUnit(workCpuBegan - appendCpuBegan, calls.length)} µs of CPU an event`)
const workBegan = performance.now()
const cpuBegan = process.cpuUsage()
await engine.start({ dispatch: process.env.BENCH_DISPATCH !== "off" })
for (;;) {
  const [row] = await db.execute<{ open: number }>(sql`SELECT (SELECT sum(n) FROM inside)::float8 AS open`)
  const [behind] = await db.execute<{ behind: number }>(
    sql`SELECT count(*)::int AS behind FROM buckets b JOIN bucket_heads h ON h.bucket = b.bucket WHERE h.head_seq > b.cursor_seq`,
  )
  if (behind!.behind === 0 && (row!.open ?? 0) === 0) break
  await ports.sleep(20)
}
const workMs = performance.now() - workBegan
const cpu = process.cpuUsage(cpuBegan)
const [log] = await db.execute<{ steps: number; first: number; last: number }>(
  sql`SELECT count(*)::float8 AS steps, extract(epoch FROM min(worked_at))::float8 AS first,
             extract(epoch FROM max(worked_at))::float8 AS last FROM step_log`,
)
console.log(
  `turns: ${log!.steps} steps in ${workMs.toFixed(0)} ms = ${Math.round((log!.steps / workMs) * 1000)} steps/s ` +
    `(node ${((cpu.user + cpu.system) / 1000 / workMs).toFixed(2)} cores)`,
)
console.log(
  `  database: ${perUnit(databaseCpu() - workCpuBegan, log!.steps)} µs of CPU a step, node ${perUnit((cpu.user + cpu.system) / 1000, log!.steps)}`,
)
const sendBegan = performance.now()
while (process.env.BENCH_DISPATCH !== "off") {
  const [row] = await db.execute<{ open: number }>(
    sql`SELECT count(*)::int AS open FROM messages WHERE state < 2`,
  )
  if (row!.open === 0) break
  await ports.sleep(50)
}
console.log(`dispatched to the mailbox after ${(performance.now() - sendBegan).toFixed(0)} ms more`)
const stats = (await engine.stats.journey(workspace, "bench", "all")) as unknown as JourneyStats
assertConserved(stats)
console.log(JSON.stringify(stats.totals), JSON.stringify(stats.nodes["follow-up"]?.messages))
const sizes = await db.execute<{ table: string; per: number; rows: number }>(sql`
  SELECT t AS table, round(pg_total_relation_size(t::regclass) / greatest(n, 1)) AS per, n AS rows FROM (VALUES
    ('enrollments', (SELECT count(*) FROM enrollments)), ('messages', (SELECT count(*) FROM messages)),
    ('identities', (SELECT count(*) FROM identities)), ('profiles', (SELECT count(*) FROM profiles))) v (t, n)`)
for (const row of sizes) console.log(`${row.table}: ${row.per} bytes a row (${row.rows})`)
const stopping = async (what: string, stop: () => Promise<void> | undefined) => {
  const t = performance.now()
  await stop()
  console.log(`${what} stopped in ${(performance.now() - t).toFixed(0)} ms`)
}
await stopping("engine", () => engine.stop())
await stopping("pools", () => database.close())
await stopping("database", () => postgres?.stop())
await rm(folder, { recursive: true, force: true })

function perUnit(ms: number, n: number): string {
  return ((ms * 1_000) / n).toFixed(1)
}
