import { createMessageLinks, type MessageLinks } from "../content/links.ts"
import { createTracking, type Tracking } from "../content/tracking.ts"
import { createUnsubscribe, type Unsubscribe } from "../content/unsubscribe.ts"
import type { Database } from "../db/client.ts"
import { createDispatcher, type Dispatcher } from "../effects/dispatcher.ts"
import { Channel, type EffectHandler } from "../effects/handler.ts"
import type { SentJournal } from "../effects/sent-journal.ts"
import type { Programs } from "../engine/programs.ts"
import type { Coalescer } from "../ingest/coalescer.ts"
import type { Ports } from "../ports.ts"
import { createEmailHandler } from "./email-handler.ts"
import { createReplay, type Replay } from "./replays.ts"
import { fallbackSender } from "./sender.ts"
import { createSmtpTransport, type SmtpOptions } from "./smtp.ts"
import { createSuppressions, type Suppressions } from "./suppressions.ts"
import { type EmailTransport, mailboxTransport } from "./transport.ts"

export type OutboxOptions = {
  database: Database
  ports: Ports
  programs: Programs
  coalescer: Pick<Coalescer, "append">
  /** What links in messages start with, e.g. `https://journeys.example.com`. */
  publicUrl: string
  /** Signs those links. */
  linkSecret: string
  smtp?: SmtpOptions
  /** Instead of SMTP, for tests. */
  transport?: EmailTransport
  /** The channels besides e-mail. */
  handlers: readonly (readonly [channel: number, handler: EffectHandler])[]
  journal?: SentJournal
  /** A try with a provider has ended so. */
  onTried?(provider: string, result: string, ms: number): void
  ownedBuckets(): number[]
  /** The numbers of these versions changed. */
  onCounted(versions: Set<number>): void
  log: { error(error: unknown, text: string): void }
}

/** What leaves, and what comes back of it. */
export type Outbox = {
  dispatcher: Dispatcher
  suppressions: Suppressions
  tracking: Tracking
  unsubscribe: Unsubscribe
  replay: Replay
  links: MessageLinks
}

export const createOutbox = (options: OutboxOptions): Outbox => {
  const { database, ports, programs, coalescer, log, onCounted } = options
  const db = database.engine
  const links = createMessageLinks(options.publicUrl, options.linkSecret)
  const suppressions = createSuppressions({ db, analytics: database.analytics, ports, coalescer })
  const tracking = createTracking({ db, links, programs, coalescer, suppressions, onCounted, log })
  const email = createEmailHandler({
    ports,
    links,
    suppressions,
    transport:
      options.transport ??
      (options.smtp === undefined ? mailboxTransport : createSmtpTransport(options.smtp)),
    fallbackSender: fallbackSender(options.publicUrl),
  })
  const dispatcher = createDispatcher({
    db,
    ports,
    programs,
    log,
    handlers: new Map([[Channel.email, email], ...options.handlers]),
    ...(options.journal === undefined ? {} : { journal: options.journal }),
    ...(options.onTried === undefined ? {} : { onTried: options.onTried }),
    ownedBuckets: options.ownedBuckets,
    append: arrivals => coalescer.append(arrivals),
    onSettled: onCounted,
  })
  const unsubscribe = createUnsubscribe({ db, ports, links, coalescer, tracking })
  const replay = createReplay({
    db,
    programs,
    links,
    suppressions,
    onReplayed: version => {
      dispatcher.wake()
      onCounted(new Set([version]))
    },
  })
  return { dispatcher, suppressions, tracking, unsubscribe, replay, links }
}
