import { Gauge, type Registry } from "prom-client"
import type { Db } from "../db/client.ts"
import { readWaiting } from "./gauges-store.ts"

/** Registers what waits in the database, and hands back how to read it anew, which a scrape does first. */
export function registerGauges(registry: Registry, db: Db): () => Promise<void> {
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name: `viaggio_${name}`, help, labelNames, registers: [registry] })
  const events = gauge("events_waiting", "Events that were taken in and not worked yet", ["bucket"])
  const timers = gauge("timers_due", "Timers on the real clock that should have run, at most 100000")
  const messages = gauge("messages_waiting", "Messages neither sent nor refused, at most 100000")
  const ownerless = gauge("buckets_without_owner", "Buckets that no living process works")
  const aside = gauge(
    "customers_set_aside",
    "Customers whom the engine could not work; their events are kept",
  )
  const differences = gauge(
    "counter_differences",
    "Counters that differed from what they count at the last check",
  )
  const age = gauge("counter_check_age_seconds", "Since the last check of the counters; it is hourly")
  return async () => {
    const waiting = await readWaiting(db)
    events.reset()
    for (const { bucket, count } of waiting.events) events.set({ bucket }, count)
    timers.set(waiting.dueTimers)
    messages.set(waiting.messages)
    ownerless.set(waiting.ownerless)
    aside.set(waiting.setAside)
    if (waiting.counters === undefined) return
    differences.set(waiting.counters.differences)
    age.set(waiting.counters.age)
  }
}
