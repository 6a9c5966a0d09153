import type { EpochMs } from "@viaggio/journey-model"
import { Gauge, type Registry } from "prom-client"
import type { SentJournal } from "../effects/sent-journal.ts"
import type { Ports } from "../ports.ts"
import type { Pulse } from "./pulse.ts"

/** What a scrape shows of the pulse: each of its rows becomes a sample. */
type Sample = { labels?: Record<string, string | number>; value: number }
type Definition = { name: string; help: string; labels?: string[]; of(pulse: Pulse, now: number): Sample[] }

const one = (value: number): Sample[] => [{ value }]
const yes = (is: boolean): number => (is ? 1 : 0)

const definitions: Definition[] = [
  {
    name: "bucket_lag_events",
    help: "Events that were taken in and not worked yet",
    labels: ["bucket"],
    of: ({ buckets }) => buckets.map(b => ({ labels: { bucket: b.bucket }, value: b.events })),
  },
  {
    name: "bucket_lag_seconds",
    help: "For how long the first of them waits",
    labels: ["bucket"],
    of: ({ buckets }) =>
      buckets.map(b => ({ labels: { bucket: b.bucket }, value: (b.waiting_ms ?? 0) / 1_000 })),
  },
  {
    name: "workspace_lag_events",
    help: "Events that were taken in and not worked yet, at most 10000 of a bucket",
    labels: ["workspace"],
    of: ({ workspaces, lag }) =>
      workspaces.map(({ id }) => ({
        labels: { workspace: id },
        value: lag.find(row => row.workspace_id === id)?.events ?? 0,
      })),
  },
  {
    name: "workspace_info",
    help: "The id by which the API knows a workspace",
    labels: ["workspace", "id"],
    of: ({ workspaces }) =>
      workspaces.map(({ id, public_id }) => ({ labels: { workspace: id, id: public_id }, value: 1 })),
  },
  {
    name: "bucket_epoch",
    help: "One more each time that a bucket changes its worker",
    labels: ["bucket"],
    of: ({ buckets }) => buckets.map(b => ({ labels: { bucket: b.bucket }, value: b.epoch })),
  },
  {
    name: "buckets_without_owner",
    help: "Buckets that no living process works",
    of: ({ buckets }) => one(buckets.filter(b => b.owner === null).length),
  },
  {
    name: "worker_buckets",
    help: "Buckets of a worker that lives",
    labels: ["worker", "release"],
    of: ({ buckets, workers }) =>
      workers
        .filter(w => w.alive)
        .map(w => ({
          labels: { worker: w.owner, release: w.release },
          value: buckets.filter(b => b.owner === w.owner).length,
        })),
  },
  {
    name: "timers_due",
    help: "Waits on the real clock that have ended and were not run, at most 10000 of a bucket",
    of: ({ buckets }) => one(buckets.reduce((sum, b) => sum + b.timers, 0)),
  },
  {
    name: "timers_late_seconds",
    help: "For how long the first of them is due",
    of: ({ buckets }) => one(Math.max(0, ...buckets.map(b => b.late_ms ?? 0)) / 1_000),
  },
  {
    name: "outbox_messages",
    help: "Messages on their way, at most 10000 of a bucket",
    labels: ["provider", "state"],
    of: ({ outbox }) =>
      outbox.map(row => ({
        labels: { provider: row.provider, state: row.state === 1 ? "sending" : "queued" },
        value: row.messages,
      })),
  },
  {
    name: "outbox_oldest_seconds",
    help: "For how long the oldest of them is on its way",
    labels: ["provider", "state"],
    of: ({ outbox }) =>
      outbox.map(row => ({
        labels: { provider: row.provider, state: row.state === 1 ? "sending" : "queued" },
        value: row.oldest_ms / 1_000,
      })),
  },
  {
    name: "provider_circuit_open",
    help: "1 while nothing is sent to a provider because it failed again and again, 0.5 while it is tried",
    labels: ["provider"],
    of: ({ providers }) =>
      providers.map(({ provider, circuit }) => ({
        labels: { provider },
        value: circuit === "open" ? 1 : circuit === "half-open" ? 0.5 : 0,
      })),
  },
  {
    name: "provider_last_hour",
    help: "Tries of all processes in the last hour by how they ended",
    labels: ["provider", "result"],
    of: ({ providers }) =>
      providers.flatMap(({ provider, ...counts }) =>
        (["sent", "refused", "later"] as const).map(result => ({
          labels: { provider, result },
          value: counts[result],
        })),
      ),
  },
  {
    name: "customers_set_aside",
    help: "Customers whom the engine could not work; their events are kept",
    of: ({ rest }) => one(rest.stuck),
  },
  {
    name: "dead_letters",
    help: "Messages that were refused for good and not sent again",
    of: ({ rest }) => one(rest.dead_letters),
  },
  {
    name: "counter_differences",
    help: "Counters that differed from what they count at the last check",
    of: ({ rest }) => (rest.checked_at === null ? [] : one(rest.differences)),
  },
  {
    name: "counter_check_age_seconds",
    help: "Since the last check of the counters; it is hourly",
    of: ({ rest }, now) => (rest.checked_at === null ? [] : one((now - rest.checked_at) / 1_000)),
  },
  { name: "mail_between_buckets", help: "Mail between buckets under way", of: ({ rest }) => one(rest.mail) },
  { name: "merges_open", help: "Merges of people that are not done", of: ({ rest }) => one(rest.merges) },
  {
    name: "default_partition_used",
    help: "1 where rows of a table found no partition",
    labels: ["table"],
    of: ({ rest }) =>
      ["events", "steps", "seen"].map(table => ({
        labels: { table },
        value: yes(rest.default_rows.includes(table)),
      })),
  },
  {
    name: "held",
    help: "1 while a restored database waits for its operator",
    of: ({ rest }) => one(yes(rest.held)),
  },
  {
    name: "database_connections",
    help: "Connections of all processes by pool and state",
    labels: ["pool", "state"],
    of: ({ connections }) =>
      connections.map(({ name, state, connections: value }) => ({
        labels: { pool: name.replace(/^viaggio /, ""), state },
        value,
      })),
  },
]

/** What only this process knows of itself. */
export type Own = {
  isListening(): boolean
  eventsWaiting(): number
  failing(): { since: EpochMs; error: string }[]
  journal: Pick<SentJournal, "trouble"> | undefined
}

/** Registers what is read when somebody asks, and hands back how to read it anew, which a scrape does first. */
export function registerGauges(
  registry: Registry,
  deps: { pulse: () => Promise<Pulse>; ports: Pick<Ports, "now">; own: Own },
): () => Promise<void> {
  const registers = [registry]
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name: `viaggio_${name}`, help, labelNames, registers })
  const gauges = definitions.map(definition => ({
    definition,
    gauge: gauge(definition.name, definition.help, definition.labels),
  }))
  const up = gauge("database_up", "1 where the database has answered this scrape")
  const listening = gauge(
    "listening",
    "1 while signals of other processes arrive; without them polling goes on",
  )
  const waiting = gauge(
    "append_waiting_events",
    "Events in the memory of this process that are not durable yet",
  )
  const journal = gauge(
    "sent_journal_failing",
    "1 while nothing can be noted as sent, and so nothing is sent",
  )
  return async () => {
    listening.set(yes(deps.own.isListening()))
    waiting.set(deps.own.eventsWaiting())
    journal.set(yes(deps.own.journal?.trouble() !== undefined))
    // What cannot be read is not shown as it was.
    for (const { definition, gauge } of gauges) {
      gauge.reset()
      // One without labels would be 0 otherwise.
      if (definition.labels === undefined) gauge.remove()
    }
    up.set(0)
    const pulse = await deps.pulse()
    up.set(1)
    for (const { definition, gauge } of gauges)
      for (const { labels, value } of definition.of(pulse, deps.ports.now())) gauge.set(labels ?? {}, value)
  }
}
