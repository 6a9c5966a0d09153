import { type EpochMs, formatInstant } from "@viaggio/journey-model"
import type { ProviderItem, ProvidersService, StuckItem, StuckService } from "../answers.ts"
import type { Db } from "../db/client.ts"
import type { Ports } from "../ports.ts"
import type { Workspace } from "../workspaces/workspace.ts"
import type { Own } from "./gauges.ts"
import type { Hold, HoldService } from "./hold.ts"
import type { Pulse } from "./pulse.ts"
import { countDeadLetters } from "./pulse-store.ts"

/** Less than this is the ordinary course of things. */
const BEHIND_MS = 5_000
const OUTBOX_MS = 60_000
const CHECK_MS = 3 * 3_600_000

/** What is wrong or behind, for a screen to put into words: how much, since when, and what else it names. */
export type StatusProblem =
  | { kind: "held"; since: string }
  | { kind: "no-workers" }
  | { kind: "ownerless"; buckets: number }
  | { kind: "batches-failing"; buckets: number; since: string; error: string }
  | { kind: "events-behind"; events: number; since: string }
  | { kind: "timers-late"; timers: number; since: string }
  | { kind: "provider-open"; provider: string; queued: number; since?: string; error?: string }
  | { kind: "outbox-behind"; provider: string; queued: number; since: string; error?: string }
  | { kind: "journal-failing"; since: string; error: string }
  | { kind: "set-aside"; customers: number; since: string }
  | { kind: "counters-differ"; differences: number; since: string }
  | { kind: "counters-unchecked"; since: string }
  | { kind: "default-partition"; tables: string[] }
  | { kind: "not-listening" }

/** `oldestAt`: since when the oldest message of all workspaces waits for this provider. */
export type StatusProvider = Omit<ProviderItem, "minutes" | "errors"> & { oldestAt?: string }

export type Status = {
  at: string
  /** The worst first; none: all is well. */
  problems: StatusProblem[]
  hold?: Hold
  /** Living processes that work. `buckets`: how many of all buckets each has. */
  workers: { id: string; release: string; startedAt: string; buckets: number }[]
  buckets: { owned: number; all: number }
  /** Events of all workspaces, and of this one, that were taken in and not worked. */
  events: { behind: number; own: number; since?: string }
  timers: { due: number; since?: string }
  providers: StatusProvider[]
  setAside: StuckItem[]
  deadLetters: number
  merging: { merges: number; mail: number }
  counters?: { at: string; differences: number }
}

/** An error of the database may repeat what it was given. */
const withoutData = (text: string): string =>
  withoutAddresses(text.split("\n")[0]!.replace(/["'`].*["'`]/, "…"))

/** An address of a customer may stand in what a provider says. */
const withoutAddresses = (text: string): string => text.replace(/[^\s<>"'(),;:]+@[^\s<>"'(),;:]+/g, "…")

/** What is behind in an installation, since when and why, as a person of one workspace may see it. */
export const createStatus = (deps: {
  db: Db
  ports: Ports
  pulse: () => Promise<Pulse>
  own: Own
  hold: HoldService
  stuck: StuckService
  providers: ProvidersService
}) => ({
  async get(workspace: Workspace): Promise<Status> {
    const [pulse, hold, setAside, found, [letters]] = await Promise.all([
      deps.pulse(),
      deps.hold.get(workspace),
      deps.stuck.list(workspace),
      deps.providers.list(workspace),
      countDeadLetters(deps.db, { workspace: workspace.id }),
    ])
    const now = deps.ports.now()
    const ago = (ms: number | null | undefined): string | undefined =>
      ms == null ? undefined : formatInstant(now - Math.max(0, Math.round(ms)))
    const providers = found.map(provider => providerOf(provider, pulse, ago))
    const behind = worstOf(pulse.buckets.map(b => b.waiting_ms))
    const late = worstOf(pulse.buckets.map(b => b.late_ms))
    const status = {
      at: formatInstant(now),
      workers: pulse.workers
        .filter(worker => worker.alive)
        .map(({ owner, release, started_at }) => ({
          id: Number(BigInt(owner) % 46_656n)
            .toString(36)
            .padStart(3, "0"),
          release,
          startedAt: formatInstant(started_at),
          buckets: pulse.buckets.filter(b => b.owner === owner).length,
        })),
      buckets: {
        owned: pulse.buckets.filter(b => b.owner !== null).length,
        all: pulse.buckets.length,
      },
      events: {
        behind: pulse.buckets.reduce((sum, b) => sum + b.events, 0),
        own: pulse.lag.find(row => row.workspace_id === workspace.id)?.events ?? 0,
        ...sinceOf(ago(behind)),
      },
      timers: { due: pulse.buckets.reduce((sum, b) => sum + b.timers, 0), ...sinceOf(ago(late)) },
      providers,
      setAside,
      deadLetters: letters?.dead_letters ?? 0,
      merging: { merges: pulse.rest.merges, mail: pulse.rest.mail },
      ...(pulse.rest.checked_at === null
        ? {}
        : {
            counters: {
              at: formatInstant(pulse.rest.checked_at),
              differences: pulse.rest.differences,
            },
          }),
      ...(hold === undefined ? {} : { hold }),
    }
    return { ...status, problems: problemsOf(status, { behind, late, now, rest: pulse.rest, own: deps.own }) }
  },
})

const worstOf = (values: readonly (number | null)[]): number | undefined => {
  const present = values.filter(value => value !== null)
  return present.length === 0 ? undefined : Math.max(...present)
}

const sinceOf = (since: string | undefined) => (since === undefined ? {} : { since })

const providerOf = (
  { minutes: _, errors: __, lastError, ...provider }: ProviderItem,
  pulse: Pulse,
  ago: (ms: number | undefined) => string | undefined,
): StatusProvider => {
  const oldest = worstOf(
    pulse.outbox.filter(row => row.provider === provider.provider).map(row => row.oldest_ms),
  )
  const oldestAt = ago(oldest)
  return {
    ...provider,
    ...(lastError === undefined ? {} : { lastError: withoutAddresses(lastError) }),
    ...(oldestAt === undefined ? {} : { oldestAt }),
  }
}

const problemsOf = (
  status: Omit<Status, "problems">,
  facts: {
    behind: number | undefined
    late: number | undefined
    now: EpochMs
    rest: Pulse["rest"]
    own: Own
  },
): StatusProblem[] => {
  const { hold, workers, buckets, events, timers, counters } = status
  const problems: StatusProblem[] = []
  if (hold !== undefined) problems.push({ kind: "held", since: hold.since })
  if (workers.length === 0) problems.push({ kind: "no-workers" })
  else if (buckets.owned < buckets.all)
    problems.push({ kind: "ownerless", buckets: buckets.all - buckets.owned })
  const [failing, ...others] = facts.own.failing()
  if (failing !== undefined)
    problems.push({
      kind: "batches-failing",
      buckets: others.length + 1,
      since: formatInstant(failing.since),
      error: withoutData(failing.error),
    })
  const journal = facts.own.journal?.trouble()
  if (journal !== undefined)
    problems.push({ kind: "journal-failing", since: formatInstant(journal.since), error: journal.error })
  for (const provider of status.providers) problems.push(...providerProblems(provider, facts.now))
  if (hold === undefined) {
    if ((facts.behind ?? 0) > BEHIND_MS)
      problems.push({ kind: "events-behind", events: events.behind, since: events.since! })
    if ((facts.late ?? 0) > BEHIND_MS)
      problems.push({ kind: "timers-late", timers: timers.due, since: timers.since! })
  }
  const [longest] = status.setAside
  if (longest !== undefined)
    problems.push({ kind: "set-aside", customers: status.setAside.length, since: longest.since })
  if (counters !== undefined && counters.differences > 0)
    problems.push({ kind: "counters-differ", differences: counters.differences, since: counters.at })
  if (counters !== undefined && facts.now - facts.rest.checked_at! > CHECK_MS)
    problems.push({ kind: "counters-unchecked", since: counters.at })
  if (facts.rest.default_rows.length > 0)
    problems.push({ kind: "default-partition", tables: facts.rest.default_rows })
  if (!facts.own.isListening()) problems.push({ kind: "not-listening" })
  return problems
}

const providerProblems = (provider: StatusProvider, now: EpochMs): StatusProblem[] => {
  const { circuit, queued, lastError, oldestAt } = provider
  const named = { provider: provider.provider, queued }
  const error = lastError === undefined ? {} : { error: lastError }
  if (circuit !== "closed") {
    // Since when is known by the message that waits the longest.
    const since = queued === 0 || oldestAt === undefined ? {} : { since: oldestAt }
    return [{ kind: "provider-open", ...named, ...since, ...error }]
  }
  if (queued === 0 || oldestAt === undefined || now - Date.parse(oldestAt) < OUTBOX_MS) return []
  return [{ kind: "outbox-behind", ...named, since: oldestAt, ...error }]
}

export type StatusService = ReturnType<typeof createStatus>
