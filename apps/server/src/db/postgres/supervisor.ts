import { createHash } from "node:crypto"
import { realpath, rmdir } from "node:fs/promises"
import { setTimeout as pause } from "node:timers/promises"
import type { Sql } from "postgres"
import { connect, errorCode } from "../connect.ts"
import {
  clusterUser,
  createCluster,
  isAlive,
  lastComplaint,
  readPostmasterNote,
  type StartedServer,
  startServer,
} from "./cluster.ts"
import { type Place, preparePlace } from "./place.ts"
import { elsewhere, PostgresUnavailable } from "./unavailable.ts"

/** The running database that came with the install. */
export type ShippedPostgres = {
  /** URL of the database `viaggio`, on a Unix socket. */
  url: string
  /** Whether it had outlived a Viaggio that was killed, and was taken over. */
  adopted: boolean
  /** Clean stop; resolves when PostgreSQL is gone. */
  stop(): Promise<void>
}

export type StartOptions = {
  /** Absolute; made if it is missing. */
  dataFolder: string
  /** On top of the usual ones, e.g. `{ fsync: "off" }` in tests. */
  settings?: Record<string, string>
  /** Takes one line of progress for the operator. */
  say: (line: string) => void
  /** Called when PostgreSQL went away in mid-life and could not be brought back. */
  onLost: (error: Error) => void
}

const usualSettings = {
  listen_addresses: "",
  unix_socket_permissions: "0700",
  max_connections: "100",
  shared_buffers: "128MB",
  max_wal_size: "2GB",
  wal_compression: "pglz",
  timezone: "UTC",
  log_timezone: "UTC",
  log_checkpoints: "off",
  jit: "off",
}

/** Session lock in the database `postgres` that says: this data has its Viaggio. */
const lifeLock = 811_802_001
const progressEachMs = 3_000
const stopLimitMs = 30_000
const lettingGoMs = 10_000

/** Another process seems to have the data, perhaps not for long. */
class InTheWay extends PostgresUnavailable {}

/**
 * Starts the shipped PostgreSQL on `dataFolder`, or adopts the one that a killed Viaggio left running, and
 * brings it back if it dies. Throws PostgresUnavailable with one sentence, also when another Viaggio has it.
 */
export async function startPostgres(options: StartOptions): Promise<ShippedPostgres> {
  const place = await preparePlace(options.dataFolder)
  await createCluster(place, options.say, options.settings?.fsync !== "off")
  const settings = settingsFor(place, options.settings ?? {})
  let stopping = false
  const watch = (held: Held): Held => {
    held.session.onLost = () => {
      if (stopping) return
      options.say("The connection to PostgreSQL was lost, looking after it …")
      current = hold(place, settings, options.say).then(watch)
      current.catch(options.onLost)
    }
    return held
  }
  const first = watch(await hold(place, settings, options.say))
  let current = Promise.resolve(first)

  return {
    url: socketUrl(first.socketFolder, "viaggio"),
    adopted: first.adopted,
    async stop() {
      stopping = true
      const held = await current.catch(() => undefined)
      await held?.session.sql.end({ timeout: 1 })
      await stopServer(place, held?.server)
      await rmdir(place.socketFolder).catch(() => {})
    },
  }
}

/** URL of the shipped PostgreSQL of that folder where it runs already, whoever has started it. */
export async function findPostgres(dataFolder: string): Promise<string | undefined> {
  const place = await preparePlace(dataFolder)
  const note = await readPostmasterNote(place.cluster)
  if (note === undefined) return undefined
  for (const folder of new Set([note.socketFolder || place.socketFolder, place.socketFolder])) {
    const session = await reach(folder, () => {})
    if (session === undefined) continue
    await session.sql.end({ timeout: 1 })
    return socketUrl(folder, "viaggio")
  }
  return undefined
}

/** One connection that is never replaced behind our back, since the life lock hangs on it. */
type Session = { sql: Sql; onLost: () => void }
type Held = { session: Session; socketFolder: string; adopted: boolean; server?: StartedServer }

/** Connects, starting the server where none answers, and takes the life lock. */
async function hold(
  place: Place,
  settings: Record<string, string>,
  say: (line: string) => void,
): Promise<Held> {
  let server: StartedServer | undefined
  for (let attempt = 1; ; attempt++) {
    const note = await readPostmasterNote(place.cluster)
    const folders = new Set([note?.socketFolder || place.socketFolder, place.socketFolder])
    for (const socketFolder of folders) {
      const session = await reach(socketFolder, say)
      if (session === undefined) continue
      const adopted = server === undefined
      const outcome = await takeOver(session.sql, place, settings)
      if (outcome === "taken") return { session, socketFolder, adopted, ...(server ? { server } : {}) }
      if (outcome === "lost") continue
      say("Restarting PostgreSQL with other settings …")
      await session.sql.end({ timeout: 1 })
      await stopServer(place)
    }
    if (attempt > 3)
      throw new PostgresUnavailable(`PostgreSQL does not answer; see ${place.logFile}. ${elsewhere}`)
    server = await startAndWait(place, settings, say)
  }
}

/**
 * Starts `postgres` and waits until it accepts or ends; ends well too when another start was quicker. One that was
 * killed this moment is in the way until its parent has taken note and its last connections have ended.
 */
async function startAndWait(
  place: Place,
  settings: Record<string, string>,
  say: (line: string) => void,
): Promise<StartedServer | undefined> {
  for (const untilMs = performance.now() + lettingGoMs; ; await pause(100)) {
    try {
      return await startOnce(place, settings, say)
    } catch (error) {
      if (!(error instanceof InTheWay) || performance.now() > untilMs) throw error
    }
  }
}

async function startOnce(
  place: Place,
  settings: Record<string, string>,
  say: (line: string) => void,
): Promise<StartedServer | undefined> {
  const server = await startServer(place, settings)
  let ended: string | undefined
  server.exited.then(log => {
    ended = log
  })
  while (ended === undefined) {
    const session = await reach(place.socketFolder, say)
    await session?.sql.end({ timeout: 1 })
    if (session) return server
    await Promise.race([server.exited, pause(20)])
  }
  if (!ended.includes("postmaster.pid")) {
    const Kind = ended.includes("shared memory") ? InTheWay : PostgresUnavailable
    throw new Kind(`PostgreSQL did not start: ${lastComplaint(ended)}. ${elsewhere}`)
  }
  const note = await readPostmasterNote(place.cluster)
  if (note && (await reach(note.socketFolder, say).then(session => session?.sql.end().then(() => true))))
    return undefined
  throw new InTheWay(
    `PostgreSQL finds its data in use by process ${note?.pid} (${place.cluster}/postmaster.pid): ` +
      "stop that process, or, if it is no PostgreSQL, remove the file postmaster.pid.",
  )
}

/** A session on the server of that folder; undefined where nobody answers. Waits out a start-up or shutdown. */
async function reach(folder: string, say: (line: string) => void): Promise<Session | undefined> {
  let saidAt = performance.now()
  for (;;) {
    const session: Session = {
      onLost: () => {},
      sql: connect(socketUrl(folder, "postgres"), {
        max: 1,
        idle_timeout: 0,
        max_lifetime: null,
        fetch_types: false,
        connection: { application_name: `viaggio supervisor ${process.pid}` },
        onclose: () => session.onLost(),
      }),
    }
    try {
      await session.sql`select 1`
      return session
    } catch (error) {
      await session.sql.end({ timeout: 1 })
      const code = errorCode(error)
      if (nobodyAnswers.has(code ?? "")) return undefined
      if (!startingOrStopping.has(code ?? "")) throw error
      if (performance.now() - saidAt > progressEachMs) {
        say("PostgreSQL is reading its log after a hard stop …")
        saidAt = performance.now()
      }
      await pause(50)
    }
  }
}

/** 57P01 and 57P02: it was told to stop, or one of its connections crashed, while we were being let in. */
const startingOrStopping = new Set(["57P01", "57P02", "57P03"])
const nobodyAnswers = new Set(["ENOENT", "ECONNREFUSED", "ECONNRESET", "EPIPE", "CONNECTION_CLOSED"])

/** Lost: it died while we took it over, and is looked for again. */
async function takeOver(
  session: Sql,
  place: Place,
  settings: Record<string, string>,
): Promise<"taken" | "other settings" | "lost"> {
  try {
    if (!(await take(session, place, settings))) return "other settings"
    await ensureDatabase(session)
    return "taken"
  } catch (error) {
    const code = errorCode(error) ?? ""
    if (!nobodyAnswers.has(code) && !startingOrStopping.has(code)) throw error
    await session.end({ timeout: 1 })
    return "lost"
  }
}

/** Takes the life lock. False: an orphan with other settings. Throws where another Viaggio lives. */
async function take(session: Sql, place: Place, settings: Record<string, string>): Promise<boolean> {
  const [found] = await session`
    select current_setting('data_directory') as folder, current_setting('viaggio.settings', true) as settings`
  const folder = String(found?.folder)
  if (folder !== (await realpath(place.cluster)) && folder !== place.cluster) {
    await session.end({ timeout: 1 })
    throw new PostgresUnavailable(
      `Another database (${folder}) answers on ${place.socketFolder}. ${elsewhere}`,
    )
  }
  for (const until = performance.now() + 1_000; ; await pause(50)) {
    const [lock] = await session`select pg_try_advisory_lock(${lifeLock}::bigint) as taken`
    if (lock?.taken === true) return found?.settings === settings["viaggio.settings"]
    // A Viaggio that was killed this moment may still hold it until PostgreSQL sees its connection gone.
    if (performance.now() > until) break
  }
  const [holder] = await session`
    select a.application_name as name from pg_locks l join pg_stat_activity a using (pid)
    where l.locktype = 'advisory' and l.objid::bigint = ${lifeLock}::bigint and l.granted and a.pid <> pg_backend_pid()`
  await session.end({ timeout: 1 })
  const pid = /\d+$/.exec(String(holder?.name))?.[0] ?? "unknown"
  throw new PostgresUnavailable(
    `Another Viaggio (process ${pid}) already runs on ${place.cluster}; stop it, or give this one its own VIAGGIO_DATA.`,
  )
}

async function ensureDatabase(session: Sql): Promise<void> {
  const found = await session`select 1 from pg_database where datname = 'viaggio'`
  if (found.length === 0) await session`create database viaggio`
}

async function stopServer(place: Place, server?: StartedServer): Promise<void> {
  const note = await readPostmasterNote(place.cluster)
  if (note === undefined) return
  signal(note.pid, "SIGINT")
  let exited = false
  server?.exited.then(() => {
    exited = true
  })
  const started = performance.now()
  let immediate = false
  // The note goes last in a shutdown. An orphan's process may stay on as a zombie where nobody reaps it.
  while (!exited && isAlive(note.pid) && (await readPostmasterNote(place.cluster))?.pid === note.pid) {
    if (!immediate && performance.now() - started > stopLimitMs) {
      signal(note.pid, "SIGQUIT")
      immediate = true
    }
    if (performance.now() - started > 2 * stopLimitMs) {
      throw new PostgresUnavailable(`PostgreSQL (process ${note.pid}) does not stop.`)
    }
    await pause(20)
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error
  }
}

function settingsFor(place: Place, own: Record<string, string>): Record<string, string> {
  const settings = { ...usualSettings, unix_socket_directories: quoteFolder(place.socketFolder), ...own }
  const mark = createHash("sha256").update(JSON.stringify(settings)).digest("hex").slice(0, 16)
  return { ...settings, "viaggio.settings": mark }
}

/** A comma would part the list of folders. */
function quoteFolder(folder: string): string {
  return `"${folder.replaceAll('"', '""')}"`
}

function socketUrl(folder: string, database: string): string {
  return `postgres://${clusterUser}@/${database}?host=${encodeURIComponent(folder)}`
}
