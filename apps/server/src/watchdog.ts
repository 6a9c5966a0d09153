import { Worker } from "node:worker_threads"

/** How long the process may do nothing but one thing before it is ended. */
const PATIENCE_MS = 60_000
const TICK_MS = 5_000

/**
 * Runs beside the process, in a thread of its own, and kills it when its loop has stood still for too long: a
 * customer whose work never ends would otherwise hold all others up for ever, in this process and in the next. It
 * counts its own ticks, so a process that was stopped and goes on is not taken for one that hangs.
 */
const dog = `
  const { workerData } = require("node:worker_threads")
  const { writeSync } = require("node:fs")
  const beat = new Int32Array(workerData.beat)
  let seen = -1
  let still = 0
  setInterval(() => {
    const now = Atomics.load(beat, 0)
    still = now === seen ? still + 1 : 0
    seen = now
    if (still * workerData.tickMs < workerData.patienceMs) return
    writeSync(2, "The process has stood still for " + workerData.patienceMs / 1000 + " s and is ended.\\n")
    process.kill(process.pid, "SIGKILL")
  }, workerData.tickMs)
`

/** Starts it; hands back how to stop it. */
export function startWatchdog({ patienceMs = PATIENCE_MS, tickMs = TICK_MS } = {}): () => Promise<void> {
  const beat = new SharedArrayBuffer(4)
  const counter = new Int32Array(beat)
  const timer = setInterval(() => Atomics.add(counter, 0, 1), tickMs / 5)
  timer.unref()
  const thread = new Worker(dog, { eval: true, workerData: { beat, patienceMs, tickMs } })
  thread.unref()
  return async () => {
    clearInterval(timer)
    await thread.terminate()
  }
}
