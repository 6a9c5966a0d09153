import { spawnSync } from "node:child_process"
import { createHash } from "node:crypto"
import { existsSync } from "node:fs"
import { chown, lstat, mkdir, readFile, realpath, rm, stat, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { type Binaries, canRun, copyBinaries, findBinaries, type RunAs } from "./binaries.ts"
import { elsewhere, PostgresUnavailable } from "./unavailable.ts"

/** Where the shipped PostgreSQL lives and who runs it. */
export type Place = {
  /** The cluster's folder, e.g. `…/.viaggio/pg18`. */
  cluster: string
  /** Private folder of the Unix socket, short enough for the limit of 107 bytes. */
  socketFolder: string
  native: string
  logFile: string
  /** Set only when we are root, as which PostgreSQL refuses to run. */
  runAs?: RunAs
}

const clusterName = "pg18"
/** Open to every user on every system, and not emptied at a restart of the machine. */
const sharedFolder = "/var/lib/viaggio"

/**
 * Chooses and prepares the folders for `dataFolder`. As root, data and programs go to `/var/lib/viaggio` where
 * an unprivileged user cannot reach the project; `pg18.location` in the data folder then says where.
 */
export async function preparePlace(dataFolder: string): Promise<Place> {
  await prepareDataFolder(dataFolder)
  const binaries = await findBinaries()
  const logFile = join(dataFolder, "postgres.log")
  if (process.getuid?.() !== 0) {
    const cluster = join(dataFolder, clusterName)
    return { cluster, socketFolder: await prepareSocketFolder(dataFolder), native: binaries.native, logFile }
  }
  const home = await rememberedHome(dataFolder)
  const runAs = (await ownerOf(join(home ?? dataFolder, clusterName))) ?? (await unprivilegedUser())
  const base = home ?? (canEnter(dataFolder, runAs) ? dataFolder : await homeElsewhere(dataFolder, runAs))
  return {
    cluster: join(base, clusterName),
    socketFolder: await prepareSocketFolder(dataFolder, runAs),
    native: await reachableBinaries(binaries, runAs),
    logFile,
    runAs,
  }
}

async function prepareDataFolder(folder: string): Promise<void> {
  const probe = join(folder, `.write-probe-${process.pid}`)
  try {
    await makeFolder(folder)
    await writeFile(probe, "")
    await rm(probe)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    throw new PostgresUnavailable(
      `VIAGGIO_DATA: the folder ${folder} cannot be written (${code}); give another one or change its owner.`,
    )
  }
}

/** One level at a time: node's recursive mkdir never ends below /proc. */
async function makeFolder(folder: string): Promise<void> {
  if (existsSync(folder)) return
  await makeFolder(dirname(folder))
  await mkdir(folder, { mode: 0o755 })
}

async function rememberedHome(dataFolder: string): Promise<string | undefined> {
  const note = await readFile(join(dataFolder, `${clusterName}.location`), "utf8").catch(() => "")
  return note.trim() === "" ? undefined : note.trim()
}

async function homeElsewhere(dataFolder: string, runAs: RunAs): Promise<string> {
  const home = join(sharedFolder, digest(await realpath(dataFolder)))
  await mkdir(home, { recursive: true, mode: 0o755 }).catch((error: NodeJS.ErrnoException) => {
    throw new PostgresUnavailable(`${sharedFolder} cannot be written (${error.code}). ${elsewhere}`)
  })
  if (!canEnter(home, runAs)) {
    throw new PostgresUnavailable(
      `PostgreSQL refuses to run as root, and user ${runAs.uid} can enter neither ${dataFolder} nor ${home}. ${elsewhere}`,
    )
  }
  await writeFile(join(dataFolder, `${clusterName}.location`), `${home}\n`)
  return home
}

async function reachableBinaries(binaries: Binaries, runAs: RunAs): Promise<string> {
  if (canRun(binaries.native, runAs)) return binaries.native
  const copy = await copyBinaries(binaries, sharedFolder).catch((error: NodeJS.ErrnoException) => {
    throw new PostgresUnavailable(
      `PostgreSQL could not be copied to ${sharedFolder} (${error.code}). ${elsewhere}`,
    )
  })
  if (canRun(copy, runAs)) return copy
  throw new PostgresUnavailable(
    `PostgreSQL refuses to run as root, and user ${runAs.uid} cannot run it from ${copy} either. ${elsewhere}`,
  )
}

async function ownerOf(folder: string): Promise<RunAs | undefined> {
  const found = await stat(folder).catch(() => undefined)
  return found === undefined || found.uid === 0 ? undefined : { uid: found.uid, gid: found.gid }
}

/** initdb asks for the name of its user, so it must be one of the machine's own. */
async function unprivilegedUser(): Promise<RunAs> {
  const users = new Map<string, RunAs>()
  for (const line of (await readFile("/etc/passwd", "utf8").catch(() => "")).split("\n")) {
    const [name, , uid, gid] = line.split(":")
    if (name && Number(uid) > 0 && Number(gid) > 0) users.set(name, { uid: Number(uid), gid: Number(gid) })
  }
  const user = users.get("viaggio") ?? users.get("postgres") ?? users.get("nobody")
  if (user !== undefined) return user
  throw new PostgresUnavailable(
    `PostgreSQL refuses to run as root, and this machine has no user viaggio, postgres or nobody. ${elsewhere}`,
  )
}

function canEnter(folder: string, runAs: RunAs): boolean {
  return spawnSync("/bin/sh", ["-c", 'cd -- "$1"', "sh", folder], { ...runAs, cwd: "/" }).status === 0
}

async function prepareSocketFolder(dataFolder: string, runAs?: RunAs): Promise<string> {
  const uid = runAs?.uid ?? process.getuid?.() ?? 0
  const name = `viaggio-${uid}-${digest(await realpath(dataFolder))}`
  const folder = join(existsSync("/tmp") ? "/tmp" : tmpdir(), name)
  await mkdir(folder, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST")
      throw new PostgresUnavailable(`${folder} cannot be made (${error.code}). ${elsewhere}`)
  })
  const found = await lstat(folder)
  // Anybody may make a folder in /tmp: one that another user made, or that a link stands for, is not ours.
  const ours = found.isDirectory() && (found.uid === uid || found.uid === process.getuid?.())
  if (!ours || (found.mode & 0o077) !== 0) {
    throw new PostgresUnavailable(
      `${folder} belongs to somebody else or is open to others; remove it. ${elsewhere}`,
    )
  }
  if (runAs !== undefined) await chown(folder, runAs.uid, runAs.gid)
  return folder
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12)
}
