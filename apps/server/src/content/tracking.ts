import { hashId, type JsonObject, suppressedAttribute } from "@viaggio/journey-model"
import { EmailEvent, emailEvent, emailTraits } from "../channels/email-events.ts"
import { canonicalAddress, type SuppressionReason, type Suppressions } from "../channels/suppressions.ts"
import type { Db } from "../db/client.ts"
import type { Programs } from "../engine/programs.ts"
import type { Coalescer } from "../ingest/coalescer.ts"
import type { Incoming } from "../ingest/message.ts"
import type { MessageLinks, MessagePlace } from "./links.ts"
import { findSources, noteHits, type SourceRow } from "./tracking-store.ts"

/** Something that became of a message after it had left. `more`: further properties of the event. */
export type Hit = MessagePlace & {
  event: Exclude<EmailEvent, "Email Refused">
  more?: JsonObject
  /** Distinguishes events of one kind about one message, such as clicks on different links. */
  part?: string
  /** The address gets no more mail, for that reason. */
  suppress?: SuppressionReason
}

export type Tracking = {
  /** Notes the opening behind a link; false when the link is not ours. */
  open(token: string): Promise<boolean>
  /** Notes the click and answers where it leads; undefined when the link is not ours. */
  click(token: string): Promise<string | undefined>
  /** Where a click leads, without noting it. */
  targetOf(token: string): string | undefined
  /** Notes hits: the event first, then the numbers. Those of messages that are gone are left out. */
  note(hits: readonly Hit[]): Promise<void>
}

/** Hits that were noted lately: the same reader opens a message many times. */
const REMEMBERED = 20_000

/**
 * Openings, clicks, bounces and withdrawals, as events of the customer and as counts per message. Programs that read
 * mail for people open and click too; they are not told apart.
 */
export const createTracking = (deps: {
  db: Db
  links: MessageLinks
  programs: Programs
  coalescer: Pick<Coalescer, "append">
  suppressions: Pick<Suppressions, "add">
  onCounted(versions: Set<number>): void
  log: { error(error: unknown, text: string): void }
}): Tracking => {
  const remembered = new Set<string>()
  let waiting: { hit: Hit; done(): void; failed(error: unknown): void }[] = []
  let isNoting = false

  const keyOf = (hit: Hit): string => `${hit.event}:${hit.id}:${hit.part ?? ""}`

  const noteAll = async (hits: readonly Hit[]): Promise<void> => {
    const sources = await findSources(deps.db, { buckets: hits.map(h => h.bucket), ids: hits.map(h => h.id) })
    const byId = new Map(sources.map(source => [source.id, source]))
    const programs = await deps.programs.get(sources.map(s => s.version_id))
    const known = hits.flatMap(hit => {
      const source = byId.get(hit.id)
      return source === undefined ? [] : [{ hit, source }]
    })
    if (known.length === 0) return
    await deps.coalescer.append(
      known.flatMap(({ hit, source }) =>
        eventsOf(hit, source, programs.get(source.version_id)).map(event => ({
          workspace: source.workspace_id,
          sandbox: source.sandbox,
          event,
          person: { bucket: source.bucket, id: source.profile_id },
        })),
      ),
    )
    await deps.suppressions.add(
      known.flatMap(({ hit, source }) =>
        hit.suppress === undefined
          ? []
          : [
              {
                workspace: source.workspace_id,
                address: source.recipient,
                reason: hit.suppress,
                source: `message:${source.id}`,
              },
            ],
      ),
    )
    const messages = [...new Map(known.map(({ source }) => [source.id, source])).values()]
    const has = (id: string, event: EmailEvent) =>
      known.some(({ hit, source }) => source.id === id && hit.event === event) ? 1 : 0
    const changed = await noteHits(deps.db, {
      buckets: messages.map(m => m.bucket),
      ids: messages.map(m => m.id),
      bounced: messages.map(m => has(m.id, EmailEvent.bounced)),
      opened: messages.map(m => has(m.id, EmailEvent.opened)),
      clicked: messages.map(m => has(m.id, EmailEvent.clicked)),
      unsubscribed: messages.map(m => has(m.id, EmailEvent.unsubscribed)),
    })
    if (changed.length > 0) deps.onCounted(new Set(changed.map(row => row.version_id)))
  }

  const run = async () => {
    isNoting = true
    while (waiting.length > 0) {
      const batch = waiting
      waiting = []
      try {
        await noteAll(batch.map(({ hit }) => hit))
        for (const { done } of batch) done()
      } catch (error) {
        for (const { failed } of batch) failed(error)
      }
    }
    isNoting = false
  }

  const note = async (hits: readonly Hit[]): Promise<void> => {
    await Promise.all(
      hits
        .map(
          hit =>
            new Promise<void>((done, failed) => {
              waiting.push({ hit, done, failed })
            }),
        )
        .concat(isNoting ? [] : [run()]),
    )
  }

  /** What readers do is noted if it can be; they get their picture and their page all the same. */
  const noteReader = async (hit: Hit): Promise<void> => {
    const key = keyOf(hit)
    if (remembered.has(key)) return
    try {
      await note([hit])
    } catch (error) {
      deps.log.error(error, "an opening or a click could not be noted")
      return
    }
    remembered.add(key)
    if (remembered.size > REMEMBERED) remembered.delete(remembered.values().next().value!)
  }

  return {
    note,
    async open(token) {
      const place = deps.links.readOpen(token)
      if (place !== undefined) await noteReader({ ...place, event: EmailEvent.opened })
      return place !== undefined
    },
    async click(token) {
      const found = deps.links.readClick(token)
      if (found === undefined) return undefined
      const { target, ...place } = found
      await noteReader({ ...place, event: EmailEvent.clicked, part: hashId(target), more: { link: target } })
      return target
    },
    targetOf: token => deps.links.readClick(token)?.target,
  }
}

const prefixes: { [E in Hit["event"]]: string } = {
  [EmailEvent.bounced]: "bounce",
  [EmailEvent.opened]: "opened",
  [EmailEvent.clicked]: "clicked",
  [EmailEvent.unsubscribed]: "unsubscribed",
}

const eventsOf = (hit: Hit, source: SourceRow, published: Parameters<typeof emailEvent>[2]): Incoming[] => {
  const id = `${prefixes[hit.event]}:${source.id}${hit.part === undefined ? "" : `:${hit.part}`}`
  const event = emailEvent(hit.event, source, published, id, hit.more)
  if (hit.suppress === undefined || hit.suppress === "unsubscribed") return [event]
  const traits = { [suppressedAttribute]: canonicalAddress(source.recipient) }
  return [emailTraits(source, `suppressed:${source.id}:${hit.suppress}`, traits), event]
}
