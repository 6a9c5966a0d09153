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
const CONNECTIONS = Number(process.env.BENCH_CONNECTIONS ?? 64)
const VIEWERS = 8
const port = 4_990
const url = `http://localhost:${port}`
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

const { child, token } = await start()

/** A procedure of the web app, as the signed-in owner. */
const procedure = async (path: string, input: object, headers: Record<string, string>): Promise<never> => {
  const response = await fetch(`${url}/api/trpc/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(input),
  })
  const body = (await response.json()) as { result?: { data: never } }
  if (body.result === undefined) throw new Error(`${path} answered ${JSON.stringify(body)}`)
  return body.result.data
}

const owner = { email: "bench@example.com", password: "a long password of the bench" }
const { workspaceId } = (await procedure(
  "setup.complete",
  { token, name: "Bench", ...owner, workspace: { name: "Bench", zone: "UTC", language: "en" } },
  {},
)) as { workspaceId: string }
const signedIn = await fetch(`${url}/api/auth/sign-in/email`, {
  method: "POST",
  headers: { "content-type": "application/json", origin: url },
  body: JSON.stringify({ email: owner.email, password: owner.password }),
})
if (signedIn.status !== 200) throw new Error(`the sign-in answered ${await signedIn.text()}`)
const cookie = signedIn.headers
  .getSetCookie()
  .map(c => c.split(";")[0])
  .join("; ")
const mine = { cookie, origin: url, "x-workspace": workspaceId }
const keyOf = async (kind: string): Promise<string> =>
  ((await procedure("keys.create", { kind, name: "bench" }, mine)) as { key: string }).key
const [apiKey, writeKey] = [await keyOf("api"), await keyOf("write")]

const api = async (method: string, path: string, body?: unknown): Promise<never> => {
  const response = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`)
  return (await response.json()) as never
}

const journey = JSON.parse(readFileSync(new URL("./journey.json", import.meta.url), "utf8")) as object
await api("PUT", "/journeys/bench", journey)
await api("POST", "/journeys/bench/publish", {})

let frames = 0
const over = new AbortController()
const viewers = Array.from({ length: VIEWERS }, async () => {
  const live = await fetch(`${url}/api/live/journeys/bench?workspace=${workspaceId}&version=all`, {
    headers: { cookie },
    signal: over.signal,
  })
  if (live.status !== 200) throw new Error(`the live stream answered ${live.status}`)
  for await (const chunk of live.body!) frames += Buffer.from(chunk).toString().split("\n\n").length - 1
}).map(viewer => viewer.catch(error => over.signal.aborted || Promise.reject(error)))

const calls = callsOf(customers, Date.now() - 200_000)
const bodies: string[] = []
for (let from = 0; from < calls.length; from += 100)
  bodies.push(JSON.stringify({ batch: calls.slice(from, from + 100) }))
const authorization = `Basic ${Buffer.from(`${writeKey}:`).toString("base64")}`
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
over.abort()
await Promise.all(viewers)
const steps = Object.values(stats.nodes).reduce((n, node) => n + sum(node.left) + sum(node.ended), 0)
console.log(
  `events: ${accepted} over HTTP in ${sentMs.toFixed(0)} ms = ${rate(accepted, sentMs)} events/s, workers on`,
)
console.log(`steps: ${steps} in ${allMs.toFixed(0)} ms = ${rate(steps, allMs)} steps/s from the first byte`)
console.log(`${frames} frames reached ${VIEWERS} pages meanwhile`)
child.kill("SIGTERM")
await new Promise(resolve => child.once("exit", resolve))
await rm(folder, { recursive: true, force: true })

function rate(n: number, ms: number): number {
  return Math.round((n / ms) * 1_000)
}
