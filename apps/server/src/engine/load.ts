import type {
  Customer,
  CustomerStimulus,
  EventDigest,
  EventFact,
  OpenEnrollment,
  Passage,
} from "@viaggio/journey-model"
import type { Tx } from "../db/client.ts"
import type { EffectEvent } from "../effects/webhook-provider.ts"
import { CallKind, InternalKind } from "../ingest/message.ts"
import type { EventNames } from "../ingest/names.ts"
import * as store from "./engine-store.ts"
import type { Worked } from "./log.ts"
import type { EventRow } from "./log-store.ts"
import { landParcels, type Parcel } from "./merge.ts"
import type { LiveVersion, WorkspaceWorld, Worlds } from "./worlds.ts"

/** `events.mode` of what is long past. */
const HISTORY = 1

/** A customer while it is put together from rows. */
type Gathered = Omit<Customer, "digest" | "events" | "enrollments" | "passages"> & {
  digest: Map<string, EventDigest>
  events: Map<string, EventFact[]>
  enrollments: OpenEnrollment[]
  passages: Map<string, Passage>
}

/** One customer of a batch: what is known of them, and what happened to them. */
export type Loaded = {
  workspace: WorkspaceWorld
  customer: Gathered
  isNew: boolean
  stimuli: CustomerStimulus[]
  events: EventRow[]
  /** Profiles that were merged into this one, whose events are read where they lie. */
  absorbed: Parcel["absorbed"]
  /** The profile was merged into that one: its events are passed on. */
  mergedInto?: string
  /** A row of this customer that cannot be read; the customer is set aside. */
  broken?: unknown
}

/** Takes in what a batch has read and fetches, in a handful of set queries, what its customers' folds need. */
export const loadCustomers = async (
  tx: Tx,
  bucket: number,
  worked: Worked,
  batch: { events: readonly EventRow[]; due: readonly store.DueRow[] },
  worlds: Worlds,
  names: EventNames,
  stuck: ReadonlySet<string> = new Set(),
): Promise<Map<string, Loaded>> => {
  const eventsOf = new Map<string, { workspace: number; events: EventRow[] }>()
  const noted = (profile: string, workspace: number) => {
    const present = eventsOf.get(profile) ?? { workspace, events: [] }
    eventsOf.set(profile, present)
    return present.events
  }
  for (const event of batch.events)
    if (!stuck.has(event.profile_id)) noted(event.profile_id, event.workspace_id).push(event)
  for (const due of batch.due) if (!stuck.has(due.profile_id)) noted(due.profile_id, due.workspace_id)
  const ids = [...eventsOf.keys()]
  if (ids.length === 0) return new Map()

  const hasParcels = batch.events.some(event => event.kind === InternalKind.merged)
  const reading = store.loadProfiles(tx, { bucket, ids })
  // What a parcel brings has to be there before the enrollments are read.
  const [profiles, open] = hasParcels
    ? [
        await landParcels(tx, bucket, eventsOf, await reading),
        await store.loadOpenEnrollments(tx, { bucket, ids }),
      ]
    : await Promise.all([reading, store.loadOpenEnrollments(tx, { bucket, ids })])
  const profileOf = new Map(profiles.map(row => [row.id, row]))
  const loaded = new Map<string, Loaded>()
  for (const [id, { workspace: workspaceId, events }] of eventsOf) {
    const workspace = worlds.of(workspaceId)
    if (workspace === undefined) continue
    const row = profileOf.get(id)
    loaded.set(id, {
      workspace,
      isNew: row === undefined,
      events,
      stimuli: stimuliOf(events, names),
      absorbed: row?.absorbed ?? [],
      ...(row?.merged_into == null ? {} : { mergedInto: row.merged_into }),
      customer: {
        id,
        attributes: row?.attributes ?? {},
        valueTimes: row?.value_times ?? {},
        lastStimulusAt: row?.last_stimulus_at ?? 0,
        digest: new Map(),
        events: new Map(),
        enrollments: [],
        passages: new Map(),
      },
    })
  }
  for (const row of open) {
    const of = loaded.get(row.profile_id)
    const version = of?.workspace.versions.get(row.version_id)
    if (of === undefined || version === undefined) continue
    try {
      of.customer.enrollments.push(toEnrollment(row, version))
    } catch (error) {
      of.broken = error
    }
  }
  await loadFacts(tx, bucket, worked, loaded, names)
  return loaded
}

/** Digests, look-backs and passages, each in one query, only for those who can be asked about them. */
const loadFacts = async (
  tx: Tx,
  bucket: number,
  worked: Worked,
  loaded: Map<string, Loaded>,
  names: EventNames,
): Promise<void> => {
  const digests = new Wanted()
  const history = new Wanted()
  const passages: { profile: string; journey: LiveVersion }[] = []
  let since = Number.POSITIVE_INFINITY
  for (const [id, of] of loaded) {
    const starting = new Set(of.events.flatMap(e => of.workspace.entries.get(e.name_id) ?? []))
    for (const version of starting)
      if (version.version.program.journey.settings.reentry.mode !== "always" && !of.isNew)
        passages.push({ profile: id, journey: version })
    if (of.isNew) continue
    const asking = new Set(starting)
    for (const { version } of of.customer.enrollments) asking.add(of.workspace.versions.get(version)!)
    for (const { version } of asking) {
      for (const name of version.program.needs.digest) digests.add(id, of.workspace.id, name)
      for (const [name, { lookBackMs }] of version.program.needs.history) {
        history.add(id, of.workspace.id, name)
        const from = Math.max(of.customer.lastStimulusAt, 0) - (lookBackMs ?? Number.POSITIVE_INFINITY)
        since = Math.min(since, from)
      }
    }
  }
  await Promise.all([
    passages.length === 0
      ? undefined
      : store
          .loadPassages(tx, {
            bucket,
            profiles: passages.map(p => p.profile),
            journeys: passages.map(p => p.journey.journeyId),
          })
          .then(rows => takePassages(rows, passages, loaded)),
    loadDigests(tx, bucket, digests, loaded, names),
    loadHistory(tx, bucket, worked, since, history, loaded, names),
  ])
}

const takePassages = (
  rows: readonly store.PassageRow[],
  asked: readonly { profile: string; journey: LiveVersion }[],
  loaded: Map<string, Loaded>,
): void => {
  const keys = new Map(asked.map(a => [a.journey.journeyId, a.journey.journeyKey]))
  for (const row of rows) {
    const { customer, workspace } = loaded.get(row.profile_id)!
    const key = keys.get(row.journey_id)!
    const open = customer.enrollments.filter(e => workspace.versions.get(e.version)?.journeyKey === key)
    customer.passages.set(key, {
      entries: Math.max(1, open.length),
      open: open.length,
      ...(row.ended_at === null ? {} : { lastEndedAt: row.ended_at }),
    })
  }
}

const loadDigests = async (
  tx: Tx,
  bucket: number,
  wanted: Wanted,
  loaded: Map<string, Loaded>,
  names: EventNames,
): Promise<void> => {
  if (wanted.isEmpty) return
  const ids = await wanted.nameIds(names)
  const rows = await store.loadDigests(tx, { bucket, profiles: wanted.profiles, names: ids })
  for (const row of rows) {
    const name = names.nameOf(row.name_id)
    if (name !== undefined)
      loaded
        .get(row.profile_id)!
        .customer.digest.set(name, { count: row.count, firstAt: row.first_at, lastAt: row.last_at })
  }
}

const loadHistory = async (
  tx: Tx,
  bucket: number,
  worked: Worked,
  since: number,
  wanted: Wanted,
  loaded: Map<string, Loaded>,
  names: EventNames,
): Promise<void> => {
  if (wanted.isEmpty) return
  const asked = {
    names: await wanted.nameIds(names),
    since: Number.isFinite(since) ? new Date(since - 1).toISOString() : "-infinity",
  }
  const places = wanted.profiles.flatMap(id =>
    loaded.get(id)!.absorbed.map(place => ({ ...place, survivor: id })),
  )
  const [own, absorbed] = await Promise.all([
    store.loadHistory(tx, {
      bucket,
      profiles: wanted.profiles,
      lives: wanted.profiles.map(id => worked.live(loaded.get(id)!.workspace.id)),
      bulk: worked.bulk,
      ...asked,
    }),
    places.length === 0
      ? []
      : store.loadAbsorbedHistory(tx, {
          survivors: places.map(p => p.survivor),
          buckets: places.map(p => p.bucket),
          profiles: places.map(p => p.id),
          seqs: places.map(p => p.seq),
          bulks: places.map(p => p.bulk),
          ...asked,
        }),
  ])
  const rows =
    absorbed.length === 0 ? own : [...absorbed, ...own].sort((a, b) => a.occurred_at - b.occurred_at)
  for (const row of rows) {
    const name = names.nameOf(row.name_id)
    if (name === undefined) continue
    const { events } = loaded.get(row.profile_id)!.customer
    const fact: EventFact = {
      name,
      at: row.occurred_at,
      properties: row.properties ?? {},
      messageId: row.message_id,
    }
    const list = events.get(name)
    if (list === undefined) events.set(name, [fact])
    else list.push(fact)
  }
}

/** Profiles and event names to be asked for together. */
class Wanted {
  readonly #profiles = new Set<string>()
  readonly #names = new Map<string, { workspace: number; name: string }>()

  add(profile: string, workspace: number, name: string): void {
    this.#profiles.add(profile)
    this.#names.set(`${workspace}:${name}`, { workspace, name })
  }

  get isEmpty(): boolean {
    return this.#profiles.size === 0
  }

  get profiles(): string[] {
    return [...this.#profiles]
  }

  nameIds(names: EventNames): Promise<number[]> {
    return names.idsOf([...this.#names.values()])
  }
}

/** A parcel's values are there from the start of the batch, so what it ends is ended first. */
const stimuliOf = (events: readonly EventRow[], names: EventNames): CustomerStimulus[] => {
  const isParcel = (event: EventRow) => event.kind === InternalKind.merged
  const parcels = events.filter(isParcel)
  const ordered = parcels.length === 0 ? events : [...parcels, ...events.filter(e => !isParcel(e))]
  return ordered.map(event => stimulusOf(event, names))
}

const stimulusOf = (event: EventRow, names: EventNames): CustomerStimulus => {
  const at = event.occurred_at
  const { properties, traits, name } = event.body
  if (event.kind === InternalKind.merged)
    return { kind: "merged", at: (event.body as unknown as Parcel).lastStimulusAt }
  if (event.kind === InternalKind.effect) {
    const { effect, answer } = event.body as unknown as EffectEvent
    return { kind: "effect", effect, answer, at }
  }
  const mode = event.mode === HISTORY ? ({ mode: "history" } as const) : undefined
  if (event.kind === CallKind.identify) return { kind: "traits", traits: traits ?? {}, at, ...mode }
  const page = typeof name === "string" && properties?.name === undefined ? { name } : undefined
  return {
    kind: "event",
    ...mode,
    receivedAt: event.received_at,
    event: {
      name: names.nameOf(event.name_id) ?? "",
      at,
      properties: page === undefined ? (properties ?? {}) : { ...properties, ...page },
      messageId: event.message_id,
    },
  }
}

const toEnrollment = (row: store.EnrollmentRow, { version }: LiveVersion): OpenEnrollment => ({
  version: version.id,
  enrollment: {
    id: row.id.replaceAll("-", ""),
    node: version.program.nodes[row.node]!.id,
    visit: row.visit,
    enteredAt: row.entered_at,
    arrivedAt: row.arrived_at,
    ...(row.wake_at === null ? {} : { wakeAt: row.wake_at }),
    entry: {
      name: row.entry.name,
      at: row.entry.at,
      messageId: row.entry.messageId,
      properties: row.entry.properties ?? {},
    },
    arrivals: row.state?.arrivals ?? {},
    context: row.state?.context ?? {},
    ...(row.state?.drawnFor === undefined ? {} : { drawnFor: row.state.drawnFor }),
    ...(row.state?.held === true ? { held: true } : {}),
  },
})
