import {
  type Admission,
  addNeeds,
  type Condition,
  compile,
  type EpochMs,
  type EventFact,
  emptyNeeds,
  formatInstant,
  type Journey,
  type Program,
  type View,
} from "@viaggio/journey-model"
import type { Db } from "../db/client.ts"
import type { Ports } from "../ports.ts"
import { extrapolated, survey } from "../profiles/survey.ts"
import { readBuckets, readSurveyed } from "../profiles/survey-store.ts"
import { namesOf, viewsOf } from "../profiles/views.ts"
import type { Workspace } from "../workspaces/workspace.ts"
import { windowOf } from "./habits.ts"
import * as store from "./habits-store.ts"

/** Whom a draft would have let in by the events of the last days, customers taken as they are now. */
export type Impact = {
  /** The event that lets in; null while the draft cannot run. */
  event: string | null
  days: number
  events: number
  customers: number
  wouldEnter: { events: number; customers: number }
  turnedAway: { where: number; audience: number; reentry: number }
  estimate: boolean
  share: number
}

const DAYS = 30
const dayMs = 86_400_000
const BUDGET_MS = 1_500
const MOST_EVENTS = 100_000

const nothing = { events: 0, customers: 0, entering: 0, comers: 0, where: 0, audience: 0, reentry: 0 }
type Counted = typeof nothing
type Came = { profile: string; event: EventFact }

export const createImpact = (deps: { db: Db; ports: Pick<Ports, "now" | "monotonicMs"> }) => {
  const { db, ports } = deps

  return {
    async of(workspace: Workspace, journey: Journey): Promise<Impact> {
      const compiled = compile(journey)
      if (!compiled.ok) return toImpact(null, nothing, 1)
      const program = compiled.value
      const { event } = program.admission
      const [names, buckets] = await Promise.all([namesOf(db, workspace.id, [event]), readBuckets(db, {})])
      if (names.size === 0) return toImpact(event, nothing, 1)
      const now = workspace.clockNow ?? ports.now()
      const { parts, share } = await survey(
        { buckets: buckets.map(row => row.bucket), budgetMs: BUDGET_MS, monotonicMs: ports.monotonicMs },
        bucket => countBucket(db, { bucket, workspace, program, now, names: [...names.keys()] }),
      )
      const sum = parts.reduce(
        (all, part) => {
          for (const key of Object.keys(all) as (keyof Counted)[]) all[key] += part[key]
          return all
        },
        { ...nothing },
      )
      return toImpact(event, sum, share)
    },
  }
}

export type ImpactService = ReturnType<typeof createImpact>

const toImpact = (event: string | null, counted: Counted, share: number): Impact => {
  const whole = (of: keyof Counted) => extrapolated(counted[of], share)
  return {
    event,
    days: DAYS,
    events: whole("events"),
    customers: whole("customers"),
    wouldEnter: { events: whole("entering"), customers: whole("comers") },
    turnedAway: { where: whole("where"), audience: whole("audience"), reentry: whole("reentry") },
    estimate: share < 1,
    share,
  }
}

type Asked = { bucket: number; workspace: Workspace; program: Program; now: EpochMs; names: number[] }

/** In the order in which the engine asks: the event's own condition, the audience, re-entry. */
const countBucket = async (db: Db, asked: Asked): Promise<Counted> => {
  const { bucket, workspace, program, now, names } = asked
  const { admission } = program
  const rows = await store.readEvents(db, {
    bucket,
    workspace: workspace.id,
    ...windowOf(workspace, now - DAYS * dayMs),
    names,
    most: MOST_EVENTS,
  })
  const came = rows.map(
    ({ profile_id, at, message_id, properties }): Came => ({
      profile: profile_id,
      event: { name: admission.event, at, messageId: message_id, properties: properties ?? {} },
    }),
  )
  const views = await viewsOfComers(db, asked, came)
  const fitting = came.filter(({ profile, event }) => {
    const view = views.get(profile)
    return view !== undefined && admission.where(event, at(view, event))
  })
  const { audience } = admission
  const wanted =
    audience === undefined
      ? fitting
      : fitting.filter(({ profile, event }) => audience.test(at(views.get(profile)!, event)))
  const entering = await admitted(db, asked, wanted)
  return {
    events: came.length,
    customers: new Set(came.map(({ profile }) => profile)).size,
    entering: entering.length,
    comers: new Set(entering.map(({ profile }) => profile)).size,
    where: came.length - fitting.length,
    audience: fitting.length - wanted.length,
    reentry: wanted.length - entering.length,
  }
}

const at = (view: View, event: EventFact): View => ({
  ...view,
  now: event.at,
  enteredAt: event.at,
  entry: event,
})

const viewsOfComers = async (
  db: Db,
  { bucket, workspace, program, now }: Asked,
  came: readonly Came[],
): Promise<Map<string, View>> => {
  const needs = emptyNeeds()
  const entry = program.nodes[program.entry]?.config as { audience?: Condition } | undefined
  if (entry?.audience !== undefined) addNeeds(needs, entry.audience)
  const ids = [...new Set(came.map(({ profile }) => profile))]
  if (ids.length === 0) return new Map()
  const names = await namesOf(db, workspace.id, [...needs.digest, ...needs.history.keys()])
  const rows = await readSurveyed(db, { bucket, ids })
  const views = await viewsOf(db, { bucket, rows, needs, names, now })
  return new Map(views.map(view => [view.customer, view]))
}

/**
 * As if the draft had run since the window began, so that those count whom a published version has let in meanwhile.
 * How long somebody stays is not known, so a journey that one may enter again after its end counts from the entry.
 */
const admitted = async (
  db: Db,
  { bucket, workspace, program, now }: Asked,
  wanted: readonly Came[],
): Promise<Came[]> => {
  const { reentry }: Pick<Admission, "reentry"> = program.admission
  if (reentry.mode === "always") return [...wanted]
  const last = new Map<string, EpochMs>()
  if (reentry.mode === "once") {
    const profiles = [...new Set(wanted.map(({ profile }) => profile))]
    const visitors = await store.readVisitors(db, {
      bucket,
      workspace: workspace.id,
      key: program.key,
      profiles,
      since: formatInstant(now - DAYS * dayMs),
    })
    for (const { profile_id } of visitors) last.set(profile_id, 0)
  }
  const pause = reentry.mode === "once" ? Number.POSITIVE_INFINITY : reentry.cooldownMs
  return wanted.filter(({ profile, event }) => {
    const before = last.get(profile)
    if (before !== undefined && event.at - before < pause) return false
    last.set(profile, event.at)
    return true
  })
}
