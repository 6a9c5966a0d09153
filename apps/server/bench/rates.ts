import { join } from "node:path"
import { sql } from "drizzle-orm"
import { callsOf, visitsOf } from "./calls.ts"
import { checkRun, median, stepRate, untilWorked } from "./checks.ts"
import { cpuMsOf, memoryMbOf, serverCpuMs, serverMemoryMb } from "./cpu.ts"
import { drawFlame, profileFolder } from "./flame.ts"
import { requestsOf, sendAll } from "./load.ts"
import { openStage, type ServerProcess, type Stage, type StageOptions } from "./stage.ts"

/**
 * (1) Events a second over HTTP with the workers off; (2) steps a second with the workers on and no HTTP, by one,
 * two and four worker processes; (3) both together. Every run has a fresh database that was never analysed, and
 * counts only when everybody went through with two messages and the counters hold.
 */
const BATCH = 100
const CONNECTIONS = Number(process.env.BENCH_CONNECTIONS ?? 32)
/**
 * Every wait is due when the workers start: half had their order by then, half have timed out. Not so long ago, though,
 * that turns count as late and waits begin anew.
 */
const LONG_ENOUGH_MS = 200_000
/** Messages are written and wait in the outbox: sending them is measured by itself. */
const mailServerAway = { VIAGGIO_SMTP_URL: "smtp://127.0.0.1:9" }

export type RatesOptions = StageOptions & {
  customers: number
  runs: number
  workers: readonly number[]
  /** Fills the tables with a past before the clock runs. */
  past?: (stage: Stage) => Promise<void>
}

export const measureRates = async ({
  customers,
  runs,
  workers,
  past,
  ...options
}: RatesOptions): Promise<void> => {
  const events: number[] = []
  for (const count of workers) {
    const steps: number[] = []
    for (let run = 0; run < runs; run += 1) {
      const stage = await openStage(options)
      await past?.(stage)
      const web = await stage.start("web")
      events.push(await throughDoor(stage, web, customers))
      if (run === 0 && count === workers.at(-1)) printMemory(stage, "after the load", [web])
      await web.stop()
      const workCpu = serverCpuMs(stage.backend) ?? Number.NaN
      const processes = await Promise.all(
        Array.from({ length: count }, () => stage.start("worker", mailServerAway)),
      )
      await untilWorked(stage)
      const workerCpu = processes.reduce((sum, p) => sum + cpuMsOf(p.child.pid!), 0)
      const worked = await stepRate(stage)
      steps.push(worked.steps / worked.seconds)
      console.log(
        `  ${count} worker${count > 1 ? "s" : ""}: ${Math.round(worked.steps / worked.seconds)} steps/s; CPU a step: database ${micros(serverCpuMs(stage.backend)! - workCpu, worked.steps)}, workers ${micros(workerCpu, worked.steps)} with their start`,
      )
      await checkRun(stage, customers)
      if (run === 0 && count === workers.at(-1)) {
        await printSizes(stage)
        printMemory(stage, "after the work", processes)
      }
      await stage.stop()
    }
    report(`steps/s, ${count} worker processes`, steps)
  }
  report("events/s over HTTP, workers off", events)
}

/** So many visits go before, as a process that has just started compiles its program first. */
const WARM_UP_VISITORS = 10_000

/** All customers' events through the door, the workers off: events a second, and whose CPU they took. */
const throughDoor = async (stage: Stage, web: ServerProcess, customers: number): Promise<number> => {
  const requests = requestsOf(callsOf(customers, Date.now() - LONG_ENOUGH_MS), BATCH)
  await sendAll([web.url], requestsOf(visitsOf(WARM_UP_VISITORS), BATCH), CONNECTIONS)
  const began = [serverCpuMs(stage.backend) ?? Number.NaN, cpuMsOf(web.child.pid!)]
  const sent = await sendAll([web.url], requests, CONNECTIONS)
  const rate = (sent.accepted / sent.ms) * 1_000
  const [database, node] = [serverCpuMs(stage.backend)! - began[0]!, cpuMsOf(web.child.pid!) - began[1]!]
  console.log(
    `  door: ${Math.round(rate)} events/s; CPU an event: database ${micros(database, sent.accepted)}, web process ${micros(node, sent.accepted)}, the load ${micros(sent.cpuMs, sent.accepted)}`,
  )
  return rate
}

/** The door alone. Every run has a process and a database of its own. */
export const measureDoor = async (customers: number, runs: number): Promise<void> => {
  const events: number[] = []
  for (let run = 0; run < runs; run += 1) {
    const stage = await openStage()
    events.push(await throughDoor(stage, await stage.start("web"), customers))
    await stage.stop()
  }
  report("events/s over HTTP, workers off", events)
}

export const measureTogether = async (customers: number, runs: number): Promise<void> => {
  const events: number[] = []
  const steps: number[] = []
  for (let run = 0; run < runs; run += 1) {
    const stage = await openStage()
    const web = await stage.start("web")
    await stage.start("worker")
    const requests = requestsOf(callsOf(customers, Date.now() - LONG_ENOUGH_MS), BATCH)
    const began = performance.now()
    const sent = await sendAll([web.url], requests, CONNECTIONS)
    await untilWorked(stage)
    const ms = performance.now() - began
    const [row] = await stage.database.engine.execute<{ n: number }>(
      sql`SELECT sum(cardinality(nodes))::float8 AS n FROM steps`,
    )
    events.push((sent.accepted / sent.ms) * 1_000)
    steps.push((row!.n / ms) * 1_000)
    await checkRun(stage, customers)
    await stage.stop()
  }
  report("together: events/s over HTTP", events)
  report("together: steps/s from the first byte", steps)
}

/** Where the time of the door and of a worker goes: one flame graph each, into `folder`. */
export const measureFlames = async (customers: number, folder: string): Promise<void> => {
  const stage = await openStage()
  const [door, work] = [profileFolder(), profileFolder()]
  const web = await stage.start("web", {}, door.switches)
  await throughDoor(stage, web, customers)
  await web.stop()
  drawFlame(door.folder, `The door, ${customers} customers`, join(folder, "flame-door.svg"))
  const worker = await stage.start("worker", mailServerAway, work.switches)
  await untilWorked(stage)
  await checkRun(stage, customers)
  await worker.stop()
  drawFlame(work.folder, `A worker, ${customers} customers`, join(folder, "flame-worker.svg"))
  await stage.stop()
}

const micros = (ms: number, n: number): string => `${((ms * 1_000) / n).toFixed(1)} µs`

const report = (what: string, values: readonly number[]): void => {
  const whole = (n: number) => Math.round(n).toLocaleString("en")
  console.log(
    `${what}: median ${whole(median(values))} (${whole(Math.min(...values))} to ${whole(Math.max(...values))}, ${values.length} runs)`,
  )
}

const printMemory = (stage: Stage, when: string, processes: readonly ServerProcess[]): void => {
  const each = processes.map(({ child }) => `${Math.round(memoryMbOf(child.pid!))} MB`).join(", ")
  console.log(`  memory ${when}: ${each}; database ${Math.round(serverMemoryMb(stage.backend))} MB`)
}

const printSizes = async ({ database }: Stage): Promise<void> => {
  const rows = await database.engine.execute<{ what: string; bytes: number; n: number }>(sql`
    SELECT what, sum(pg_total_relation_size(c.oid))::float8 AS bytes, max(n)::float8 AS n
    FROM (VALUES ('enrollment', 'enrollments%', (SELECT count(*) FROM enrollments)),
                 ('event', 'events\\_%', (SELECT count(*) FROM events)),
                 ('step', 'steps\\_%', (SELECT sum(cardinality(nodes)) FROM steps)),
                 ('message', 'messages%', (SELECT count(*) FROM messages))) AS w (what, pattern, n)
    JOIN pg_class c ON c.relname LIKE w.pattern AND c.relkind = 'r' GROUP BY what ORDER BY what`)
  for (const { what, bytes, n } of rows)
    console.log(`  ${what}: ${Math.round(bytes / n)} bytes with its indexes`)
}
