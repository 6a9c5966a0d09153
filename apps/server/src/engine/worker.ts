import type { Db } from "../db/client.ts"
import { connect } from "../db/connect.ts"
import { dropClaims } from "../effects/dispatch-store.ts"
import type { Ports } from "../ports.ts"
import {
  BATCH,
  type BatchDeps,
  type BatchResult,
  type Held,
  JobsFirst,
  LostLease,
  StaleCursor,
  type TimerChoice,
  workBatch,
} from "./batch.ts"
import { workCarefully } from "./careful.ts"
import { workJobs } from "./jobs.ts"
import { LEASE_SECONDS } from "./lease.ts"
import * as leases from "./lease-store.ts"
import { workAsked } from "./set-aside.ts"
import { askForOthersRelease } from "./set-aside-store.ts"
import { newSlot, type Slot } from "./slot.ts"
import { createTurnstile } from "./turnstile.ts"

const RENEW_MS = 3_000
/** Without a renewal for so long the worker stops by its own clock, before the lease ends. */
const TRUST_MS = 10_000
/** The safety net under the signals: events of other processes, and timers. */
const POLL_MS = 100
/** Batches at once; two cores gain nothing from more. */
export const CONCURRENT = 3
const RETRY_MS = 500
const BUCKETS = 32
/** While live events wait the bulk log has so many times less time than they. */
const BULK_PART = 3
/** Events of the bulk log in a batch: few enough that live ones do not wait long behind them. */
const BULK_BATCH = 500
const PARTITIONS_MS = 6 * 3_600_000

export type WorkerEvents = {
  /** `ms`: how long a batch took; absent for jobs and single customers. */
  onWorked(bucket: number, result: BatchResult, ms?: number): void
  /** A batch of a bucket failed and will be tried again. */
  onFailed?(bucket: number, error: unknown): void
  /** Somebody has something to take or to give. */
  onLeases(): void
  log: {
    warn(details: object, text: string): void
    error(error: unknown, text: string, details?: object): void
  }
}

export type Worker = {
  start(): Promise<void>
  /** Finishes the batches under way and hands the buckets over. */
  stop(): Promise<void>
  /** These buckets have something new. */
  wake(buckets: Iterable<number>): void
  /**
   * Runs the jobs of one bucket and then batches until nothing of the chosen timers is left, or until told not to
   * go on. The bucket's other work has its turn between two of them.
   */
  drain(
    bucket: number,
    timers: TimerChoice,
    mayGoOn: () => boolean,
  ): Promise<{ events: number; steps: number; messages: number }>
  /** The buckets that this worker may work at this moment. */
  owned(): number[]
  /** Runs a task between two batches of a bucket of ours; undefined where the bucket is not ours. */
  within<T>(bucket: number, task: (held: Held) => Promise<T>): Promise<T | undefined>
  /** Looks at once who works what: others have come, gone, or handed something over. */
  balance(): void
}

/**
 * One worker process: it leases buckets and works those that have something, one batch of a bucket at a time.
 */
export const createWorker = (
  deps: BatchDeps & { db: Db; databaseUrl: string; ports: Ports },
  events: WorkerEvents,
): Worker => {
  const owner = (BigInt(`0x${Buffer.from(deps.ports.randomBytes(7)).toString("hex")}`) + 1n).toString()
  const slots = new Map<number, Slot>()
  const ready: number[] = []
  const turnstile = createTurnstile()
  let active = 0
  let stopping = false
  let trustedUntil = 0
  let life: ReturnType<typeof connect> | undefined
  const timers = new Set<NodeJS.Timeout>()

  const schedule = (slot: Slot) => {
    slot.dirty = true
    if (slot.scheduled || stopping || deps.ports.monotonicMs() < slot.notBefore) return
    slot.scheduled = true
    ready.push(slot.bucket)
    pump()
  }

  const pump = () => {
    while (active < CONCURRENT && ready.length > 0) {
      const slot = slots.get(ready.shift()!)
      if (slot === undefined) continue
      active += 1
      void exclusive(slot, () => turn(slot)).finally(() => {
        active -= 1
        slot.scheduled = false
        if (slot.dirty && slots.get(slot.bucket) === slot) schedule(slot)
        pump()
      })
    }
  }

  /** One task of a bucket at a time, in the order asked for. */
  const exclusive = <T>(slot: Slot, task: () => Promise<T>): Promise<T> => {
    const result = slot.running.then(task)
    slot.running = result.catch(() => undefined)
    return result
  }

  const isTrusted = () => deps.ports.monotonicMs() <= trustedUntil

  const turn = async (slot: Slot): Promise<void> => {
    slot.dirty = false
    if (!isTrusted() || slots.get(slot.bucket) !== slot) return
    try {
      if (slot.asked) await tryAgain(slot)
      if (await runBoth(slot, { clock: 0 }).then(result => result.more)) slot.dirty = true
    } catch (error) {
      if (error instanceof LostLease) lose(slot)
      else {
        events.log.error(error, "a batch failed and will be tried again", { bucket: slot.bucket })
        events.onFailed?.(slot.bucket, error)
        makeSmaller(slot)
        slot.notBefore = deps.ports.monotonicMs() + RETRY_MS
      }
    }
  }

  const tryAgain = async (slot: Slot): Promise<void> => {
    slot.asked = false
    await turnstile.beside(() =>
      workAsked(
        deps,
        slot,
        result => events.onWorked(slot.bucket, result),
        (profile, error) =>
          events.log.warn({ bucket: slot.bucket, profile, error }, "a customer stays set aside"),
      ),
    )
  }

  /** A slot whose bucket was taken anew in the meantime has a successor, which stays. */
  const forget = (slot: Slot) => {
    if (slots.get(slot.bucket) === slot) slots.delete(slot.bucket)
  }

  /** A batch that failed may have been too long for the database's limits of time; a smaller one ends sooner. */
  const makeSmaller = (slot: Slot) => {
    slot.most = Math.max(1, Math.floor(slot.most / 4))
  }

  /** What became of it is looked up at once: it may be ours under another epoch. */
  const lose = (slot: Slot) => {
    forget(slot)
    balance()
  }

  const workOnce = async (slot: Slot, choice: TimerChoice): Promise<BatchResult> => {
    if (slot.attempt === undefined) {
      const most = Math.min(slot.most, choice.log === "bulk" ? BULK_BATCH : BATCH)
      const result = await turnstile.beside(() => workBatch(deps, slot, choice, most))
      slot.most = Math.min(BATCH, slot.most * 2)
      return result
    }
    // Alone, so that a death is put down to the customer whose name is noted.
    const { attempt } = slot
    const { result, isOver } = await turnstile.alone(() => workCarefully(deps, slot, choice, attempt))
    if (isOver) slot.attempt = undefined
    return isOver ? result : { ...result, more: true }
  }

  const runBatch = async (slot: Slot, choice: TimerChoice): Promise<BatchResult> => {
    slot.jobsDone = false
    for (;;) {
      const began = deps.ports.monotonicMs()
      try {
        const result = await workOnce(slot, choice)
        slot.live = result.live
        slot.bulk = result.bulk
        for (const customer of result.setAside)
          events.log.warn({ bucket: slot.bucket, ...customer }, "a customer was set aside")
        events.onWorked(slot.bucket, result, deps.ports.monotonicMs() - began)
        return result
      } catch (error) {
        if (error instanceof JobsFirst) {
          await workJobs(deps, slot, result => events.onWorked(slot.bucket, result))
          slot.jobsDone = true
        } else if (error instanceof StaleCursor) {
          slot.live = error.live
          slot.bulk = error.bulk
        } else throw error
      }
    }
  }

  /**
   * A batch of the live log and, when it is the bulk log's turn, one of that: at once where nothing live waits, else
   * so that it has a quarter of the time.
   */
  const runBoth = async (slot: Slot, choice: TimerChoice): Promise<BatchResult> => {
    const { spent } = slot
    const began = deps.ports.monotonicMs()
    const live = await runBatch(slot, choice)
    const between = deps.ports.monotonicMs()
    spent.live += between - began
    if (!live.bulkWaits) return live
    if (!live.more) Object.assign(spent, { live: 0, bulk: 0 })
    else if (spent.bulk * BULK_PART > spent.live) return live
    const bulk = await runBatch(slot, { ...choice, log: "bulk" })
    spent.bulk += deps.ports.monotonicMs() - between
    return {
      ...bulk,
      events: live.events + bulk.events,
      steps: live.steps + bulk.steps,
      messages: live.messages + bulk.messages,
      more: live.more || bulk.more,
    }
  }

  /**
   * Takes free buckets up to this worker's share, and hands over what it has above it.
   * @param unheld buckets that are ours by the database and that we do not hold, for an answer was lost on its way
   */
  const share = async (unheld: readonly number[]) => {
    const [row] = await leases.noteWorker(deps.db, { owner, release: deps.release, seconds: LEASE_SECONDS })
    const most = Math.ceil(BUCKETS / row!.living)
    const surplus = [...slots.values()].slice(most)
    await Promise.all(surplus.map(slot => exclusive(slot, () => handOver(slot))))
    // We would go on prolonging them, and nobody would work them.
    if (unheld.length > 0 && slots.size >= most)
      await leases.releaseBuckets(deps.db, { owner, buckets: [...unheld] })
    if (surplus.length > 0) events.onLeases()
    if (slots.size < most) await takeFree(most - slots.size)
  }

  /** Between two batches of the bucket; it stays ours, and is worked, where that fails. */
  const handOver = async (slot: Slot) => {
    await leases.releaseBuckets(deps.db, { owner, buckets: [slot.bucket] })
    forget(slot)
  }

  const takeFree = async (most: number) => {
    const rows = await leases.takeBuckets(deps.db, {
      owner,
      seconds: LEASE_SECONDS,
      held: [...slots.keys()],
      most,
    })
    const abandoned = rows.filter(row => row.abandoned).map(row => row.bucket)
    if (abandoned.length > 0) await dropClaims(deps.db, { buckets: abandoned })
    await askForOthersRelease(deps.db, { buckets: rows.map(row => row.bucket), release: deps.release })
    for (const row of rows) {
      const present = slots.get(row.bucket)
      if (present !== undefined) await present.running
      const slot = newSlot(row, owner)
      slots.set(row.bucket, slot)
      schedule(slot)
    }
  }

  const renew = async () => {
    const asked = deps.ports.monotonicMs()
    const buckets = [...slots.keys()]
    const kept =
      buckets.length === 0 ? [] : await leases.renewBuckets(deps.db, { owner, seconds: LEASE_SECONDS })
    const still = new Set(kept.map(row => row.bucket))
    for (const bucket of buckets) if (!still.has(bucket)) slots.delete(bucket)
    trustedUntil = asked + TRUST_MS
    await showLife()
    await share(kept.map(row => row.bucket).filter(bucket => !slots.has(bucket)))
  }

  /** One renewal at a time; a wish that comes during one is fulfilled after it. */
  let renewing: Promise<void> = Promise.resolve()
  let wished = false
  const renewOnce = (): Promise<void> => {
    renewing = renewing.catch(() => undefined).then(() => (stopping ? undefined : renew()))
    return renewing
  }
  const balance = () => {
    // A process that works no buckets hears of the others' shares too.
    if (wished || stopping || life === undefined) return
    wished = true
    void renewing
      .catch(() => undefined)
      .then(() => {
        wished = false
        return renewOnce()
      })
      .catch(error => events.log.error(error, "the worker's housekeeping failed and will be tried again"))
  }

  /** Holds the lock that says that we live; a connection that was made anew has lost it. */
  const showLife = async () => {
    await life!`select pg_try_advisory_lock(${owner}::bigint)
      where not exists (select from pg_locks where locktype = 'advisory' and pid = pg_backend_pid())`
  }

  const poll = async () => {
    const buckets = [...slots.values()].filter(s => !s.scheduled).map(s => s.bucket)
    if (buckets.length === 0) return
    for (const { bucket, asked } of await leases.findPending(deps.db, { buckets })) {
      const slot = slots.get(bucket)
      if (slot === undefined) continue
      slot.asked ||= asked
      schedule(slot)
    }
  }

  /** Calls again and again with a pause, never twice at once. */
  const every = (pauseMs: number, task: () => Promise<void>) => {
    const again = () => {
      const timer = setTimeout(async () => {
        timers.delete(timer)
        try {
          if (!stopping) await task()
        } catch (error) {
          events.log.error(error, "the worker's housekeeping failed and will be tried again")
        }
        if (!stopping) again()
      }, pauseMs)
      timers.add(timer)
    }
    again()
  }

  return {
    balance,
    async within(bucket, task) {
      const slot = slots.get(bucket)
      if (slot === undefined) return undefined
      return exclusive(slot, () => (isTrusted() ? task(slot) : Promise.resolve(undefined)))
    },
    owned: () => (isTrusted() ? [...slots.keys()].sort((a, b) => a - b) : []),
    async start() {
      life = connect(deps.databaseUrl, {
        max: 1,
        idle_timeout: 0,
        max_lifetime: null,
        connection: { application_name: "viaggio worker" },
      })
      await showLife()
      await leases.keepPartitions(deps.db, {})
      trustedUntil = deps.ports.monotonicMs() + TRUST_MS
      await share([])
      events.onLeases()
      every(RENEW_MS, renewOnce)
      every(POLL_MS, poll)
      every(PARTITIONS_MS, async () => void (await leases.keepPartitions(deps.db, {})))
    },
    async stop() {
      stopping = true
      for (const timer of timers) clearTimeout(timer)
      await renewing.catch(() => undefined)
      await Promise.allSettled([...slots.values()].map(slot => slot.running))
      const buckets = [...slots.keys()]
      slots.clear()
      await leases.releaseBuckets(deps.db, { owner, buckets })
      await leases.forgetWorker(deps.db, { owner })
      events.onLeases()
      await life?.end({ timeout: 2 })
    },
    wake(buckets) {
      for (const bucket of buckets) {
        const slot = slots.get(bucket)
        if (slot !== undefined) schedule(slot)
      }
    },
    async drain(bucket, choice, mayGoOn) {
      const sum = { events: 0, steps: 0, messages: 0 }
      const slot = slots.get(bucket)
      for (let more = true; more && slot !== undefined && mayGoOn(); ) {
        const result = await exclusive(slot, async () => {
          if (slots.get(bucket) !== slot || !isTrusted()) return undefined
          return runBoth(slot, choice)
        }).catch(error => {
          if (error instanceof LostLease) return void lose(slot)
          makeSmaller(slot)
          throw error
        })
        if (result === undefined) break
        sum.events += result.events
        sum.steps += result.steps
        sum.messages += result.messages
        more = result.more
      }
      return sum
    },
  }
}
