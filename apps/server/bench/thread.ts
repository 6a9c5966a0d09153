import { type ChildProcess, spawn } from "node:child_process"
import { readFileSync } from "node:fs"
import { rm } from "node:fs/promises"
import { makeDataFolder } from "../testing/data-folder.ts"
import { callsOf } from "./calls.ts"

/**
 * The whole thread: the built server in a process of its own, events over HTTP in batches of 100, eight pages
 * that watch, workers and outbox on. The customers' times lie a few minutes back, so that every wait is due.
 *
 *   npm run build && node --import tsx bench/thread.ts 20000
 */
const customers = Number(process.argv[2] ?? 20_000)
const CONNECTIONS = 16
const VIEWERS = 8
const port = 4_990
const url = `http://127.0.0.1:${port}`
const adminKey = "the-key-of-the-bench"
const folder = await makeDataFolder()

const start = async (): Promise<{ child: ChildProcess; token: string }> => {
  const child = spawn(
    process.execPath,
    [...(process.env.BENCH_NODE_OPTIONS ?? "").split(" ").filter(Boolean), "dist/main.js"],
    {
      env: {
        ...process.env,
        PORT: String(port),
        VIAGGIO_DATA: folder,
        VIAGGIO_ADMIN_KEY: adminKey,
        VIAGGIO_LOG: "error",
        NODE_ENV: "production",
      },
      stdio: ["ignore", "pipe", "inherit"],
    },
  )
  let text = ""
  for await (const chunk of child.stdout!.iterator({ destroyOnReturn: false })) {
    text += String(chunk)
    const token = /setup\?token=(\S+)/.exec(text)?.[1]
    if (token === undefined) continue
    child.stdout!.resume()
    return { child, token }
  }
  throw new Error(`the server did not start: ${text}`)
}

const api = async (method: string, path: string, body?: unknown): Promise<never> => {
  const response = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${adminKey}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`)
  return (await response.json()) as never
}

const { child } = await start()
const journey = JSON.parse(readFileSync(new URL("./journey.json", import.meta.url), "utf8")) as object
await api("PUT", "/journeys/bench", journey)
await api("POST", "/journeys/bench/publish", {})

// A page watches with a session; the bench asks for the same numbers as often as eight pages would.
let reads = 0
let isOver = false
const viewers = Array.from({ length: VIEWERS }, async () => {
  for (;;) {
    if (isOver) return
    await api("GET", "/journeys/bench/stats")
    reads += 1
    await new Promise(resolve => setTimeout(resolve, 250))
  }
})

const calls = callsOf(customers, Date.now() - 200_000)
const bodies: string[] = []
for (let from = 0; from < calls.length; from += 100)
  bodies.push(JSON.stringify({ batch: calls.slice(from, from + 100) }))
const authorization = `Basic ${Buffer.from(`${adminKey}:`).toString("base64")}`
let accepted = 0
const send = async () => {
  for (let body = bodies.shift(); body !== undefined; body = bodies.shift()) {
    const response = await fetch(`${url}/v1/batch`, {
      method: "POST",
      headers: { authorization, "content-type": "application/json" },
      body,
    })
    if (response.status !== 200) throw new Error(`the door answered ${response.status}`)
    accepted += ((await response.json()) as { accepted: number }).accepted
  }
}
type Stats = {
  totals: { entered: number; inside: number }
  nodes: Record<string, { left: Record<string, number>; ended: Record<string, number> }>
}
const sum = (counts: Record<string, number>) => Object.values(counts).reduce((a, b) => a + b, 0)

const began = performance.now()
await Promise.all(Array.from({ length: CONNECTIONS }, send))
const sentMs = performance.now() - began
let stats: Stats = await api("GET", "/journeys/bench/stats")
while (stats.totals.entered < customers || stats.totals.inside > 0) {
  await new Promise(resolve => setTimeout(resolve, 50))
  stats = await api("GET", "/journeys/bench/stats")
}
const allMs = performance.now() - began
isOver = true
await Promise.all(viewers)
const steps = Object.values(stats.nodes).reduce((n, node) => n + sum(node.left) + sum(node.ended), 0)
console.log(
  `events: ${accepted} over HTTP in ${sentMs.toFixed(0)} ms = ${rate(accepted, sentMs)} events/s, workers on`,
)
console.log(`steps: ${steps} in ${allMs.toFixed(0)} ms = ${rate(steps, allMs)} steps/s from the first byte`)
console.log(`${reads} readings of the numbers meanwhile`)
child.kill("SIGTERM")
await new Promise(resolve => child.once("exit", resolve))
await rm(folder, { recursive: true, force: true })

function rate(n: number, ms: number): number {
  return Math.round((n / ms) * 1_000)
}
