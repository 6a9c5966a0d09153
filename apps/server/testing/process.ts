import { type ChildProcess, execFile, spawn } from "node:child_process"
import { readdir, rm } from "node:fs/promises"
import { promisify } from "node:util"
import { makeDataFolder } from "./data-folder.ts"

const serverFolder = new URL("..", import.meta.url)

/**
 * The bundle as it would run in production, made once for a file of tests; below the package, whose files it
 * reads. What earlier tests have left is cleared away.
 */
let bundle: Promise<string> | undefined
async function build(): Promise<string> {
  const folder = new URL("node_modules/.test-build/", serverFolder)
  for (const pid of await readdir(folder).catch(() => []))
    if (!isAlive(Number(pid))) await rm(new URL(pid, folder), { recursive: true, force: true })
  const file = `node_modules/.test-build/${process.pid}/main.js`
  await promisify(execFile)(process.execPath, ["build.mjs", file], { cwd: serverFolder })
  return file
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** A server in a process of its own. */
export type ServerProcess = {
  pid: number
  /** Where it listens, e.g. `http://localhost:41233`. */
  url: string
  signal(name: NodeJS.Signals): void
  /** When it has gone, by which signal or with which code. */
  gone: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
  /** What it wrote, both streams together. */
  output(): string
  /** Stops it as an operator would and waits. */
  stop(): Promise<void>
}

/** Starts the server on a database that is there already, on a free port. */
export async function startProcess(options: {
  databaseUrl: string
  environment?: Record<string, string>
  /** Modules to load before it, e.g. to plant a fault. */
  preload?: URL[]
}): Promise<ServerProcess> {
  bundle ??= build()
  const folder = await makeDataFolder()
  const preload = (options.preload ?? []).flatMap(url => ["--import", url.href])
  const child = spawn(process.execPath, [...preload, await bundle], {
    cwd: serverFolder,
    env: {
      ...process.env,
      PORT: "0",
      VIAGGIO_DATA: folder,
      DATABASE_URL: options.databaseUrl,
      VIAGGIO_LOG: "warn",
      ...options.environment,
    },
    stdio: ["ignore", "pipe", "pipe"],
  })
  let output = ""
  const gone = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>(resolve =>
    child.once("exit", (code, signal) => resolve({ code, signal })),
  )
  void gone.then(() => rm(folder, { recursive: true, force: true }))
  const url = await new Promise<string>((resolve, reject) => {
    const take = (chunk: Buffer) => {
      output += chunk.toString()
      const found = / is at (http:\/\/localhost:\d+)/.exec(output)?.[1]
      if (found !== undefined) resolve(found)
    }
    child.stdout!.on("data", take)
    child.stderr!.on("data", take)
    void gone.then(({ code, signal }) => reject(new Error(`the server ended (${signal ?? code}): ${output}`)))
  })
  return {
    pid: child.pid!,
    url,
    signal: name => void child.kill(name),
    gone,
    output: () => output,
    stop: () => stop(child, gone),
  }
}

async function stop(child: ChildProcess, gone: Promise<unknown>): Promise<void> {
  child.kill("SIGCONT")
  child.kill("SIGTERM")
  await gone
}
