import { createServer } from "node:net"
import { createApp, createWorkerApp } from "./app.ts"
import { BadConfig, type Config, Role, readConfig } from "./config.ts"
import { openDatabase, UnfitDatabase } from "./db/client.ts"
import { errorCode } from "./db/connect.ts"
import { migrate } from "./db/migrate.ts"
import { startPostgres } from "./db/postgres/supervisor.ts"
import { PostgresUnavailable } from "./db/postgres/unavailable.ts"
import { OutdatedProgram, requireSchema, watchSchema } from "./db/schema.ts"
import { checkServer } from "./db/server-checks.ts"
import { readServerFacts } from "./db/server-facts.ts"
import { catchTheRest } from "./last-resort.ts"
import { createLog } from "./log.ts"
import { systemPorts } from "./ports.ts"
import { createServices } from "./services.ts"
import { startWatchdog } from "./watchdog.ts"

/** A start, or a life, that cannot go on, in one sentence for the operator. */
class CannotStart extends Error {}

type Stop = () => Promise<void>

const stopLimitMs = 45_000

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

/** Starts everything in order, and hands back how to stop it in the opposite one. */
async function start(
  config: Config,
  stops: Stop[],
  onOutdated: (error: OutdatedProgram) => void,
): Promise<void> {
  const log = createLog(config.logLevel)
  catchTheRest(log, sentence => fail(new CannotStart(sentence)))
  const ports = systemPorts()
  await requireFreePort(config.port)
  const url = config.databaseUrl ?? (await startShipped(config, stops))
  const facts = await explained(() => readServerFacts(url))
  for (const warning of checkServer(facts, config.role)) log.warn(warning)
  const { pooled } = facts
  // A lock of a session means nothing behind a pooler: there the schema is made by a worker.
  if (!pooled) await explained(() => migrate(url, say))
  const database = await explained(() => openDatabase({ url, pooled }))
  stops.push(() => database.close())
  await requireSchema(database.engine)
  const stopWatching = watchSchema(database.engine, onOutdated)
  stops.push(async () => stopWatching())
  const localUrl = `http://localhost:${config.port}`
  const { services, engine } = await createServices({
    database,
    databaseUrl: url,
    ports,
    log,
    config,
    localUrl,
  })
  await engine.start({ work: config.role !== Role.web })
  stops.push(() => engine.stop())
  services.tasks.start()
  stops.push(() => services.tasks.stop())
  const { publicUrl } = config
  const app = await (config.role === Role.worker ? createWorkerApp : createApp)({
    services,
    log,
    ports,
    engine,
    ...(publicUrl ? { publicUrl } : {}),
  })
  stops.push(() => app.close())
  await listen(app, config.port)
  if (config.role === Role.worker) {
    say(`Viaggio works; its health is at http://localhost:${portOf(app)}/readyz`)
    return
  }
  const address = publicUrl ?? `http://localhost:${config.port || portOf(app)}`
  const token = await services.setUp.issueToken()
  // In one piece, so that no line of the log comes between the two.
  say(
    [`Viaggio is at ${address}`, ...(token ? [`Set it up at ${address}/setup?token=${token}`] : [])].join(
      "\n",
    ),
  )
}

async function startShipped(config: Config, stops: Stop[]): Promise<string> {
  say("Starting the database …")
  const postgres = await startPostgres({
    dataFolder: config.dataFolder,
    say,
    onLost: error => fail(error),
  })
  stops.push(() => postgres.stop())
  if (postgres.adopted) say("Took over the database of a Viaggio that was killed.")
  return postgres.url
}

/** Binds the port for a moment before the database is touched, so that a second start on it harms nobody. */
async function requireFreePort(port: number): Promise<void> {
  const probe = createServer()
  await new Promise<void>((resolve, reject) => {
    probe.once("error", error => reject(portError(error, port)))
    probe.listen(port, () => probe.close(() => resolve()))
  })
}

async function listen(app: Awaited<ReturnType<typeof createApp>>, port: number): Promise<void> {
  const on = (host: string) => app.listen({ port, host })
  await on("::")
    .catch(error => {
      if (!["EAFNOSUPPORT", "EADDRNOTAVAIL"].includes(errorCode(error) ?? "")) throw error
      return on("0.0.0.0")
    })
    .catch(error => {
      throw portError(error, port)
    })
}

function portError(error: unknown, port: number): unknown {
  const code = errorCode(error)
  if (code === "EADDRINUSE") {
    return new CannotStart(`PORT: ${port} is in use by another program; stop it, or choose another port.`)
  }
  if (code === "EACCES")
    return new CannotStart(`PORT: ${port} is not allowed to this user; choose one above 1023.`)
  return error
}

function portOf(app: Awaited<ReturnType<typeof createApp>>): number {
  const [address] = app.addresses()
  return typeof address === "object" ? address.port : 0
}

const unreachable = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "EAI_AGAIN",
  "CONNECT_TIMEOUT",
])

/** The operator's own database may be away, closed or missing: told in one sentence. */
async function explained<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    const code = errorCode(error) ?? ""
    if (unreachable.has(code))
      throw new CannotStart(`DATABASE_URL: the database server does not answer (${code}).`)
    if (code === "53300") {
      throw new CannotStart(
        "DATABASE_URL: the server has no connection left for this user: raise max_connections (or the user's limit), or stop other programs.",
      )
    }
    // 28…: not let in. 3D000: no such database. 42501: not allowed.
    if (/^(28...|3D000|42501)$/.test(code))
      throw new CannotStart(`DATABASE_URL: ${(error as Error).message}.`)
    throw error
  }
}

function fail(error: unknown): never {
  const sentence =
    error instanceof BadConfig ||
    error instanceof PostgresUnavailable ||
    error instanceof UnfitDatabase ||
    error instanceof OutdatedProgram ||
    error instanceof CannotStart
  process.stderr.write(sentence ? `${error.message}\n` : `${(error as Error)?.stack ?? error}\n`)
  process.exit(1)
}

async function main(): Promise<void> {
  // Whoever read our output may have gone; the work goes on.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {})
  const stops: Stop[] = [startWatchdog()]
  let stopping = false
  const stop = async (code: number) => {
    if (stopping) return
    stopping = true
    setTimeout(() => process.exit(1), stopLimitMs).unref()
    for (const one of stops.splice(0).reverse()) await one()
    process.exit(code)
  }
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(name, () => {
      if (!stopping) say("Stopping …")
      stop(0).catch(fail)
    })
  }
  try {
    await start(readConfig(), stops, outdated => {
      process.stderr.write(`${outdated.message}\n`)
      stop(1).catch(fail)
    })
  } catch (error) {
    if (stopping) return
    for (const one of stops.splice(0).reverse()) await one().catch(() => {})
    fail(error)
  }
}

await main()
