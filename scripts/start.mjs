// Installs, builds and starts Viaggio. Only built-ins of Node here: it runs before anything is installed.
import { spawn } from "node:child_process"
import { createHash } from "node:crypto"
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { gzipSync } from "node:zlib"

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const progressEachMs = 2_500

function say(line) {
  process.stdout.write(`${line}\n`)
}

function give(sentence) {
  process.stderr.write(`${sentence}\n`)
  process.exit(1)
}

function read(path) {
  return existsSync(path) ? readFileSync(path, "utf8").trim() : ""
}

function hashOf(...texts) {
  const hash = createHash("sha256")
  for (const text of texts) hash.update(text).update("\0")
  return hash.digest("hex")
}

/** Runs a program with a line of progress at least every 3 s; its own output is shown only when it fails. */
function run(title, command, args, environment) {
  say(`${title} …`)
  const startedAt = performance.now()
  const seconds = () => Math.round((performance.now() - startedAt) / 1_000)
  const child = spawn(command, args, {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  })
  const end = () => {
    child.kill()
    process.exit(1)
  }
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, end)
  let output = ""
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", chunk => {
      output = (output + chunk).slice(-8_000)
    })
  }
  const timer = setInterval(() => say(`${title} … ${seconds()} s`), progressEachMs)
  return new Promise(resolve => {
    const settle = problem => {
      clearInterval(timer)
      for (const signal of ["SIGINT", "SIGTERM"]) process.off(signal, end)
      if (problem === undefined) return resolve()
      process.stderr.write(`${output}\n`)
      give(`${title} failed: ${problem}.`)
    }
    child.on("error", error => settle(error.message))
    child.on("close", code => settle(code === 0 ? undefined : `${command} ended with ${code}`))
  })
}

/** npm by the path of the one that started us, else the one on the PATH. */
function npm(...args) {
  const script = process.env.npm_execpath
  return script?.endsWith(".js") ? [process.execPath, [script, ...args]] : ["npm", args]
}

async function install() {
  const stamp = join(root, "node_modules", ".viaggio-lock")
  const installed = join(root, "node_modules", ".package-lock.json")
  const lock = join(root, "package-lock.json")
  const wanted = hashOf(readFileSync(lock))
  if (read(stamp) === wanted && existsSync(installed)) return
  // Somebody ran npm install by hand after the lock changed.
  const fresh = existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs
  if (!fresh) {
    // "ci" would remove what is there and fetch everything again for one changed package.
    const how = existsSync(installed) ? ["install", "--no-save"] : ["ci"]
    await run("Installing packages", ...npm(...how, "--include=dev", "--no-audit", "--no-fund"))
  }
  writeFileSync(stamp, wanted)
}

const builtFolders = ["packages/journey-model", "apps/server", "apps/web"]
const skipped = new Set([
  "node_modules",
  "dist",
  ".turbo",
  "coverage",
  "test-results",
  "bench",
  "testing",
  "migrations",
])

/** Content of everything that a build reads. */
function hashSources() {
  const hash = createHash("sha256").update(read(join(root, "package-lock.json")))
  const visit = folder => {
    for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) =>
      a.name < b.name ? -1 : 1,
    )) {
      const path = join(folder, entry.name)
      if (entry.isDirectory() && !skipped.has(entry.name)) visit(path)
      if (entry.isFile() && !/\.test\.tsx?$/.test(entry.name)) {
        hash.update(path.slice(root.length)).update("\0").update(readFileSync(path)).update("\0")
      }
    }
  }
  for (const folder of builtFolders) visit(join(root, folder))
  return hash.digest("hex")
}

/** The server sends these where a browser takes gzip; names of assets change with their content. */
function compressAssets(folder) {
  for (const name of readdirSync(folder).filter(name => /\.(js|css|svg)$/.test(name))) {
    writeFileSync(join(folder, `${name}.gz`), gzipSync(readFileSync(join(folder, name))))
  }
}

async function build() {
  const stamp = join(root, "node_modules", ".viaggio-build")
  const results = ["apps/server/dist/main.js", "apps/server/dist/backup.js", "apps/web/dist/index.html"].map(
    path => join(root, path),
  )
  const wanted = hashSources()
  if (read(stamp) === wanted && results.every(existsSync)) return
  const turbo = join(root, "node_modules", "turbo", "bin", "turbo")
  const tasks = ["run", "build", "--filter=@viaggio/server", "--filter=@viaggio/web"]
  const quiet = { TURBO_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1", TURBO_NO_UPDATE_NOTIFIER: "1" }
  await run("Building", process.execPath, [turbo, ...tasks], quiet)
  compressAssets(join(root, "apps", "web", "dist", "assets"))
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, wanted)
}

const [major, minor] = process.versions.node.split(".").map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  give(`Viaggio needs Node 20.19 or later; this is ${process.versions.node}.`)
}
process.chdir(root)
await install()
await build()
// prove-start.sh makes its copies of what is built.
if (!process.argv.includes("--build-only"))
  await import(pathToFileURL(join(root, "apps", "server", "dist", "main.js")).href)
