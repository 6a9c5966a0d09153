import {
  type EpochMs,
  formatInstant,
  type JsonObject,
  type TemplateId,
  template,
} from "@viaggio/journey-model"
import type { ClockService } from "../answers.ts"
import type { CatalogueCollector } from "../catalogue/collect.ts"
import type { Db } from "../db/client.ts"
import type { Coalescer } from "../ingest/coalescer.ts"
import { type Incoming, readCall } from "../ingest/message.ts"
import type { Journeys } from "../journeys/service.ts"
import type { Ports } from "../ports.ts"
import { Refusal } from "../refusal.ts"
import type { Hand, TaskHandler, Tasks } from "../tasks/tasks.ts"
import type { Workspaces } from "../workspaces/service.ts"
import type { Workspace } from "../workspaces/workspace.ts"
import { hourOf, NEWCOMERS } from "./shop.ts"

export type SampleStoreView = {
  running: boolean
  startedAt?: string
  customers: number
  events: number
  /** The journey to look at. */
  journey?: string
}

/** `where`: a new sandbox, or the workspace itself. */
export type SampleStoreOrder = { where: "sandbox" | "here"; language: "en" | "it" }

type About = { seed: string; language: "en" | "it"; journey: string }
type Progress = { hour: number; events: number }

export const SAMPLE_STORE = "sample-store"
/** An hour of the shop's life. */
const TICK_MS = 1_000
const hourMs = 3_600_000
/** The shop closes by itself. */
const MOST_HOURS = 900

const published: readonly TemplateId[] = ["welcome", "abandoned-cart"]
const names = { en: "Sample store", it: "Negozio di prova" }

export type SampleStoreDeps = {
  db: Db
  ports: Pick<Ports, "now" | "sleep" | "randomBytes">
  tasks: Tasks
  workspaces: Workspaces
  journeys: Journeys
  clock: ClockService
  coalescer: Pick<Coalescer, "append">
  catalogue: Pick<CatalogueCollector, "note">
  /** Whether messages of a workspace on the real clock leave. */
  smtp: boolean
}

/** A made-up shop whose customers sign up, look around, leave carts and buy, an hour of theirs every second. */
export const createSampleStore = (deps: SampleStoreDeps) => {
  const { tasks, journeys } = deps

  /** Its journeys, under free keys, live; answers the first one's key. */
  const publish = async (workspace: Workspace, language: "en" | "it"): Promise<string> => {
    const keys: string[] = []
    for (const id of published) {
      const document = template(id, language)
      const { key } = await journeys.create(workspace, document.name, document)
      await journeys.publish(workspace, key, {})
      keys.push(key)
    }
    return keys[0]!
  }

  const get = async (workspace: Workspace): Promise<SampleStoreView> => {
    const task = await tasks.newest(workspace, SAMPLE_STORE)
    if (task === undefined) return { running: false, customers: 0, events: 0 }
    const { hour, events } = progressOf(task.progress)
    return {
      running: task.state === "open",
      startedAt: formatInstant(task.created_at),
      customers: hour * NEWCOMERS,
      events,
      journey: (task.about as unknown as About).journey,
    }
  }

  return {
    get,

    async start(
      workspace: Workspace,
      { where, language }: SampleStoreOrder,
      by: string,
    ): Promise<{ workspace: string; journey: string }> {
      if (where === "here" && !workspace.sandbox && deps.smtp)
        throw new Refusal(
          "conflict",
          "Messages of this workspace really leave. Take a sandbox for the sample store.",
        )
      if (where === "here" && (await get(workspace)).running)
        throw new Refusal("conflict", "The sample store is open already.")
      const target =
        where === "here"
          ? workspace
          : await deps.workspaces.createBeside(workspace, {
              name: names[language],
              zone: workspace.zone,
              language,
              sandbox: true,
            })
      const journey = await publish(target, language)
      const seed = Buffer.from(deps.ports.randomBytes(4)).toString("hex")
      await tasks.ask(deps.db, target, { kind: SAMPLE_STORE, about: { seed, language, journey }, by })
      tasks.wake()
      return { workspace: target.publicId, journey }
    },

    /** What it has brought stays. */
    async stop(workspace: Workspace): Promise<SampleStoreView> {
      const task = await tasks.newest(workspace, SAMPLE_STORE)
      if (task !== undefined) await tasks.cancel(workspace, task.id)
      return get(workspace)
    },
  }
}

export type SampleStore = ReturnType<typeof createSampleStore>

const progressOf = (progress: JsonObject): Progress => ({
  hour: 0,
  events: 0,
  ...(progress as Partial<Progress>),
})

/**
 * Keeps the shop open: every second moves a sandbox's clock by an hour and brings through the door what its customers
 * do meanwhile. On the real clock all of it happens now.
 */
export const createSampleStoreRun =
  (deps: SampleStoreDeps): TaskHandler =>
  async (task, hand: Hand) => {
    const { seed, language } = task.about as unknown as About
    const { ports } = deps
    let { hour, events } = progressOf(task.progress)
    for (; hour < MOST_HOURS; hour += 1) {
      const workspace = await deps.workspaces.find(task.workspace_id)
      if (workspace === undefined) return
      const began = ports.now()
      const happening = hourOf(seed, hour, language)
      const until = workspace.sandbox ? await moveClock(deps, workspace) : began
      events += await bring(deps, workspace, happening, until)
      await hand.save({ hour: hour + 1, events })
      await ports.sleep(Math.max(0, began + TICK_MS - ports.now()))
    }
  }

const moveClock = async ({ clock }: SampleStoreDeps, workspace: Workspace): Promise<EpochMs> => {
  const { now } = await clock.get(workspace)
  await clock.advance(workspace, now + hourMs)
  return (await clock.get(workspace)).now
}

/** Answers how many the door has let in. */
const bring = async (
  { coalescer, catalogue }: SampleStoreDeps,
  workspace: Workspace,
  happening: ReturnType<typeof hourOf>,
  until: EpochMs,
): Promise<number> => {
  const incoming = happening.flatMap(({ at, messageId, call }, i): Incoming[] => {
    const timestamp = workspace.sandbox
      ? { timestamp: formatInstant(Math.round(until - (1 - at) * hourMs)) }
      : {}
    const read = readCall({ ...call, messageId, ...timestamp }, i, "")
    return "field" in read ? [] : [read]
  })
  if (incoming.length === 0) return 0
  const receipts = await coalescer.append(
    incoming.map(event => ({ workspace: workspace.id, sandbox: workspace.sandbox, event })),
  )
  for (const [i, receipt] of receipts.entries())
    if (receipt.kind === "accepted") catalogue.note(workspace.id, incoming[i]!, receipt.occurredAt)
  return receipts.filter(({ kind }) => kind === "accepted").length
}
