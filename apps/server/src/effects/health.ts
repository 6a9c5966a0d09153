import type { Db } from "../db/client.ts"
import type { Ports } from "../ports.ts"
import type { CircuitState } from "./circuit.ts"
import type { ErrorClass, SendResult } from "./handler.ts"
import * as store from "./health-store.ts"
import { addLatency, emptyLatency } from "./latency.ts"

const MINUTE_MS = 60_000
const SAVE_MS = 5_000
const DAY_MS = 24 * 60 * MINUTE_MS

type Minute = {
  sent: number
  refused: number
  later: number
  inDoubt: number
  errors: { [K in ErrorClass]?: number }
  latency: number[]
  lastError?: { text: string; at: number }
}

/** How a provider stands at this moment. */
export type ProviderNow = { provider: string; circuit: CircuitState; waiting: number }

export type Health = {
  /** A send ended after `ms`. */
  ended(provider: string, workspace: number, result: SendResult, ms: number): void
  /** A message was found that may have left before. */
  doubted(provider: string): void
  start(now: () => readonly ProviderNow[]): void
  stop(): Promise<void>
}

const emptyMinute = (): Minute => ({
  sent: 0,
  refused: 0,
  later: 0,
  inDoubt: 0,
  errors: {},
  latency: emptyLatency(),
})

const classOf = (result: Extract<SendResult, { kind: "refused" | "later" }>): ErrorClass =>
  result.class ?? (result.kind === "refused" ? "permanent" : "temporary")

/** Notes per minute how providers do, and writes it every few seconds. */
export const createHealth = (deps: {
  db: Db
  ports: Ports
  log: { error(error: unknown, text: string): void }
}): Health => {
  const { db, ports } = deps
  const id = ports.newId()
  const known = new Set<string>()
  const users: { provider: string; workspace: number }[] = []
  let minutes = new Map<string, Minute>()
  let minuteAt = 0
  let timer: NodeJS.Timeout | undefined
  let saving: Promise<void> = Promise.resolve()
  let droppedAt = Number.NEGATIVE_INFINITY
  let readNow: () => readonly ProviderNow[] = () => []

  const minuteOf = (provider: string): Minute => {
    const minute = minutes.get(provider) ?? emptyMinute()
    minutes.set(provider, minute)
    return minute
  }

  const save = async (): Promise<void> => {
    const at = Math.floor(ports.now() / MINUTE_MS) * MINUTE_MS
    if (minuteAt === 0) minuteAt = at
    const writtenAt = minuteAt
    const now = new Map(readNow().map(p => [p.provider, p]))
    for (const { provider, circuit, waiting } of now.values())
      if (circuit !== "closed" || waiting > 0) minuteOf(provider)
    const rows = [...minutes]
    if (at !== minuteAt) {
      // What was counted up to now still belongs to the minute before.
      minutes = new Map()
      minuteAt = at
    }
    if (rows.length > 0)
      await store.saveHealth(db, {
        process: id,
        minute: new Date(writtenAt).toISOString(),
        providers: rows.map(([provider]) => provider),
        sent: rows.map(([, m]) => m.sent),
        refused: rows.map(([, m]) => m.refused),
        later: rows.map(([, m]) => m.later),
        doubts: rows.map(([, m]) => m.inDoubt),
        errors: rows.map(([, m]) => JSON.stringify(m.errors)),
        latencies: rows.map(([, m]) => `{${m.latency.join(",")}}`),
        circuits: rows.map(([provider]) => now.get(provider)?.circuit ?? "closed"),
        waiting: rows.map(([provider]) => now.get(provider)?.waiting ?? 0),
        last_errors: rows.map(([, m]) => m.lastError?.text ?? null),
        last_at: rows.map(([, m]) =>
          m.lastError === undefined ? null : new Date(m.lastError.at).toISOString(),
        ),
      })
    if (users.length > 0) {
      const written = users.length
      await store.saveUsers(db, {
        providers: users.map(u => u.provider),
        workspaces: users.map(u => u.workspace),
      })
      users.splice(0, written)
    }
    if (ports.monotonicMs() - droppedAt < DAY_MS) return
    droppedAt = ports.monotonicMs()
    await store.dropOldHealth(db, {})
  }

  const saveSoon = () => {
    saving = saving
      .then(save)
      .catch(error => deps.log.error(error, "the figures of providers could not be written"))
    return saving
  }

  return {
    ended(provider, workspace, result, ms) {
      if (result.kind === "not tried") return
      const minute = minuteOf(provider)
      minute[result.kind] += 1
      addLatency(minute.latency, ms)
      if (result.kind !== "sent") {
        const name = classOf(result)
        minute.errors[name] = (minute.errors[name] ?? 0) + 1
        minute.lastError = { text: result.error, at: ports.now() }
      }
      const user = `${workspace}:${provider}`
      if (known.has(user)) return
      known.add(user)
      users.push({ provider, workspace })
    },
    doubted(provider) {
      minuteOf(provider).inDoubt += 1
    },
    start(now) {
      readNow = now
      timer = setInterval(saveSoon, SAVE_MS)
      timer.unref()
    },
    async stop() {
      clearInterval(timer)
      timer = undefined
      await saveSoon()
    },
  }
}
