import { connect } from "../db/connect.ts"

const CHANNEL = "viaggio"
/** At most 20 signals a second leave a process. */
const PAUSE_MS = 50
/** A longer list is not worth its bytes: the others look at everything. */
const MOST_NAMED = 400

/** What changed: buckets with new work, versions with new numbers, the definitions. */
export type Signal = { buckets: number[]; versions: number[]; defined: boolean }

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
  onSignal(signal: Signal): void
  log: { error(error: unknown, text: string): void }
}): Signals => {
  let sender: ReturnType<typeof connect> | undefined
  let receiver: ReturnType<typeof connect> | undefined
  let timer: NodeJS.Timeout | undefined
  const buckets = new Set<number>()
  const versions = new Set<number>()
  let defined = false

  const flush = () => {
    timer = undefined
    const signal = {
      from: deps.origin,
      buckets: [...buckets],
      versions: versions.size > MOST_NAMED ? [] : [...versions],
      defined,
    }
    buckets.clear()
    versions.clear()
    defined = false
    sender
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
      await Promise.all([sender?.end({ timeout: 2 }), receiver?.end({ timeout: 2 })])
      sender = undefined
    },
    publish(signal) {
      for (const bucket of signal.buckets ?? []) buckets.add(bucket)
      for (const version of signal.versions ?? []) versions.add(version)
      defined ||= signal.defined === true
      timer ??= setTimeout(flush, PAUSE_MS)
    },
  }
}
