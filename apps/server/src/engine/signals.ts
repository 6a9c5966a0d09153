import { connect } from "../db/connect.ts"

const CHANNEL = "viaggio"
/** At most 20 signals a second leave a process. */
const PAUSE_MS = 50
/** A longer list is not worth its bytes: the others look at everything. */
const MOST_NAMED = 400

/**
 * What changed: buckets with new work, versions with new numbers, the definitions, advances of test clocks, who
 * works what.
 */
export type Signal = {
  buckets: number[]
  versions: number[]
  defined: boolean
  advances: boolean
  leases: boolean
}

export type Signals = {
  start(): Promise<void>
  stop(): Promise<void>
  publish(signal: Partial<Signal>): void
}

/**
 * Tells the other processes what changed, after the commit and on a connection of its own (a NOTIFY inside
 * working transactions costs seven eighths of their speed). Signals only hasten; whoever misses one still looks
 * by itself.
 */
export const createSignals = (deps: {
  databaseUrl: string
  origin: string
  monotonicMs(): number
  onSignal(signal: Signal): void
  log: { error(error: unknown, text: string): void }
}): Signals => {
  let sender: ReturnType<typeof connect> | undefined
  let receiver: ReturnType<typeof connect> | undefined
  let timer: NodeJS.Timeout | undefined
  const buckets = new Set<number>()
  const versions = new Set<number>()
  const flags = { defined: false, advances: false, leases: false }
  let flushedAt = Number.NEGATIVE_INFINITY

  const flush = async () => {
    timer = undefined
    flushedAt = deps.monotonicMs()
    const signal = {
      from: deps.origin,
      buckets: [...buckets],
      versions: versions.size > MOST_NAMED ? [] : [...versions],
      ...flags,
    }
    buckets.clear()
    versions.clear()
    Object.assign(flags, { defined: false, advances: false, leases: false })
    await sender
      ?.notify(CHANNEL, JSON.stringify(signal))
      .catch(error => deps.log.error(error, "a signal could not be sent"))
  }

  return {
    async start() {
      sender = connect(deps.databaseUrl, {
        max: 1,
        connection: { application_name: "viaggio signals", synchronous_commit: "off" },
      })
      receiver = connect(deps.databaseUrl, { max: 1, connection: { application_name: "viaggio listener" } })
      await receiver.listen(CHANNEL, payload => {
        const signal = JSON.parse(payload) as Signal & { from: string }
        if (signal.from !== deps.origin) deps.onSignal(signal)
      })
    },
    async stop() {
      clearTimeout(timer)
      if (timer !== undefined) await flush()
      await Promise.all([sender?.end({ timeout: 2 }), receiver?.end({ timeout: 2 })])
      sender = undefined
    },
    publish(signal) {
      for (const bucket of signal.buckets ?? []) buckets.add(bucket)
      for (const version of signal.versions ?? []) versions.add(version)
      for (const flag of ["defined", "advances", "leases"] as const) flags[flag] ||= signal[flag] === true
      timer ??= setTimeout(flush, Math.max(0, flushedAt + PAUSE_MS - deps.monotonicMs()))
    },
  }
}
