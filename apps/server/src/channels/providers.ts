import { formatInstant } from "@viaggio/journey-model"
import type { ProviderItem, ProvidersService } from "../answers.ts"
import type { Db } from "../db/client.ts"
import type { CircuitState } from "../effects/circuit.ts"
import { emptyLatency, latencyAt } from "../effects/latency.ts"
import * as store from "./provider-store.ts"

const worse: Record<CircuitState, number> = { closed: 0, "half-open": 1, open: 2 }

/** How those do that messages are handed to. */
export const createProviders = (deps: { db: Db }): ProvidersService => ({
  async list(workspace) {
    const [providers, rows] = await Promise.all([
      store.readProviders(deps.db, { workspace: workspace.id }),
      store.readHealth(deps.db, { workspace: workspace.id }),
    ])
    return providers.map(({ provider, per_second, queued }) => ({
      provider,
      queued,
      ...(per_second === null ? {} : { perSecond: per_second }),
      ...healthOf(rows.filter(row => row.provider === provider)),
    }))
  },
})

const healthOf = (
  rows: readonly store.HealthRow[],
): Omit<ProviderItem, "provider" | "queued" | "perSecond"> => {
  const minutes = [...new Set(rows.map(row => row.minute))]
  const last = rows
    .filter(row => row.last_error_at !== null)
    .sort((a, b) => b.last_error_at! - a.last_error_at!)[0]
  const now = rows.filter(row => row.is_now).map(row => row.circuit as CircuitState)
  return {
    circuit: now.reduce<CircuitState>((a, b) => (worse[b] > worse[a] ? b : a), "closed"),
    ...sumOf(rows),
    inDoubt: rows.reduce((sum, row) => sum + row.in_doubt, 0),
    ...(last === undefined
      ? {}
      : { lastError: last.last_error!, lastErrorAt: formatInstant(last.last_error_at!) }),
    minutes: minutes.map(minute => ({
      at: formatInstant(minute),
      ...sumOf(rows.filter(row => row.minute === minute)),
    })),
  }
}

const sumOf = (rows: readonly store.HealthRow[]) => {
  const latency = emptyLatency()
  const errors: Record<string, number> = {}
  const sum = { sent: 0, refused: 0, later: 0 }
  for (const row of rows) {
    sum.sent += row.sent
    sum.refused += row.refused
    sum.later += row.later
    for (const [slot, n] of row.latency.entries()) latency[slot] = (latency[slot] ?? 0) + n
    for (const [name, n] of Object.entries(row.errors)) errors[name] = (errors[name] ?? 0) + n
  }
  const p50 = latencyAt(latency, 0.5)
  const p95 = latencyAt(latency, 0.95)
  return {
    ...sum,
    errors,
    ...(p50 === undefined ? {} : { latencyP50Ms: p50 }),
    ...(p95 === undefined ? {} : { latencyP95Ms: p95 }),
  }
}
