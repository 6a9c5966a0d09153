import { once } from "node:events"
import { mkdtemp, rm } from "node:fs/promises"
import { availableParallelism, tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { Worker } from "node:worker_threads"
import {
  type AudienceSpec,
  addCells,
  assertConserved,
  audienceResult,
  compile,
  eventShapes,
  type Journey,
  lastMoment,
  madeUpPeople,
  ordinaryBehaviour,
  statsAt,
  template,
} from "@viaggio/journey-model"
import { build } from "esbuild"
import type { AudiencePart, AudiencePartResult } from "./audience-worker.ts"

const days = 90

/** Thank-you and review with one node more, which makes twelve: two waits of days, a split, four mails. */
const journey = (): Journey => {
  const base = template("post-purchase", "en")
  return {
    ...base,
    nodes: [
      ...base.nodes,
      {
        id: "note",
        type: "update-profile",
        version: 1,
        config: { set: [{ attribute: "reviewer", value: true }], unset: [] },
      },
    ],
    edges: [
      ...base.edges.filter(edge => edge.from !== "thanks-review"),
      { from: "thanks-review", outcome: "next", to: "note" },
      { from: "note", outcome: "next", to: "reviewed" },
    ],
  }
}

const specOf = (customers: number): AudienceSpec => {
  const compiled = compile(journey())
  if (!compiled.ok) throw new Error("the journey does not compile")
  const startAt = Date.UTC(2026, 0, 1)
  return {
    journey: journey(),
    workspace: "bench",
    startAt,
    days,
    customers,
    seed: 1,
    people: madeUpPeople(journey(), { base: { email: "ann@example.com" }, seed: 1, startAt }),
    events: eventShapes(journey(), { baseOf: () => ({ currency: "EUR" }), startAt }),
    behaviour: ordinaryBehaviour(compiled.value, days / 2),
  }
}

const ask = async (worker: Worker, part: AudiencePart): Promise<AudiencePartResult> => {
  worker.postMessage(part)
  const [answer] = await once(worker, "message")
  return answer
}

/** Runs an audience in those workers, from the asking to the added-up result; the first run is the cold one. */
const measure = async (customers: number, workers: readonly Worker[], runs: number): Promise<void> => {
  const spec = specOf(customers)
  const times: number[] = []
  const cpuMs: number[] = []
  for (let run = 0; run < runs; run++) {
    const began = performance.now()
    const cpuBegan = process.cpuUsage()
    const bound = (index: number) => Math.round((customers * index) / workers.length)
    const [first, ...more] = await Promise.all(
      workers.map((worker, index) => ask(worker, { spec, from: bound(index), to: bound(index + 1) })),
    )
    if (!first) throw new Error("there is no part")
    for (const { cells } of more) addCells(first.cells, cells)
    const result = audienceResult(first.shape, first.cells)
    times.push(performance.now() - began)
    const { user, system } = process.cpuUsage(cpuBegan)
    cpuMs.push((user + system) / 1000)
    const stats = statsAt(result, lastMoment(result))
    assertConserved(stats)
    if (stats.totals.entered < customers) throw new Error("somebody did not come in")
  }
  const shown = times.map(time => Math.round(time)).join(", ")
  const medianOf = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(runs / 2)] ?? 0
  const cpuUs = (medianOf(cpuMs) * 1000) / customers
  console.log(
    `${customers} customers × ${days} days × 12 nodes, ${workers.length} worker${workers.length === 1 ? "" : "s"}: ` +
      `median ${Math.round(medianOf(times))} ms (${shown}), ${cpuUs.toFixed(1)} µs of CPU a customer`,
  )
}

/** The audience preview without a browser: the same code in as many workers, bundled as for the page. */
export const measureAudience = async (runs: number): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), "viaggio-audience-"))
  const outfile = join(folder, "worker.cjs")
  await build({
    entryPoints: [fileURLToPath(new URL("./audience-worker.ts", import.meta.url))],
    bundle: true,
    platform: "node",
    format: "cjs",
    outfile,
  })
  const cores = availableParallelism()
  const workers = Array.from({ length: cores }, () => new Worker(outfile))
  await measure(100_000, workers.slice(0, 1), runs)
  await measure(100_000, workers, runs)
  await measure(1_000_000, workers, Math.min(runs, 3))
  await Promise.all(workers.map(worker => worker.terminate()))
  await rm(folder, { recursive: true })
}
