import { type EpochMs, formatInstant, type JsonObject, parseInstant } from "@viaggio/journey-model"
import type {
  CustomerFacts,
  Page,
  PageRequest,
  ProfilesService,
  ProfileView,
  TimelineItem,
} from "../answers.ts"
import { messageState, titleOfCall } from "../channels/message-state.ts"
import { renderMessage } from "../content/render.ts"
import type { Db } from "../db/client.ts"
import { Channel } from "../effects/handler.ts"
import { endOfCode } from "../engine/measures.ts"
import { nodeNames, type Programs, type Published } from "../engine/programs.ts"
import { CallKind, InternalKind, identityName } from "../ingest/message.ts"
import type { Workspace } from "../workspaces/workspace.ts"
import { findCustomer, newestEvent } from "./find.ts"
import { listCustomers } from "./list.ts"
import type { MatchingService } from "./matching.ts"
import type { People } from "./people.ts"
import { consentOf, sourcesOf } from "./sources.ts"
import * as store from "./store.ts"

const MOST = 200
/** Past every number of a log. */
const all = Number.MAX_SAFE_INTEGER
const USUAL = 50
const callNames = Object.fromEntries(Object.entries(CallKind).map(([name, code]) => [code, name]))

/** The golden records: one customer with identities, values, journeys and timeline. */
export const createProfiles = (deps: {
  db: Db
  programs: Programs
  people: People
  matching: MatchingService
  monotonicMs(): number
}): ProfilesService => {
  const { db } = deps

  const find = (workspace: Workspace, idOrUserId: string) => findCustomer(db, workspace, idOrUserId)

  return {
    list: (workspace, filter) => listCustomers(deps, workspace, filter),

    async get(workspace, idOrUserId): Promise<ProfileView> {
      const row = await find(workspace, idOrUserId)
      const [identities, inside, merges, values, consent] = await Promise.all([
        store.readIdentities(db, row),
        store.readInside(db, row),
        store.readMerges(db, { ids: [row.id, ...row.absorbed.map(place => place.id)] }),
        sourcesOf(db, row),
        consentOf(db, workspace, row.attributes),
      ])
      const programs = await deps.programs.get(inside.map(i => i.version_id))
      return {
        id: row.id,
        attributes: row.attributes,
        values,
        consent,
        identities: identities.map(({ kind, value }) => ({ kind: identityName(kind), value })),
        inside: inside.map(i => ({
          journey: i.journey,
          version: i.number,
          ...nodeNames(programs.get(i.version_id), i.node),
          since: formatInstant(i.arrived_at),
        })),
        merges: merges.map(m => ({
          other: m.other,
          state: m.state === "refused" ? "refused" : m.state === "done" ? "merged" : "under-way",
          because: m.because,
          at: formatInstant(m.at),
        })),
        createdAt: formatInstant(row.created_at),
        updatedAt: formatInstant(row.updated_at),
      }
    },

    async facts(workspace, idOrUserId, event): Promise<CustomerFacts> {
      const row = await find(workspace, idOrUserId)
      const [[item], entry] = await Promise.all([
        deps.people.items(workspace, [row]).then(items => [...items.values()]),
        event === undefined ? undefined : newestEvent(db, workspace, row, event),
      ])
      const { id, userId, name } = item!
      return { id, userId, name, attributes: row.attributes, ...(entry === undefined ? {} : { entry }) }
    },

    async timeline(workspace, idOrUserId, { before, limit }: PageRequest): Promise<Page<TimelineItem>> {
      const row = await find(workspace, idOrUserId)
      const most = Math.min(limit ?? USUAL, MOST)
      const at = before === undefined ? undefined : parseInstant(before)
      const places = [{ bucket: row.bucket, id: row.id, seq: all, bulk: all }, ...row.absorbed]
      const values = {
        buckets: places.map(p => p.bucket),
        ids: places.map(p => p.id),
        seqs: places.map(p => p.seq),
        bulks: places.map(p => p.bulk),
        before: at === undefined ? "infinity" : formatInstant(at),
        most: most + 1,
      }
      const [events, steps, messages] = await Promise.all([
        store.timelineEvents(db, values),
        store.timelineSteps(db, { ...values, bucket: row.bucket, id: row.id }),
        store.timelineMessages(db, values),
      ])
      const programs = await deps.programs.get([...steps, ...messages].map(r => r.version_id))
      const entries = [
        ...events.flatMap(e => {
          const item = eventItem(e)
          return item === undefined ? [] : [{ order: [e.at, 0, e.seq, 0], item }]
        }),
        ...messages.flatMap(m => {
          const published = programs.get(m.version_id)
          return published === undefined ? [] : [{ order: [m.at, 2, 0, 0], item: messageItem(m, published) }]
        }),
        ...steps.flatMap(s => {
          const published = programs.get(s.version_id)
          return published === undefined
            ? []
            : [{ order: [s.at, 1, s.seq, s.visit], item: stepItem(s, published) }]
        }),
      ].sort((a, b) => compare(b.order, a.order))
      return pageOf(
        entries.map(e => ({ at: e.order[0]!, item: e.item })),
        most,
      )
    },
  }
}

const compare = (a: readonly number[], b: readonly number[]): number => {
  for (const [i, value] of a.entries()) if (value !== b[i]) return value - b[i]!
  return 0
}

/** Cuts after `most` items, but never between two of one instant, for the next page begins before an instant. */
const pageOf = (
  entries: readonly { at: EpochMs; item: TimelineItem }[],
  most: number,
): Page<TimelineItem> => {
  if (entries.length <= most) return { items: entries.map(e => e.item) }
  const edge = entries[most]!.at
  let end = entries.findIndex(e => e.at === edge)
  if (end === 0) end = entries.findLastIndex(e => e.at === edge) + 1
  const items = entries.slice(0, end).map(e => e.item)
  return { items, next: formatInstant(entries[end - 1]!.at) }
}

/** Answers to effects are not shown: the steps that they lead to are. */
const eventItem = (row: store.EventItemRow): TimelineItem | undefined => {
  const at = formatInstant(row.at)
  if (row.kind === InternalKind.merged) return { kind: "merge", at, id: String(row.body.loser) }
  if (row.name === null || row.kind === InternalKind.effect) return undefined
  return {
    kind: "event",
    at,
    name: row.name,
    type: callNames[row.kind] ?? "track",
    messageId: row.message_id,
    ...(row.mode === 1 ? { history: true as const } : {}),
    properties: (row.body.properties ?? row.body.traits ?? {}) as JsonObject,
  }
}

const stepItem = (row: store.StepItemRow, published: Published): TimelineItem => {
  const node = published.program.nodes[row.node]
  const because = row.note?.because as JsonObject | undefined
  return {
    kind: "step",
    at: formatInstant(row.at),
    journey: published.journeyKey,
    version: published.number,
    ...nodeNames(published, row.node),
    arrivedAt: formatInstant(row.arrived_at),
    ...(row.outcome >= 0
      ? { outcome: node?.outcomes[row.outcome] ?? "" }
      : { ended: endOfCode(node, row.outcome) }),
    ...(because === undefined ? {} : { because }),
    ...(row.note?.error === undefined ? {} : { error: row.note.error }),
  }
}

/** Empty where the template fails on these values, which is why such a message was refused. */
const subjectOf = (row: store.MessageItemRow, published: Published): string => {
  if (row.channel !== Channel.email) return titleOfCall(row.recipient, row.frozen)
  const content = published.program.nodes[row.node]?.content
  if (content === undefined) return ""
  try {
    return renderMessage(content, row.frozen, { unsubscribe: "" }).subject
  } catch {
    return ""
  }
}

const messageItem = (row: store.MessageItemRow, published: Published): TimelineItem => {
  return {
    kind: "message",
    at: formatInstant(row.at),
    id: row.id,
    journey: published.journeyKey,
    ...nodeNames(published, row.node),
    channel: row.channel === Channel.email ? "email" : "webhook",
    subject: subjectOf(row, published),
    state: messageState(row.state),
  }
}
