/**
 * Runs the excerpt through a server of its own, started as a user would, and compares its statistics with the
 * count that scripts/replay-count.py made of the same lines. Where Python is present that count is made again.
 */
import { spawn, spawnSync } from "node:child_process"
import { randomBytes } from "node:crypto"
import { once } from "node:events"
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as wait } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import { runReplay } from "./run-replay.mjs"

const READY_WITHIN_MS = 180_000
const root = fileURLToPath(new URL("../..", import.meta.url))
const file = fileURLToPath(new URL("excerpt/online-retail-excerpt.csv", import.meta.url))
const expected = readFileSync(new URL("excerpt/expected-stats.json", import.meta.url), "utf8")
const journey = JSON.parse(readFileSync(new URL("post-purchase.json", import.meta.url), "utf8"))

const problems = [...countAgain(), ...(await runOnServer())]
for (const problem of problems) console.error(problem)
console.log(
  problems.length === 0 ? "the server and the independent count agree" : `${problems.length} problems`,
)
process.exitCode = problems.length === 0 ? 0 : 1

function countAgain() {
  const { error, status, stdout, stderr } = spawnSync("python3", ["scripts/replay-count.py", file], {
    cwd: root,
    encoding: "utf8",
  })
  if (error) {
    console.log("python3 is not here: the committed count is used as it is")
    return []
  }
  if (status !== 0) return [`replay-count.py ended with ${status}: ${stderr}`]
  console.log(`counted again by python3: ${stderr.trim()}`)
  return stdout === expected ? [] : ["expected-stats.json is not what scripts/replay-count.py prints now"]
}

async function runOnServer() {
  const data = mkdtempSync(join(tmpdir(), "viaggio-replay-"))
  chmodSync(data, 0o755) // run by root, the database's user has to come in, or its files go elsewhere
  const port = await freePort()
  const key = randomBytes(24).toString("hex")
  const env = {
    ...process.env,
    PORT: String(port),
    VIAGGIO_DATA: data,
    VIAGGIO_ADMIN_KEY: key,
    DATABASE_URL: "",
  }
  const server = spawn(process.execPath, ["scripts/start.mjs"], {
    cwd: root,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  })
  const printed = []
  for (const stream of [server.stdout, server.stderr]) stream.on("data", chunk => printed.push(String(chunk)))
  try {
    const url = `http://127.0.0.1:${port}`
    await untilReady(url, server, printed)
    const startedAt = performance.now()
    const { stats, report } = await runReplay({ file, url, key, journey })
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
    console.log(`${report.invoices} invoices replayed in ${seconds} s, ${report.accepted} events accepted`)
    return [...checkReport(report), ...compare(JSON.parse(expected), stats)]
  } catch (error) {
    return [`${error.message}\nThe server printed:\n${printed.join("").slice(-4000)}`]
  } finally {
    await stop(server)
    rmSync(data, { recursive: true, force: true })
  }
}

function checkReport({ sent, accepted, duplicates, rejected }) {
  const all = Object.values(sent).reduce((sum, count) => sum + count, 0)
  const problems = rejected.map(({ messageId, field, text }) => `rejected ${messageId}: ${field}: ${text}`)
  if (accepted !== all || duplicates !== 0)
    problems.push(`sent ${all}, accepted ${accepted}, duplicates ${duplicates}`)
  return problems
}

/** Every difference by its path: "nodes.next-order.inside: 13 was counted, the server says 12". */
function compare(counted, answered, path = "") {
  const isObject = value => typeof value === "object" && value !== null
  if (!isObject(counted) || !isObject(answered))
    return Object.is(counted, answered)
      ? []
      : [`${path}: ${JSON.stringify(counted)} was counted, the server says ${JSON.stringify(answered)}`]
  const keys = [...new Set([...Object.keys(counted), ...Object.keys(answered)])]
  return keys.flatMap(key => compare(counted[key], answered[key], path === "" ? key : `${path}.${key}`))
}

async function untilReady(url, server, printed) {
  const deadline = performance.now() + READY_WITHIN_MS
  while (performance.now() < deadline) {
    if (server.exitCode !== null) throw new Error(`the server ended with ${server.exitCode}`)
    const answer = await fetch(`${url}/readyz`).catch(() => undefined)
    if (answer?.ok) return
    await wait(200)
  }
  throw new Error(`the server was not ready within ${READY_WITHIN_MS / 1000} s after ${printed.length} lines`)
}

async function stop(server) {
  if (server.exitCode !== null) return
  server.kill("SIGTERM")
  await Promise.race([once(server, "exit"), wait(20_000, undefined, { ref: false })])
  if (server.exitCode === null) server.kill("SIGKILL")
}

async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1")
  await once(probe, "listening")
  const { port } = probe.address()
  probe.close()
  await once(probe, "close")
  return port
}
