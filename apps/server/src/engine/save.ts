import type { CustomerTurn, Enrollment, Step } from "@viaggio/journey-model"
import type { Tx } from "../db/client.ts"
import { MessageCode } from "../effects/dispatch-store.ts"
import { SANDBOX_PROVIDER } from "../effects/dispatcher.ts"
import { Channel } from "../effects/handler.ts"
import { webhookProvider } from "../effects/webhook-provider.ts"
import { CallKind, InternalKind } from "../ingest/message.ts"
import type { EventNames } from "../ingest/names.ts"
import { addTo, Columns } from "./columns.ts"
import * as store from "./engine-store.ts"
import { instantText as instant } from "./instant-text.ts"
import type { Loaded } from "./load.ts"
import { codeOfStep, Measure, notAdmittedMeasure } from "./measures.ts"
import type { LiveVersion } from "./worlds.ts"

/** One customer after the fold. */
export type Folded = { loaded: Loaded; turn: CustomerTurn }

export type Saved = { turnSeq: number; steps: number; messages: number; versions: Set<number> }

const hourOf = (at: number): string => instant(Math.floor(at / 3_600_000) * 3_600_000)
const toUuid = (hex: string): string =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`

/**
 * Writes what a batch decided, each table in one statement. All of it stands or falls with the caller's
 * transaction; the statements are sent without waiting for one another.
 */
export const saveBatch = async (
  tx: Tx,
  bucket: number,
  clock: { now: number; today: string; turnSeq: number },
  folded: readonly Folded[],
  names: EventNames,
): Promise<Saved> => {
  const counters = new Map<string, number>()
  const hours = new Map<string, number>()
  const inside = new Map<string, number>()
  const turns = new Columns<TurnRow>()
  const added = new Columns<AddedRow>()
  const changed = new Columns<ChangedRow>()
  const messages = new Columns<MessageRow>()
  const versions = new Set<number>()
  let turnSeq = clock.turnSeq
  let steps = 0

  for (const { loaded, turn } of folded) {
    const versionOf = (id: number) => loaded.workspace.versions.get(id)!
    const isNew = new Set(turn.entered.map(e => e.enrollment.id))
    const before = new Map(loaded.customer.enrollments.map(e => [e.enrollment.id, e.enrollment]))
    for (const { version: id, enrollment } of turn.touched) {
      const version = versionOf(id)
      versions.add(id)
      countInside(inside, version, before.get(enrollment.id), enrollment)
      if (isNew.has(enrollment.id)) added.push(addedRow(loaded, version, enrollment, clock.now))
      else changed.push(changedRow(version, enrollment, clock.now))
    }
    for (const { version, enrollment } of turn.entered)
      countEntered(counters, hours, versionOf(version), enrollment)
    for (const { version: id, steps: run } of runsOf(turn.steps)) {
      const version = versionOf(id)
      turnSeq += 1
      steps += run.length
      turns.push(turnRow(turnSeq, version, run))
      countSteps(counters, version, run, turn)
    }
    for (const { version, reason } of turn.notAdmitted) {
      versions.add(version)
      addTo(
        counters,
        `${version}:${versionOf(version).version.program.entry}:${notAdmittedMeasure[reason]}`,
        1,
      )
    }
    for (const asked of turn.effects) {
      const { version: id, effect } = asked
      const node = versionOf(id).version.program.index.get(effect.node)!
      if (effect.kind === "sendMessage") addTo(counters, `${id}:${node}:${Measure.messagesQueued}`, 1)
      messages.push({ ...messageRow(loaded, asked), nodes: node })
    }
  }

  const now = instant(clock.now)
  await Promise.all([
    saveProfiles(tx, bucket, folded, clock.now),
    saveDigests(tx, bucket, folded, names),
    added.isEmpty ? undefined : store.addEnrollments(tx, { bucket, ...added.columns }),
    changed.isEmpty ? undefined : store.saveEnrollments(tx, { bucket, ...changed.columns }),
    turns.isEmpty ? undefined : store.addTurns(tx, { bucket, now, today: clock.today, ...turns.columns }),
    saveCounters(tx, bucket, counters, hours, inside),
    messages.isEmpty ? undefined : store.addMessages(tx, { bucket, ...messages.columns }),
  ])
  return { turnSeq, steps, messages: messages.length, versions }
}

type TurnRow = {
  seqs: number
  workspaces: number
  versions: number
  enrollments: string
  visits: number
  arrived: string
  left: string
  nodes: string
  outcomes: string
  notes: string | null
}
type ChangedRow = {
  ids: string
  nodes: number
  visits: number
  arrived: string
  wakes: string | null
  helds: string | null
  states: string | null
  ended: string | null
  reasons: string | null
}
type AddedRow = ChangedRow & {
  workspaces: number
  journeys: number
  versions: number
  profiles: string
  clocks: number
  entered: string
  entries: string
}
type MessageRow = {
  channels: number
  providers: string
  states: number
  sent: string | null
  errors: string | null
  ids: string
  workspaces: number
  versions: number
  nodes: number
  enrollments: string
  profiles: string
  clocks: number
  recipients: string
  frozen: string
  queued: string
}

const changedRow = (version: LiveVersion, enrollment: Enrollment, now: number): ChangedRow => {
  const { ended, wakeAt } = enrollment
  const wake = ended !== undefined || wakeAt === undefined ? null : instant(wakeAt)
  const isHeld = wake !== null && version.version.state === "paused" && wakeAt! <= now
  return {
    ids: toUuid(enrollment.id),
    nodes: version.version.program.index.get(enrollment.node)!,
    visits: enrollment.visit,
    arrived: instant(enrollment.arrivedAt),
    wakes: isHeld ? null : wake,
    helds: isHeld ? wake : null,
    states: stateOf(enrollment),
    ended: ended === undefined ? null : instant(ended.at),
    reasons: ended?.reason ?? null,
  }
}

const addedRow = (loaded: Loaded, version: LiveVersion, enrollment: Enrollment, now: number): AddedRow => {
  const { name, at, messageId, properties } = enrollment.entry
  return {
    ...changedRow(version, enrollment, now),
    workspaces: loaded.workspace.id,
    journeys: version.journeyId,
    versions: version.id,
    profiles: loaded.customer.id,
    clocks: loaded.workspace.clock,
    entered: instant(enrollment.enteredAt),
    entries: JSON.stringify(
      Object.keys(properties).length > 0 ? { name, at, messageId, properties } : { name, at, messageId },
    ),
  }
}

const stateOf = ({ arrivals, context, held, drawnFor }: Enrollment): string | null => {
  const state: store.EnrollmentRow["state"] = {}
  if (Object.keys(arrivals).length > 0) state!.arrivals = arrivals
  if (Object.keys(context).length > 0) state!.context = context
  if (held === true) state!.held = true
  if (drawnFor !== undefined) state!.drawnFor = drawnFor
  return Object.keys(state!).length === 0 ? null : JSON.stringify(state)
}

/** Cuts the steps of a fold into turns: neighbours of one enrollment that left at one instant. */
const runsOf = (steps: CustomerTurn["steps"]): { version: number; steps: Step[] }[] => {
  const runs: { version: number; steps: Step[] }[] = []
  for (const { version, step } of steps) {
    const run = runs.at(-1)
    const last = run?.steps.at(-1)
    const goesOn =
      last !== undefined &&
      last.enrollment === step.enrollment &&
      last.leftAt === step.leftAt &&
      step.arrivedAt === step.leftAt &&
      step.visit === last.visit + 1
    if (goesOn) run!.steps.push(step)
    else runs.push({ version, steps: [step] })
  }
  return runs
}

const turnRow = (seq: number, version: LiveVersion, steps: readonly Step[]): TurnRow => {
  const { program } = version.version
  const first = steps[0]!
  const nodes = steps.map(step => program.index.get(step.node)!)
  const notes: Record<string, { because?: Step["because"]; error?: string }> = {}
  for (const { visit, because, error } of steps)
    if (because !== undefined || error !== undefined)
      notes[visit] = {
        ...(because === undefined ? {} : { because }),
        ...(error === undefined ? {} : { error }),
      }
  return {
    seqs: seq,
    workspaces: version.workspace,
    versions: version.id,
    enrollments: toUuid(first.enrollment),
    visits: first.visit,
    arrived: instant(first.arrivedAt),
    left: instant(first.leftAt),
    nodes: `{${nodes.join(",")}}`,
    outcomes: `{${steps.map((step, i) => codeOfStep(program.nodes[nodes[i]!]!, step)).join(",")}}`,
    notes: Object.keys(notes).length === 0 ? null : JSON.stringify(notes),
  }
}

/** What the outbox holds of an effect; a call that was answered in the fold itself is there as a record only. */
const messageRow = (
  { workspace, customer }: Loaded,
  { version, effect, at, answer }: CustomerTurn["effects"][number],
): Omit<MessageRow, "nodes"> => {
  const queued = instant(at)
  const row = {
    ids: toUuid(effect.id),
    workspaces: workspace.id,
    versions: version,
    enrollments: toUuid(effect.enrollment),
    profiles: customer.id,
    clocks: workspace.clock,
    queued,
    states: MessageCode.queued,
    sent: null,
    errors: null,
  }
  if (effect.kind === "sendMessage") {
    const provider = workspace.clock === 0 ? "smtp" : SANDBOX_PROVIDER
    const frozen = JSON.stringify(effect.values)
    return { ...row, channels: Channel.email, providers: provider, recipients: effect.to, frozen }
  }
  const { request, timeoutMs, attempts, save } = effect
  const call = {
    ...row,
    channels: Channel.webhook,
    providers: workspace.clock === 0 ? webhookProvider(request.url) : SANDBOX_PROVIDER,
    recipients: request.url,
    frozen: JSON.stringify({ request, timeoutMs, attempts, save }),
  }
  if (answer === undefined) return call
  if (answer.outcome === "succeeded") return { ...call, states: MessageCode.sent, sent: queued }
  return { ...call, states: MessageCode.refused, errors: answer.error ?? null }
}

/** An arrival at the entry; the arrivals after it are counted by the steps that lead to them. */
const countEntered = (
  counters: Map<string, number>,
  hours: Map<string, number>,
  version: LiveVersion,
  { enteredAt }: Enrollment,
): void => {
  const key = `${version.id}:${version.version.program.entry}:${Measure.entered}`
  addTo(counters, key, 1)
  addTo(hours, `${key}:${hourOf(enteredAt)}`, 1)
}

/** Every step that leads on begins a visit at its target, whether that one is finished in this turn or parked. */
const countSteps = (
  counters: Map<string, number>,
  version: LiveVersion,
  steps: readonly Step[],
  turn: CustomerTurn,
): void => {
  const { program } = version.version
  for (const step of steps) {
    const node = program.nodes[program.index.get(step.node)!]!
    const code = codeOfStep(node, step)
    addTo(counters, `${version.id}:${node.index}:${code}`, 1)
    if (step.error !== undefined) addTo(counters, `${version.id}:${node.index}:${Measure.failed}`, 1)
    const target = code >= 0 ? node.targets[code]! : -1
    if (target >= 0 && beginsVisit(step, turn))
      addTo(counters, `${version.id}:${target}:${Measure.entered}`, 1)
  }
}

/** A step with an outcome that ended at the node limit leads nowhere; every other one is followed by a visit. */
const beginsVisit = (step: Step, turn: CustomerTurn): boolean => {
  const final = turn.touched.find(e => e.enrollment.id === step.enrollment)!.enrollment
  return final.visit > step.visit
}

const countInside = (
  inside: Map<string, number>,
  version: LiveVersion,
  before: Enrollment | undefined,
  after: Enrollment,
): void => {
  const { program } = version.version
  if (before !== undefined) addTo(inside, `${version.id}:${program.index.get(before.node)!}`, -1)
  if (after.ended === undefined) addTo(inside, `${version.id}:${program.index.get(after.node)!}`, 1)
}

const saveProfiles = (tx: Tx, bucket: number, folded: readonly Folded[], now: number) => {
  const written = new Columns<{
    ids: string
    workspaces: number
    attributes: string
    times: string
    stimuli: string
    received: string
  }>()
  const touched = new Columns<{ ids: string; stimuli: string }>()
  for (const { loaded, turn } of folded) {
    const { customer } = turn
    if (loaded.isNew || customer.attributes !== loaded.customer.attributes)
      written.push({
        ids: customer.id,
        workspaces: loaded.workspace.id,
        attributes: JSON.stringify(customer.attributes),
        times: JSON.stringify(customer.valueTimes),
        stimuli: instant(customer.lastStimulusAt),
        received: instant(loaded.events[0]?.received_at ?? now),
      })
    else if (customer.lastStimulusAt !== loaded.customer.lastStimulusAt)
      touched.push({ ids: customer.id, stimuli: instant(customer.lastStimulusAt) })
  }
  return Promise.all([
    written.isEmpty ? undefined : store.saveProfiles(tx, { bucket, ...written.columns }),
    touched.isEmpty ? undefined : store.touchProfiles(tx, { bucket, ...touched.columns }),
  ])
}

const saveDigests = (tx: Tx, bucket: number, folded: readonly Folded[], names: EventNames) => {
  const rows = new Columns<{
    profiles: string
    names: number
    counts: number
    firsts: string
    lasts: string
  }>()
  for (const { loaded } of folded) {
    const sums = new Map<number, { count: number; first: number; last: number }>()
    for (const event of loaded.events) {
      if (event.kind === CallKind.identify || event.kind >= InternalKind.effect) continue
      if (names.nameOf(event.name_id) === undefined) continue
      const sum = sums.get(event.name_id)
      if (sum === undefined)
        sums.set(event.name_id, { count: 1, first: event.occurred_at, last: event.occurred_at })
      else {
        sum.count += 1
        sum.first = Math.min(sum.first, event.occurred_at)
        sum.last = Math.max(sum.last, event.occurred_at)
      }
    }
    for (const [name, { count, first, last }] of sums)
      rows.push({
        profiles: loaded.customer.id,
        names: name,
        counts: count,
        firsts: instant(first),
        lasts: instant(last),
      })
  }
  return rows.isEmpty ? undefined : store.saveDigests(tx, { bucket, ...rows.columns })
}

const saveCounters = (
  tx: Tx,
  bucket: number,
  counters: ReadonlyMap<string, number>,
  hours: ReadonlyMap<string, number>,
  inside: ReadonlyMap<string, number>,
) => {
  const totals = new Columns<{ versions: number; nodes: number; measures: number; counts: number }>()
  for (const [key, n] of counters) {
    const [version, node, measure] = key.split(":").map(Number) as [number, number, number]
    totals.push({ versions: version, nodes: node, measures: measure, counts: n })
  }
  const hourly = new Columns<{
    versions: number
    hours: string
    nodes: number
    measures: number
    counts: number
  }>()
  for (const [key, n] of hours) {
    const [version, node, measure, ...hour] = key.split(":")
    hourly.push({
      versions: Number(version),
      hours: hour.join(":"),
      nodes: Number(node),
      measures: Number(measure),
      counts: n,
    })
  }
  const standing = new Columns<{ versions: number; nodes: number; counts: number }>()
  for (const [key, n] of inside) {
    if (n === 0) continue
    const [version, node] = key.split(":").map(Number) as [number, number]
    standing.push({ versions: version, nodes: node, counts: n })
  }
  return Promise.all([
    totals.isEmpty ? undefined : store.addCounters(tx, { bucket, ...totals.columns }),
    hourly.isEmpty ? undefined : store.addHours(tx, { bucket, ...hourly.columns }),
    standing.isEmpty ? undefined : store.addInside(tx, { bucket, ...standing.columns }),
  ])
}
