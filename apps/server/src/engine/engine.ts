import type { EpochMs } from "@viaggio/journey-model"
import { createCatalogueCollector } from "../catalogue/collect.ts"
import { createMessages } from "../channels/messages.ts"
import { createOutbox } from "../channels/outbox.ts"
import { createProviders } from "../channels/providers.ts"
import type { SmtpOptions } from "../channels/smtp.ts"
import type { EmailTransport } from "../channels/transport.ts"
import type { Database } from "../db/client.ts"
import { errorCode } from "../db/connect.ts"
import { Channel } from "../effects/handler.ts"
import { createHttpCaller, type Resolve } from "../effects/http-call.ts"
import { createSentJournal } from "../effects/sent-journal.ts"
import { createWebhookHandler } from "../effects/webhook.ts"
import { createWebhookSecrets } from "../effects/webhook-secrets.ts"
import { createCoalescer } from "../ingest/coalescer.ts"
import { createDoor } from "../ingest/door.ts"
import { createEventNames } from "../ingest/names.ts"
import { createRateLimit } from "../ingest/rate.ts"
import { createBehind } from "../monitor/behind.ts"
import { createHold } from "../monitor/hold.ts"
import { createLiveHub } from "../monitor/live.ts"
import type { Meter } from "../monitor/meter.ts"
import { createStats } from "../monitor/stats.ts"
import type { Ports } from "../ports.ts"
import { createMatching } from "../profiles/matching.ts"
import { createPeople } from "../profiles/people.ts"
import { createProfiles } from "../profiles/profiles.ts"
import { createAdvances } from "./advances.ts"
import { createClock } from "./clock.ts"
import { createCounterCheck } from "./counter-check.ts"
import { createMerger } from "./merger.ts"
import { createPrograms } from "./programs.ts"
import { createRuns } from "./runs.ts"
import { createSignals } from "./signals.ts"
import { createStuck } from "./stuck.ts"
import { createWorker } from "./worker.ts"
import { createWorldCache } from "./worlds.ts"

export type EngineLog = {
  error(details: object, text: string): void
  warn(details: object, text: string): void
  debug?(details: object, text: string): void
}

export type EngineOptions = {
  database: Database
  /** For the connections that live as long as the process: the worker's lock and the signals. */
  databaseUrl: string
  ports: Ports
  log: EngineLog
  /** What links in messages start with, e.g. `https://journeys.example.com`. */
  publicUrl: string
  /** Signs those links. */
  linkSecret: string
  /** Where what is sent is noted outside of the database, and whose notes they are; absent: nowhere. */
  sentJournal?: { dataFolder: string; installation: string }
  smtp?: SmtpOptions
  /** Counts what happens; absent: nobody does. */
  meter?: Meter
  /** Instead of SMTP, for tests. */
  transport?: EmailTransport
  /** How webhooks reach the world; absent: public addresses only, by the system's resolver. */
  webhooks?: { allowPrivate?: boolean; resolve?: Resolve }
  /** The version of the program, down to its build. */
  release: string
  workspaceOf(id: number): Promise<{ id: number; sandbox: boolean; clockNow?: EpochMs } | undefined>
}

/** A bucket whose batches fail is tried again much sooner than that. */
const FORGET_MS = 5_000

/** Everything that runs by itself, put together: door, worker, dispatcher, live numbers, and what reads them. */
export const createEngine = (options: EngineOptions) => {
  const { database, databaseUrl, ports } = options
  const db = database.engine
  const log = {
    error: (error: unknown, text: string, details: object = {}) =>
      options.log.error({ ...details, err: error }, text),
    warn: (details: object, text: string) => options.log.warn(details, text),
  }
  const programs = createPrograms({ db, log: log.error })
  const names = createEventNames(db)
  const worlds = createWorldCache({ db, names, programs })
  const stats = createStats({ db: database.analytics, programs, ports })
  const hub = createLiveHub({ stats, monotonicMs: ports.monotonicMs, workspaceOf: options.workspaceOf, log })
  const origin = ports.newId()
  let isDispatching = false
  /** Buckets of ours whose last batch failed, since when and why. */
  const failing = new Map<number, { since: EpochMs; error: string; lastMs: number }>()
  const signals = createSignals({
    databaseUrl,
    pooled: database.pooled,
    origin,
    monotonicMs: ports.monotonicMs,
    log,
    onSignal: signal => {
      worker.wake(signal.buckets)
      if (signal.advances) advances.look()
      if (signal.leases) worker.balance()
      hub.changed(new Set(signal.versions))
      if (signal.defined) hub.redefined()
    },
  })
  const worker = createWorker(
    { db, databaseUrl, ports, names, worlds, release: options.release },
    {
      log,
      onLeases: () => signals.publish({ leases: true }),
      onFailed: (bucket, error) => {
        const { cause } = error as { cause?: unknown }
        const { message } = (cause instanceof Error ? cause : error) as Error
        const since = failing.get(bucket)?.since ?? ports.now()
        failing.set(bucket, { since, error: message, lastMs: ports.monotonicMs() })
        options.meter?.failed(errorCode(error))
      },
      onWorked: (bucket, result, ms) => {
        options.meter?.worked(ms, result)
        failing.delete(bucket)
        const { events, steps, messages, versions } = result
        if (events + steps > 0)
          options.log.debug?.({ bucket, events, steps, messages, versions: [...versions], ms }, "worked")
        if (result.messages > 0 && isDispatching) dispatcher.wake()
        if (result.mailed) merger.wake()
        if (result.versions.size === 0) return
        hub.changed(result.versions)
        signals.publish({ versions: [...result.versions] })
      },
    },
  )
  const merger = createMerger({
    db,
    ports,
    worker,
    log,
    onBrought: buckets => {
      worker.wake(buckets)
      signals.publish({ buckets })
    },
  })
  const counters = createCounterCheck({ db, analytics: database.analytics, ports, programs, log })
  const door = createDoor({ db, ports, names, onMeeting: () => merger.wake() })
  const append: typeof door.append = async arrivals => {
    const began = ports.monotonicMs()
    const receipts = await door.append(arrivals)
    options.meter?.appended(ports.monotonicMs() - began)
    return receipts
  }
  const coalescer = createCoalescer({ append }, receipts => {
    const buckets = new Set(receipts.flatMap(r => (r.kind === "accepted" ? [r.bucket] : [])))
    worker.wake(buckets)
    signals.publish({ buckets: [...buckets] })
  })
  const journal = options.sentJournal && createSentJournal({ ...options.sentJournal, ports })
  const webhookSecrets = createWebhookSecrets({ db, ports })
  const webhooks = createWebhookHandler({
    ports,
    caller: createHttpCaller({ allowPrivate: false, ...options.webhooks }),
    secretsOf: webhookSecrets.of,
  })
  const outbox = createOutbox({
    database,
    ports,
    programs,
    coalescer,
    log,
    publicUrl: options.publicUrl,
    linkSecret: options.linkSecret,
    ...(options.smtp === undefined ? {} : { smtp: options.smtp }),
    ...(options.transport === undefined ? {} : { transport: options.transport }),
    ...(journal === undefined ? {} : { journal }),
    ...(options.meter === undefined ? {} : { onTried: options.meter.tried }),
    handlers: [[Channel.webhook, webhooks]],
    ownedBuckets: worker.owned,
    onCounted: versions => {
      hub.changed(versions)
      signals.publish({ versions: [...versions] })
    },
  })
  const { dispatcher, links } = outbox
  const advances = createAdvances({
    db,
    ports,
    worker,
    dispatcher,
    merge: () => merger.work(),
    onElsewhere: () => signals.publish({ advances: true }),
    log,
  })
  const catalogue = createCatalogueCollector({ db, names, now: ports.now, log: log.error })
  const { analytics } = database
  const people = createPeople(analytics)
  const matching = createMatching({ db: analytics, ports, people })
  const profiles = createProfiles({
    db: analytics,
    programs,
    people,
    matching,
    monotonicMs: ports.monotonicMs,
  })
  const redefined = () => {
    worker.wake(worker.owned())
    hub.redefined()
    signals.publish({ defined: true })
  }

  return {
    coalescer,
    /** What the door lets in of each workspace. */
    limit: createRateLimit(ports.monotonicMs),
    catalogue,
    hub,
    unsubscribe: outbox.unsubscribe,
    tracking: outbox.tracking,
    suppressions: outbox.suppressions,
    providers: createProviders({ db: database.analytics }),
    profiles,
    matching,
    behind: createBehind({ db: analytics, programs, stats, people }),
    stats,
    messages: createMessages({
      db: database.analytics,
      programs,
      links,
      profiles,
      replay: outbox.replay,
      note: outbox.tracking.note,
    }),
    clock: createClock({ db, ports, advances }),
    counters,
    hold: createHold({ db, dataFolder: options.sentJournal?.dataFolder, onReleased: redefined }),
    stuck: createStuck({
      db,
      ports,
      wake: bucket => {
        worker.wake([bucket])
        signals.publish({ buckets: [bucket] })
      },
    }),
    webhookSecrets,
    runs: createRuns({ db, ports, wakeAll: redefined }),
    journal,
    isListening: signals.isListening,
    /** Why batches of this process fail at this moment, the longest first. */
    failing() {
      // A batch whose commit was done and not answered is not tried again.
      for (const [bucket, { lastMs }] of failing)
        if (ports.monotonicMs() - lastMs > FORGET_MS) failing.delete(bucket)
      return [...failing.values()].sort((a, b) => a.since - b.since)
    },
    /** Something was published or changed its state. */
    redefined,
    /**
     * `dispatch: false`: messages stay in the outbox, as when their provider is away. `work: false`: this process
     * takes in and answers, and others do the work.
     */
    async start({
      dispatch = true,
      work = true,
    }: {
      dispatch?: boolean
      work?: boolean
    } = {}): Promise<void> {
      await signals.start()
      catalogue.start()
      if (!work) return
      await worker.start()
      isDispatching = dispatch
      if (dispatch) dispatcher.start()
      advances.start()
      counters.start()
      merger.start()
    },
    /** Finishes what is under way; what is left waits in the database. */
    async stop(): Promise<void> {
      hub.stop()
      await advances.stop()
      await counters.stop()
      await merger.stop()
      await worker.stop()
      await dispatcher.stop()
      await catalogue.stop()
      await signals.stop()
    },
  }
}

export type Engine = ReturnType<typeof createEngine>
