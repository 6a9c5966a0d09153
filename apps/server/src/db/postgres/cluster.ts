import { type ChildProcess, spawn } from "node:child_process"
import { closeSync, existsSync, openSync, statSync } from "node:fs"
import { chown, mkdtemp, open, readdir, readFile, rename, rm, truncate } from "node:fs/promises"
import { basename, dirname, join } from "node:path"
import type { Place } from "./place.ts"
import { elsewhere, PostgresUnavailable } from "./unavailable.ts"

/** The superuser of the shipped cluster; only who can enter the socket's folder can be it. */
export const clusterUser = "viaggio"

/** A running `postgres` that this process started. */
export type StartedServer = { process: ChildProcess; exited: Promise<string> }

const logKeptBytes = 20_000_000

/** Makes the cluster at the first start: in a folder of its own that gets its name only when it is complete. */
export async function createCluster(place: Place, say: (line: string) => void, sync: boolean): Promise<void> {
  if (existsSync(join(place.cluster, "PG_VERSION"))) return
  say("Making the database …")
  await removeUnfinished(place.cluster)
  const unfinished = await mkdtemp(`${place.cluster}.new-${process.pid}-`)
  if (place.runAs) await chown(unfinished, place.runAs.uid, place.runAs.gid)
  const flags = ["-D", unfinished, "-U", clusterUser, "--locale=C.UTF-8", "--encoding=UTF8"]
  flags.push("--auth=trust", "--no-instructions", ...(sync ? [] : ["--no-sync"]))
  const { code, output } = await run(place, "initdb", flags)
  if (code !== 0) {
    await rm(unfinished, { recursive: true, force: true })
    throw new PostgresUnavailable(`The database could not be made: ${lastComplaint(output)}. ${elsewhere}`)
  }
  await rename(unfinished, place.cluster).catch(async error => {
    await rm(unfinished, { recursive: true, force: true })
    // Another start was quicker: its cluster is as good.
    if (!existsSync(join(place.cluster, "PG_VERSION"))) throw error
  })
}

/** Leftovers of starts that were killed half-way. */
async function removeUnfinished(cluster: string): Promise<void> {
  for (const name of await readdir(dirname(cluster))) {
    const [, base, pid] = /^(.*)\.new-(\d+)-/.exec(name) ?? []
    if (base !== basename(cluster) || isAlive(Number(pid))) continue
    await rm(join(dirname(cluster), name), { recursive: true, force: true })
  }
}

function run(
  place: Place,
  program: string,
  flags: string[],
): Promise<{ code: number | null; output: string }> {
  const child = spawn(join(place.native, "bin", program), flags, {
    ...place.runAs,
    cwd: dirname(place.cluster),
    env: programEnvironment,
    stdio: ["ignore", "pipe", "pipe"],
  })
  let output = ""
  child.stdout.on("data", chunk => (output += chunk))
  child.stderr.on("data", chunk => (output += chunk))
  return new Promise((resolve, reject) =>
    child.on("error", reject).on("close", code => resolve({ code, output })),
  )
}

/** Messages are read, so they must be in English; PATH is for the shell that initdb calls. */
const programEnvironment = {
  LC_ALL: "C.UTF-8",
  LC_MESSAGES: "C",
  TZ: "UTC",
  PATH: "/usr/local/bin:/usr/bin:/bin",
}

/**
 * Starts `postgres`, which judges `postmaster.pid` itself. It has a process group of its own, so that a Ctrl-C
 * at the terminal stops us first and it afterwards, and it writes to a file, so that it survives us.
 */
export async function startServer(place: Place, settings: Record<string, string>): Promise<StartedServer> {
  if (existsSync(place.logFile) && statSync(place.logFile).size > logKeptBytes) await truncate(place.logFile)
  const log = openSync(place.logFile, "a", 0o600)
  const logStart = statSync(place.logFile).size
  const flags = [
    "-D",
    place.cluster,
    ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
  ]
  const child = spawn(join(place.native, "bin", "postgres"), flags, {
    ...place.runAs,
    cwd: place.cluster,
    env: programEnvironment,
    stdio: ["ignore", log, log],
    detached: true,
  })
  closeSync(log)
  child.unref()
  const exited = new Promise<string>(resolve => {
    child.on("error", error => resolve(error.message))
    child.on("exit", () => readFrom(place.logFile, logStart).then(resolve, () => resolve("")))
  })
  return { process: child, exited }
}

async function readFrom(path: string, start: number): Promise<string> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(64_000), 0, 64_000, start)
    return buffer.subarray(0, bytesRead).toString()
  } finally {
    await file.close()
  }
}

/** The line in which PostgreSQL says what is wrong, without its time and level. */
export function lastComplaint(output: string): string {
  const lines = output.split("\n").filter(line => /FATAL|PANIC|error:|could not/.test(line))
  const line = lines[lines.length - 1] ?? output.trim().split("\n").pop() ?? ""
  return line.replace(/^.*?(FATAL|PANIC|error):\s*/, "").replace(/\.$/, "") || "it gave no reason"
}

/** What a running server wrote about itself: its process and the folder of its socket. */
export type PostmasterNote = { pid: number; socketFolder: string }

export async function readPostmasterNote(cluster: string): Promise<PostmasterNote | undefined> {
  const lines = (await readFile(join(cluster, "postmaster.pid"), "utf8").catch(() => "")).split("\n")
  const pid = Number(lines[0])
  return pid > 0 ? { pid, socketFolder: lines[4] ?? "" } : undefined
}

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"
  }
}
