import { connect } from "../db/connect.ts"

const CHANNEL = "viaggio"
/** At most 20 signals a second leave a process. */
const PAUSE_MS = 50
/** A longer list is not worth its bytes: the others look at everything. */
const MOST_NAMED = 400
/** How often a process listens for a signal of its own, and how long one may be under way. */
const BEAT_MS = 5_000
const UNHEARD_MS = 3_000

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
  /** Whether signals arrive: this process hears its own. Where not, polling goes on without them. */
  isListening(): boolean
}

/**
 * Tells the other processes what changed, after the commit and on a connection of its own (a NOTIFY inside
 * working transactions costs seven eighths of their speed). Signals only hasten; whoever misses one still looks
 * by itself.
 */
export const createSignals = (deps: {
  databaseUrl: string
  /** A pooler refuses the setting that makes a signal cheap, and hears nothing; the polls do without. */
  pooled: boolean
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
  let beat: NodeJS.Timeout | undefined
  /** Since when none of our own signals has come back. */
  let unheardSince: number | undefined

  const flush = async () => {
    timer = undefined
    flushedAt = deps.monotonicMs()
    unheardSince ??= flushedAt
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

  const isListening = () => unheardSince === undefined || deps.monotonicMs() - unheardSince < UNHEARD_MS

  const take = (payload: string) => {
    const signal = JSON.parse(payload) as Signal & { from: string }
    if (signal.from === deps.origin) unheardSince = undefined
    else deps.onSignal(signal)
  }

  const listen = async () => {
    const before = receiver
    receiver = connect(deps.databaseUrl, { max: 1, connection: { application_name: "viaggio listener" } })
    await before?.end({ timeout: 1 })
    await receiver.listen(CHANNEL, take)
  }

  const publish: Signals["publish"] = signal => {
    for (const bucket of signal.buckets ?? []) buckets.add(bucket)
    for (const version of signal.versions ?? []) versions.add(version)
    for (const flag of ["defined", "advances", "leases"] as const) flags[flag] ||= signal[flag] === true
    timer ??= setTimeout(flush, Math.max(0, flushedAt + PAUSE_MS - deps.monotonicMs()))
  }

  return {
    async start() {
      sender = connect(deps.databaseUrl, {
        max: 1,
        connection: {
          application_name: "viaggio signals",
          ...(deps.pooled ? {} : { synchronous_commit: "off" }),
        },
      })
      await listen()
      // The driver listens anew only once after a connection is lost, which is too early while the database is away.
      beat = setInterval(() => {
        if (isListening()) publish({})
        else
          listen().then(
            () => publish({}),
            error => deps.log.error(error, "signals of other processes do not arrive"),
          )
      }, BEAT_MS)
      beat.unref()
    },
    async stop() {
      clearInterval(beat)
      clearTimeout(timer)
      if (timer !== undefined) await flush()
      await Promise.all([sender?.end({ timeout: 2 }), receiver?.end({ timeout: 2 })])
      sender = undefined
    },
    publish,
    isListening,
  }
}
