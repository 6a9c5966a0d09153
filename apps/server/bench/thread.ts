import { callsOf } from "./calls.ts"
import { startThread } from "./thread-server.ts"

/**
 * The whole thread: the built server in a process of its own, events over HTTP in batches of 100, eight pages
 * that watch, workers and outbox on. The customers' times lie a few minutes back, so that every wait is due.
 */
const customers = Number(process.argv[2] ?? 20_000)
const CONNECTIONS = Number(process.env.BENCH_CONNECTIONS ?? 64)
const VIEWERS = 8

const thread = await startThread()
let frames = 0
const over = new AbortController()
const viewers = Array.from({ length: VIEWERS }, async () => {
  const live = await fetch(thread.liveUrl, { headers: { cookie: thread.cookie }, signal: over.signal })
  if (live.status !== 200) throw new Error(`the live stream answered ${live.status}`)
  for await (const chunk of live.body!) frames += Buffer.from(chunk).toString().split("\n\n").length - 1
}).map(viewer => viewer.catch(error => over.signal.aborted || Promise.reject(error)))

const calls = callsOf(customers, Date.now() - 200_000)
const batches: object[][] = []
for (let from = 0; from < calls.length; from += 100) batches.push(calls.slice(from, from + 100))
let accepted = 0
const sendAll = async () => {
  for (let batch = batches.shift(); batch !== undefined; batch = batches.shift()) {
    const taken = await thread.send(batch)
    accepted += taken
  }
}
type Stats = {
  totals: { entered: number; inside: number }
  nodes: Record<string, { left: Record<string, number>; ended: Record<string, number> }>
}
const readStats = (): Promise<Stats> => thread.api("GET", "/journeys/bench/stats")
const sum = (counts: Record<string, number>) => Object.values(counts).reduce((a, b) => a + b, 0)
const rate = (n: number, ms: number) => Math.round((n / ms) * 1_000)

const began = performance.now()
await Promise.all(Array.from({ length: CONNECTIONS }, sendAll))
const sentMs = performance.now() - began
let stats = await readStats()
while (stats.totals.entered < customers || stats.totals.inside > 0) {
  await new Promise(resolve => setTimeout(resolve, 50))
  stats = await readStats()
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
await thread.stop()
