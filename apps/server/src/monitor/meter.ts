import { Counter, collectDefaultMetrics, Histogram, Registry } from "prom-client"

/** What this process counts by itself as it goes; the rest is read when somebody asks. */
export type Meter = {
  registry: Registry
  /** An answer of the door. */
  taken(workspace: number, events: { accepted: number; duplicates: number; rejected: number }): void
  /** One transaction of the door. */
  appended(ms: number): void
  /** What the engine did; `ms` where it was one transaction. */
  worked(ms: number | undefined, batch: { events: number; steps: number; messages: number }): void
  /** A batch failed and is tried again; by the code of its error. */
  failed(code: string | undefined): void
  /** One try with a provider. */
  tried(provider: string, result: string, ms: number): void
}

/** From a fifth of a millisecond to ten seconds. */
const seconds = [0.0002, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10]

export const createMeter = (): Meter => {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  const counter = (name: string, help: string, labelNames: string[] = []) =>
    new Counter({ name: `viaggio_${name}`, help, labelNames, registers })
  const histogram = (name: string, help: string, labelNames: string[] = []) =>
    new Histogram({ name: `viaggio_${name}`, help, labelNames, buckets: seconds, registers })
  const events = counter("events_total", "Events at the door by how they were answered", [
    "workspace",
    "answer",
  ])
  const appends = histogram("append_seconds", "Transactions of the door: events made durable")
  const batches = histogram("batch_seconds", "Transactions of the engine")
  const worked = counter("worked_total", "What the engine's batches brought", ["what"])
  const failures = counter("batch_failures_total", "Batches that failed and were tried again", ["code"])
  const tries = histogram("provider_seconds", "Tries with a provider", ["provider", "result"])
  return {
    registry,
    taken(workspace, { accepted, duplicates, rejected }) {
      if (accepted > 0) events.inc({ workspace, answer: "accepted" }, accepted)
      if (duplicates > 0) events.inc({ workspace, answer: "duplicate" }, duplicates)
      if (rejected > 0) events.inc({ workspace, answer: "rejected" }, rejected)
    },
    appended: ms => appends.observe(ms / 1_000),
    worked(ms, batch) {
      if (ms !== undefined) batches.observe(ms / 1_000)
      if (batch.events > 0) worked.inc({ what: "events" }, batch.events)
      if (batch.steps > 0) worked.inc({ what: "steps" }, batch.steps)
      if (batch.messages > 0) worked.inc({ what: "messages" }, batch.messages)
    },
    failed: code => failures.inc({ code: code ?? "none" }),
    tried: (provider, result, ms) => tries.observe({ provider, result }, ms / 1_000),
  }
}
