import { spawnSync } from "node:child_process"
import { rm } from "node:fs/promises"
import { setTimeout as pause } from "node:timers/promises"
import { readPostmasterNote } from "../src/db/postgres/cluster.ts"
import { preparePlace } from "../src/db/postgres/place.ts"
import { startPostgres } from "../src/db/postgres/supervisor.ts"
import { makeDataFolder } from "../testing/data-folder.ts"
import type { Dice } from "../testing/dice.ts"
import { type ServerProcess, startProcess } from "../testing/process.ts"

/** Who is killed. */
export const Victim = {
  worker: "worker",
  web: "web",
  postgres: "postgres",
  connection: "connection",
} as const
export type Victim = (typeof Victim)[keyof typeof Victim]

/** Connections to the mail server that each process holds: the most doubles that one kill may cause. */
export const POOL = 10

/** A database and the processes on it, all real, all of which may be killed. */
export type Fleet = {
  databaseUrl: string
  /** Addresses of the web processes that answer. */
  doors(): readonly string[]
  /** Kills one and answers when its successor is ready. */
  kill(victim: Victim): Promise<void>
  /** What processes wrote that are still there. */
  output(): string
  stop(): Promise<void>
}

const WAIT_MS = 20
const READY_WITHIN_MS = 90_000

export const startFleet = async (options: {
  dice: Dice
  smtpUrl: string
  adminKey: string
  /** Something died that nobody killed, or was not brought back. */
  onLost(error: Error): void
}): Promise<Fleet> => {
  const dataFolder = await makeDataFolder()
  const postgres = await startPostgres({
    dataFolder,
    // Killed processes lose no pages that they wrote; only the machine would.
    settings: { fsync: "off" },
    say: () => {},
    onLost: options.onLost,
  })
  const { cluster } = await preparePlace(dataFolder)
  const begin = async (role: "web" | "worker"): Promise<ServerProcess> => {
    const started = await startProcess({
      databaseUrl: postgres.url,
      environment: {
        VIAGGIO_ROLE: role,
        VIAGGIO_ADMIN_KEY: options.adminKey,
        VIAGGIO_SMTP_URL: options.smtpUrl,
        VIAGGIO_SMTP_CONNECTIONS: String(POOL),
        ...(role === "worker" ? { VIAGGIO_PUBLIC_URL: "http://shop.example" } : {}),
      },
    })
    void started.gone.then(end => {
      if (!killed.has(started))
        options.onLost(new Error(`the ${role} died by itself (${JSON.stringify(end)}): ${started.output()}`))
    })
    return started
  }
  const killed = new Set<ServerProcess>()
  let web: ServerProcess | undefined = await begin("web")
  const workers = await Promise.all([begin("worker"), begin("worker")])

  const end = async (victim: ServerProcess): Promise<void> => {
    killed.add(victim)
    victim.signal("SIGKILL")
    await victim.gone
  }

  const replaceWeb = async (): Promise<void> => {
    const victim = web!
    web = undefined
    await end(victim)
    web = await begin("web")
  }

  const replaceWorker = async (): Promise<void> => {
    await end(workers.shift()!)
    workers.push(await begin("worker"))
  }

  const killPostgres = async (): Promise<void> => {
    const { pid } = (await readPostmasterNote(cluster))!
    process.kill(pid, "SIGKILL")
    // Until then the killed server's address may still seem to answer.
    for (const untilMs = performance.now() + READY_WITHIN_MS; ; await pause(WAIT_MS)) {
      const note = await readPostmasterNote(cluster)
      if (note !== undefined && note.pid !== pid) break
      if (performance.now() > untilMs) throw new Error("the database was not brought back")
    }
    await untilReady()
  }

  const killConnection = async (): Promise<void> => {
    const { pid } = (await readPostmasterNote(cluster))!
    const connections = connectionsOf(pid)
    if (connections.length > 0) process.kill(options.dice.pick(connections), "SIGKILL")
    await untilReady()
  }

  const untilReady = async (): Promise<void> => {
    const isReady = async () => (await fetch(`${web!.url}/readyz`).catch(() => undefined))?.status === 200
    const untilMs = performance.now() + READY_WITHIN_MS
    while (!(await isReady())) {
      if (performance.now() > untilMs) throw new Error(`the web process does not get ready: ${web!.output()}`)
      await pause(WAIT_MS)
    }
  }

  return {
    databaseUrl: postgres.url,
    doors: () => (web === undefined ? [] : [web.url]),
    async kill(victim) {
      switch (victim) {
        case Victim.web:
          return replaceWeb()
        case Victim.worker:
          return replaceWorker()
        case Victim.postgres:
          return killPostgres()
        case Victim.connection:
          return killConnection()
      }
    },
    output: () => [web, ...workers].map(one => one?.output() ?? "").join("\n"),
    async stop() {
      for (const one of [web, ...workers]) if (one !== undefined) killed.add(one)
      await Promise.all([web, ...workers].map(one => one?.stop()))
      await postgres.stop()
      await rm(dataFolder, { recursive: true, force: true })
    },
  }
}

/** The processes of PostgreSQL that serve a connection. */
function connectionsOf(postmaster: number): number[] {
  const { stdout } = spawnSync("ps", ["-o", "pid=,args=", "--ppid", String(postmaster)])
  return String(stdout)
    .split("\n")
    .filter(line => line.includes(" viaggio viaggio "))
    .map(line => Number.parseInt(line, 10))
}
