import type { Db } from "../db/client.ts"
import type { Programs } from "../engine/programs.ts"
import type { Arrival } from "../ingest/door.ts"
import type { Ports } from "../ports.ts"
import { createResources } from "../resources/resources.ts"
import * as store from "./dispatch-store.ts"
import { type EffectHandlers, RefusedReason, type SendContext, type SendingWorkspace } from "./handler.ts"
import { createHealth } from "./health.ts"
import { createProviderQueue, type Held, type ProviderQueue } from "./provider-queue.ts"
import type { SentJournal } from "./sent-journal.ts"
import { CLAIM_SECONDS, createSettler, MARGIN_MS } from "./settler.ts"

const POLL_MS = 1_000
/** How often the outbox is asked which providers have something waiting. */
const LOOK_MS = 200
/** How long a stop waits for what is being sent. */
const STOP_MS = 25_000
const NOTE_MS = 3_000
const WAIT_MS = 5

/** What everything in a sandbox goes to. */
export const SANDBOX_PROVIDER = "mailbox"
const SANDBOX_AT_ONCE = 1_000

export type Dispatcher = {
  start(): void
  stop(): Promise<void>
  /** There may be new messages. */
  wake(): void
  /** Sends until nothing of this test clock is open. Answers how many events came of it. */
  drain(clock: number): Promise<number>
}

export type DispatcherDeps = {
  db: Db
  ports: Ports
  programs: Programs
  handlers: EffectHandlers
  ownedBuckets(): number[]
  /** Takes in what the customers' logs are to have. */
  append(arrivals: readonly Arrival[]): Promise<unknown>
  onSettled(versions: Set<number>): void
  /** What leaves is noted there before; absent: in the database alone. */
  journal?: SentJournal
  /** A try with a provider has ended so. */
  onTried?(provider: string, result: string, ms: number): void
  log: { error(error: unknown, text: string): void }
}

/**
 * Takes effects from the outbox for as long as their provider has room, hands each to the handler of its channel
 * and notes how it ended. Every provider has a queue of its own, so a slow one holds up no other.
 */
export const createDispatcher = (deps: DispatcherDeps): Dispatcher => {
  const { db, ports, handlers } = deps
  const resources = createResources({ db })
  const health = createHealth(deps)
  const settler = createSettler({
    ...deps,
    append: deps.append,
    onSettled: versions => {
      deps.onSettled(versions)
      progress()
    },
  })
  const queues = new Map<string, ProviderQueue>()
  /** Providers whose last claim brought as many as were asked for. */
  const mayHaveMore = new Set<string>()
  let lookedAt = Number.NEGATIVE_INFINITY
  let filling: Promise<void> | undefined
  let again = false
  let stopping = false
  let timer: NodeJS.Timeout | undefined
  let onProgress: (() => void) | undefined

  const progress = () => onProgress?.()

  const queueOf = (provider: string, channel: number): ProviderQueue => {
    const known = queues.get(provider)
    if (known !== undefined) return known
    const handler = handlers.get(channel)
    const queue = createProviderQueue({
      provider,
      atOnce: provider === SANDBOX_PROVIDER ? SANDBOX_AT_ONCE : (handler?.atOnce(provider) ?? 1),
      perSecond: provider === SANDBOX_PROVIDER ? undefined : handler?.perSecond?.(provider),
      ports,
      resources,
      turn: settler.turn,
      send,
      onRoom: () => {
        if (mayHaveMore.has(provider)) wake()
      },
      log: deps.log,
    })
    queues.set(provider, queue)
    return queue
  }

  const send = async (held: Held) => {
    const began = ports.monotonicMs()
    const result = await handlers.get(held.row.channel)!.send(held.row, held.context)
    const ms = ports.monotonicMs() - began
    health.ended(held.provider, held.row.workspace_id, result, ms)
    deps.onTried?.(held.provider, result.kind, ms)
    return result
  }

  /** Providers to claim for, each with how many it would take from one bucket. */
  const wanted = async (buckets: number[]): Promise<{ provider: string; share: number }[]> => {
    const names = new Set(queues.keys())
    if (ports.monotonicMs() - lookedAt >= LOOK_MS) {
      lookedAt = ports.monotonicMs()
      for (const { provider } of await store.findProviders(db, { buckets })) names.add(provider)
    }
    return [...names].flatMap(provider => {
      const room = queues.get(provider)?.room() ?? buckets.length
      if (room === 0) mayHaveMore.add(provider)
      return room === 0 ? [] : [{ provider, share: Math.ceil(room / buckets.length) }]
    })
  }

  /** Answers whether some provider had as many as were asked for, and so may have more. */
  const claimOnce = async (): Promise<boolean> => {
    const buckets = deps.ownedBuckets()
    if (buckets.length === 0) return false
    const claims = await wanted(buckets)
    if (claims.length === 0) return false
    const deadline = ports.monotonicMs() + CLAIM_SECONDS * 1_000 - MARGIN_MS
    const rows = await store.claimMessages(db, {
      buckets,
      providers: claims.map(c => c.provider),
      shares: claims.map(c => c.share),
      claim: ports.newId(),
      seconds: CLAIM_SECONDS,
    })
    const taken = rows.filter((row): row is Held["row"] => row.claim !== null)
    let isAnyFull = false
    for (const { provider, share } of claims) {
      const isFull = rows.filter(row => row.provider === provider).length >= share
      isAnyFull ||= isFull
      if (isFull) mayHaveMore.add(provider)
      else mayHaveMore.delete(provider)
    }
    if (taken.length > 0) await offer(taken, deadline)
    return isAnyFull
  }

  const offer = async (rows: readonly Held["row"][], deadline: number): Promise<void> => {
    const found = await store.readWorkspaces(db, { ids: [...new Set(rows.map(r => r.workspace_id))] })
    const workspaces = new Map(found.map(w => [w.id, w]))
    const programs = await deps.programs.get(rows.map(row => row.version_id))
    const offers = new Map<string, Held[]>()
    const overtaken: Held[] = []
    for (const row of rows) {
      const workspace = workspaces.get(row.workspace_id)
      const handler = handlers.get(row.channel)
      // A channel that only a newer release knows waits for it.
      if (workspace === undefined || handler === undefined) continue
      const provider = row.clock === 0 ? handler.providerOf(row, workspace) : SANDBOX_PROVIDER
      const context: SendContext = { workspace, published: programs.get(row.version_id), deadline }
      const held = { row, provider, context }
      if (row.in_doubt) health.doubted(provider)
      if (row.in_doubt && ratherNot(workspace)) overtaken.push(held)
      else offers.set(provider, [...(offers.get(provider) ?? []), held])
    }
    for (const [provider, held] of offers) queueOf(provider, held[0]!.row.channel).offer(held)
    if (overtaken.length > 0)
      await settler.turn(
        overtaken.map(held => ({ held, result: inDoubt, ms: 0 })),
        [],
      )
  }

  const fill = async (): Promise<void> => {
    do {
      again = false
      while (!stopping && (await claimOnce()));
    } while (again && !stopping)
  }

  function wake(): void {
    if (stopping) return
    again = true
    filling ??= fill()
      .catch(error => deps.log.error(error, "messages could not be claimed and wait"))
      .finally(() => {
        filling = undefined
      })
  }

  return {
    wake,
    start() {
      health.start(() =>
        [...queues.values()].map(queue => ({
          provider: queue.provider,
          circuit: queue.circuit().state(),
          waiting: queue.waiting(),
        })),
      )
      timer = setInterval(wake, POLL_MS)
      timer.unref()
      wake()
    },
    async stop() {
      stopping = true
      clearInterval(timer)
      await filling
      const quiet = Promise.all([...queues.values()].map(queue => queue.stop()))
      await within(STOP_MS, quiet)
      for (const handler of handlers.values()) handler.close?.()
      // What was cut off says so at once, and is noted.
      await within(NOTE_MS, quiet)
      await health.stop()
      await deps.journal?.close()
    },
    async drain(clock) {
      const before = settler.eventsOf(clock)
      for (;;) {
        const [row] = await store.findOpen(db, { buckets: deps.ownedBuckets(), clock })
        if (row?.open !== true || stopping) return settler.eventsOf(clock) - before
        const moved = new Promise<void>(resolve => {
          onProgress = resolve
        })
        wake()
        await Promise.race([moved, ports.sleep(WAIT_MS)])
      }
    },
  }
}

/** Waits for a task, but not for ever. */
const within = (ms: number, task: Promise<unknown>): Promise<void> =>
  new Promise(resolve => {
    const timer = setTimeout(resolve, ms)
    const end = () => {
      clearTimeout(timer)
      resolve()
    }
    task.then(end, end)
  })

const ratherNot = (workspace: SendingWorkspace): boolean => workspace.settings.inDoubt === "rather-not"

const inDoubt = {
  kind: "refused",
  reason: RefusedReason.inDoubt,
  error: "A process ended while it was sending this message, so it may have left already.",
} as const
