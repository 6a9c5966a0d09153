import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { readFileSync } from "node:fs"
import { rm } from "node:fs/promises"
import { type AddressInfo, createServer } from "node:net"
import { parseJourneyText } from "@viaggio/journey-model"
import { sql } from "drizzle-orm"
import { type Database, openDatabase } from "../src/db/client.ts"
import { migrate } from "../src/db/migrate.ts"
import { startPostgres } from "../src/db/postgres/supervisor.ts"
import { createJourneys } from "../src/journeys/service.ts"
import { systemPorts } from "../src/ports.ts"
import { createWorkspaces } from "../src/workspaces/service.ts"
import type { Workspace } from "../src/workspaces/workspace.ts"
import { makeDataFolder } from "../testing/data-folder.ts"

export type Role = "all" | "web" | "worker"

/** One process of the built server. */
export type ServerProcess = { url: string; child: ChildProcess; stop(): Promise<void> }

/** A fresh database of the shipped PostgreSQL with the bench's journey published, and server processes on it. */
export type Stage = {
  database: Database
  url: string
  workspace: Workspace
  /** Any backend of the server, for its CPU time. */
  backend: number
  start(
    role: Role,
    environment?: Record<string, string>,
    switches?: readonly string[],
  ): Promise<ServerProcess>
  stop(): Promise<void>
}

export const benchKey = "a-key-of-the-bench-only"

export type StageOptions = {
  /** Every flush of the log takes this much longer, as on a slower disk. */
  fsyncMs?: number
  sandbox?: boolean
  /** More settings of the database server. */
  settings?: Record<string, string>
}

export const openStage = async ({ fsyncMs = 0, settings = {} }: StageOptions = {}): Promise<Stage> => {
  const folder = await makeDataFolder()
  const postgres = await startPostgres({
    dataFolder: folder,
    settings: {
      track_commit_timestamp: "on",
      ...settings,
      ...(fsyncMs > 0 ? { commit_delay: String(fsyncMs * 1_000), commit_siblings: "0" } : {}),
    },
    say: () => {},
    onLost: error => {
      throw error
    },
  })
  await migrate(postgres.url, () => {})
  const database = await openDatabase({ url: postgres.url })
  const ports = systemPorts()
  const processes: ServerProcess[] = []
  const start: Stage["start"] = async (role, environment = {}, switches = []) => {
    const port = await freePort()
    const started = await startProcess(port, switches, {
      VIAGGIO_ROLE: role,
      DATABASE_URL: postgres.url,
      VIAGGIO_DATA: folder,
      VIAGGIO_ADMIN_KEY: benchKey,
      VIAGGIO_PUBLIC_URL: "http://localhost:4900",
      ...environment,
    })
    processes.push(started)
    return started
  }
  // The admin key makes the default workspace at the first start.
  const first = await start("web")
  await first.stop()
  const workspaces = createWorkspaces({ db: database.engine, ports })
  const [row] = await database.engine.execute<{ id: number; pid: number }>(
    sql`SELECT min(id) AS id, pg_backend_pid() AS pid FROM workspaces`,
  )
  const workspace = (await workspaces.find(row!.id))!
  const journeys = createJourneys({ db: database.engine, ports })
  const journey = parseJourneyText(readFileSync(new URL("./journey.json", import.meta.url), "utf8"))
  if (!journey.ok) throw new Error("the journey of the bench does not parse")
  await journeys.save(workspace, "bench", journey.value, { create: true })
  await journeys.publish(workspace, "bench", {})
  return {
    database,
    url: postgres.url,
    workspace,
    backend: row!.pid,
    start,
    async stop() {
      await Promise.all(processes.map(p => p.stop()))
      await database.close()
      await postgres.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** A port of the machine's choice, so that benches of two checkouts do not answer each other. */
const freePort = async (): Promise<number> => {
  const probe = createServer().listen(0, "127.0.0.1")
  await once(probe, "listening")
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, "close")
  return port
}

/** As `npm start` runs it: what a batch allocates dies young in 64 MB and is copied twice in V8's usual 16. */
const asStarted = ["--max-semi-space-size=64"]

const startProcess = async (
  port: number,
  switches: readonly string[],
  environment: Record<string, string>,
): Promise<ServerProcess> => {
  const more = (process.env.BENCH_NODE_OPTIONS ?? "").split(" ").filter(Boolean)
  const child = spawn(process.execPath, [...asStarted, ...switches, ...more, "dist/main.js"], {
    env: { ...process.env, PORT: String(port), VIAGGIO_LOG: "error", NODE_ENV: "production", ...environment },
    stdio: ["ignore", "ignore", "inherit"],
  })
  const url = `http://127.0.0.1:${port}`
  for (;;) {
    if (child.exitCode !== null) throw new Error(`a server process ended with ${child.exitCode}`)
    const answer = await fetch(`${url}/readyz`).catch(() => undefined)
    if (answer?.status === 200) break
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  return {
    url,
    child,
    async stop() {
      if (child.exitCode !== null) return
      const over = new Promise(resolve => child.once("exit", resolve))
      child.kill("SIGTERM")
      await over
    },
  }
}
