import { type EpochMs, formatInstant, type JsonObject } from "@viaggio/journey-model"
import type { Db } from "../db/client.ts"
import type { Ports } from "../ports.ts"
import { extrapolated, survey } from "../profiles/survey.ts"
import { readBuckets } from "../profiles/survey-store.ts"
import { namesOf } from "../profiles/views.ts"
import type { Workspace } from "../workspaces/workspace.ts"
import * as store from "./habits-store.ts"
import { type Rate, rateOf, usualRates, usualShare30d } from "./rate.ts"

/** What customers of a workspace usually do, learned from its last thirty days. */
export type Rates = {
  customers: number
  days: number
  estimate: boolean
  /** The event that lets customers in. */
  entry: { known: boolean; perDay: number; share30d: number }
  events: Record<string, EventRates>
  messages: {
    known: boolean
    sent: number
    opened: Rate
    clicked: Rate
    bounced: Rate
    unsubscribed: Rate
  }
}

/** `share30d`: customers who did it; `mean30d`: times a customer, over all of them. */
export type EventRates = {
  known: boolean
  share30d: number
  mean30d: number
  after: Rate
  afterMessage: Rate
}

/** Customers as the preview needs them, without who they are. */
export type Sample = {
  of: number
  customers: {
    attributes: JsonObject
    digest: Record<string, { count: number; firstAt: EpochMs; lastAt: EpochMs }>
  }[]
}

const DAYS = 30
const dayMs = 86_400_000
/** How long after a message an event counts as following it. */
const AFTER_MESSAGE_MS = 7 * dayMs
/** What has just happened may still be followed, so it is not asked yet. */
const SETTLED_MS = dayMs
const BUDGET_MS = 1_500
/** Rows of one bucket that are looked at. */
const MOST_ROWS = 100_000

type Times = { [name: string]: number[] }
type Found = { customers: number; people: Times[]; sent: { row: store.SentRow; times: Times }[] }

/** Learns rates and draws samples for the preview, from as many buckets as the time allows. */
export const createHabits = (deps: { db: Db; ports: Pick<Ports, "now" | "monotonicMs"> }) => {
  const { db, ports } = deps
  const bucketsOf = async () => (await readBuckets(db, {})).map(row => row.bucket)

  return {
    async rates(workspace: Workspace, asked: { after: string; events: readonly string[] }): Promise<Rates> {
      const now = workspace.clockNow ?? ports.now()
      const wanted = [...new Set([asked.after, ...asked.events])]
      const [names, buckets] = await Promise.all([namesOf(db, workspace.id, wanted), bucketsOf()])
      const where = windowOf(workspace, now - DAYS * dayMs)
      const { parts, share } = await survey(
        { buckets, budgetMs: BUDGET_MS, monotonicMs: ports.monotonicMs },
        bucket => look(db, { bucket, workspace: workspace.id, ...where }, names),
      )
      return ratesOf(parts, { ...asked, now, share })
    },

    async sample(
      workspace: Workspace,
      asked: { most: number; attributes: readonly string[]; events: readonly string[] },
    ): Promise<Sample> {
      const [names, buckets] = await Promise.all([namesOf(db, workspace.id, asked.events), bucketsOf()])
      const place = { workspace: workspace.id }
      const { parts, share } = await survey(
        { buckets, budgetMs: BUDGET_MS, monotonicMs: ports.monotonicMs },
        async bucket => {
          const [[count], rows] = await Promise.all([
            store.countCustomers(db, { bucket, ...place }),
            store.readSample(db, {
              bucket,
              ...place,
              attributes: [...asked.attributes],
              names: [...names.keys()],
              most: Math.ceil((asked.most / buckets.length) * 1.5),
            }),
          ])
          return { n: count?.n ?? 0, rows }
        },
      )
      const customers = parts
        .flatMap(part => part.rows)
        .slice(0, asked.most)
        .map(({ attributes, digest }) => ({
          attributes,
          digest: Object.fromEntries(
            (digest ?? []).map(({ name, count, first, last }) => [
              names.get(name)!,
              { count, firstAt: first, lastAt: last },
            ]),
          ),
        }))
      return {
        of: extrapolated(
          parts.reduce((sum, part) => sum + part.n, 0),
          share,
        ),
        customers,
      }
    },
  }
}

export type Habits = ReturnType<typeof createHabits>

/** What the last days are, in the clock of the workspace and in the log's own dates. */
export const windowOf = (workspace: Workspace, since: EpochMs) => ({
  since: formatInstant(since),
  recorded_from: workspace.sandbox ? "2000-01-01" : formatInstant(since).slice(0, 10),
})

const look = async (
  db: Db,
  place: { bucket: number; workspace: number; since: string; recorded_from: string },
  names: ReadonlyMap<number, string>,
): Promise<Found> => {
  const [[count], times, sent] = await Promise.all([
    store.countCustomers(db, place),
    names.size === 0 ? [] : store.readTimes(db, { ...place, names: [...names.keys()], most: MOST_ROWS }),
    store.readSent(db, { ...place, most: MOST_ROWS }),
  ])
  const people = new Map<string, Times>()
  for (const { profile_id, name_id, at } of times) {
    const own = people.get(profile_id) ?? {}
    people.set(profile_id, own)
    const name = names.get(name_id)!
    own[name] = [...(own[name] ?? []), at]
  }
  return {
    customers: count?.n ?? 0,
    people: [...people.values()],
    sent: sent.map(row => ({ row, times: people.get(row.profile_id) ?? {} })),
  }
}

const ratesOf = (
  parts: readonly Found[],
  { after, events, now, share }: { after: string; events: readonly string[]; now: EpochMs; share: number },
): Rates => {
  const customers = parts.reduce((sum, part) => sum + part.customers, 0)
  const people = parts.flatMap(part => part.people)
  const sent = parts.flatMap(part => part.sent).filter(({ row }) => row.sent_at <= now - SETTLED_MS)
  const entries = people.reduce((sum, times) => sum + (times[after]?.length ?? 0), 0)
  const shareOf = (name: string) =>
    customers === 0 ? 0 : people.filter(times => times[name] !== undefined).length / customers
  const ofMessage = (field: Exclude<keyof store.SentRow, "profile_id" | "sent_at">, otherwise: Rate) =>
    rateOf(
      sent.length,
      sent.flatMap(({ row }) => (row[field] === null ? [] : [Math.max(0, row[field] - row.sent_at)])),
      otherwise,
    )
  return {
    customers: extrapolated(customers, share),
    days: DAYS,
    estimate: share < 1,
    entry: {
      known: entries > 0,
      perDay: extrapolated(entries, share) / DAYS,
      share30d: entries > 0 ? shareOf(after) : usualShare30d,
    },
    events: Object.fromEntries(
      events.map(name => {
        const times = people.reduce((sum, own) => sum + (own[name]?.length ?? 0), 0)
        const known = times > 0
        return [
          name,
          {
            known,
            share30d: known ? shareOf(name) : usualShare30d,
            mean30d: known ? times / Math.max(customers, 1) : usualShare30d,
            after: afterEntry(people, { after, name, now }),
            afterMessage: afterMessage(sent, name),
          },
        ]
      }),
    ),
    messages: {
      known: sent.length > 0,
      sent: extrapolated(sent.length, share),
      opened: ofMessage("opened_at", usualRates.opened),
      clicked: ofMessage("clicked_at", usualRates.clicked),
      bounced: ofMessage("bounced_at", usualRates.bounced),
      unsubscribed: ofMessage("unsubscribed_at", usualRates.unsubscribed),
    },
  }
}

/** The first of some times, rising, that is later than an instant. */
const firstAfter = (times: readonly number[] | undefined, at: number): number | undefined =>
  times?.find(time => time > at)

const afterEntry = (
  people: readonly Times[],
  { after, name, now }: { after: string; name: string; now: EpochMs },
): Rate => {
  let n = 0
  const delays: number[] = []
  for (const times of people)
    for (const at of times[after] ?? []) {
      if (at > now - SETTLED_MS) continue
      n += 1
      const next = firstAfter(times[name], at)
      if (next !== undefined) delays.push(next - at)
    }
  return rateOf(n, delays, usualRates.afterEntry)
}

const afterMessage = (sent: Found["sent"], name: string): Rate =>
  rateOf(
    sent.length,
    sent.flatMap(({ row, times }) => {
      const next = firstAfter(times[name], row.sent_at)
      return next === undefined || next - row.sent_at > AFTER_MESSAGE_MS ? [] : [next - row.sent_at]
    }),
    usualRates.afterMessage,
  )
