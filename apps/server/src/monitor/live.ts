import type { EpochMs } from "@viaggio/journey-model"
import type { JourneyCounts, NodeCounts } from "../answers.ts"
import type { Stats } from "./stats.ts"

/** At most so often, when told that something changed. */
const TICK_MS = 250
/** At least so often, told or not. */
const REFRESH_MS = 1_000
const HEARTBEAT_MS = 15_000

type Workspace = { id: number; sandbox: boolean; clockNow?: EpochMs | undefined }
/** One page that watches: writes text into its stream. */
export type Viewer = { write(chunk: string): void }

type Topic = {
  workspace: Workspace
  key: string
  version: "all" | number
  versions: number[]
  viewers: Set<Viewer>
  /** What every viewer has seen. */
  shown: JourneyCounts
  revision: number
  dirty: boolean
  readAt: number
}

export type LiveHub = {
  watch(workspace: Workspace, key: string, version: "all" | number, viewer: Viewer): Promise<() => void>
  /** Numbers of these versions changed. */
  changed(versions: ReadonlySet<number>): void
  /** Versions were published or states changed. */
  redefined(): void
  stop(): void
  viewers(): number
}

/**
 * Sends the numbers of watched journeys to all their viewers. It reads absolute totals, once for all viewers of
 * a journey, and writes one text to all of them; nothing is added up from messages, so any gap heals.
 */
export const createLiveHub = (deps: {
  stats: Stats
  monotonicMs(): number
  /** The workspace as it is now (a sandbox's clock moves). */
  workspaceOf(id: number): Promise<Workspace | undefined>
  log: { error(error: unknown, text: string): void }
}): LiveHub => {
  const topics = new Map<string, Topic>()
  let timer: NodeJS.Timeout | undefined
  let beatAt = 0
  let reading: Promise<void> = Promise.resolve()
  let busy = false

  const read = async (topic: Topic): Promise<void> => {
    topic.dirty = false
    topic.readAt = deps.monotonicMs()
    const workspace = (await deps.workspaceOf(topic.workspace.id)) ?? topic.workspace
    const counts = await deps.stats.ofVersions(workspace, topic.key, topic.version, topic.versions)
    const delta = differenceOf(topic.shown, counts)
    topic.shown = counts
    if (delta === undefined) return
    topic.revision += 1
    const text = frame("delta", topic.revision, delta)
    for (const viewer of topic.viewers) viewer.write(text)
  }

  const tick = async (): Promise<void> => {
    const now = deps.monotonicMs()
    const due = [...topics.values()].filter(t => t.dirty || now - t.readAt >= REFRESH_MS)
    for (const topic of due)
      await read(topic).catch(error => deps.log.error(error, "live numbers could not be read"))
    if (now - beatAt < HEARTBEAT_MS) return
    beatAt = now
    for (const { viewers } of topics.values())
      for (const viewer of viewers) viewer.write("event: beat\ndata: {}\n\n")
  }

  const run = () => {
    timer ??= setInterval(() => {
      if (busy) return
      busy = true
      reading = tick().finally(() => {
        busy = false
      })
    }, TICK_MS)
    timer.unref()
  }

  return {
    async watch(workspace, key, version, viewer) {
      const name = `${workspace.id}:${key}:${version}`
      const versions = await deps.stats.versionsOf(workspace, key, version)
      const counts = await deps.stats.ofVersions(workspace, key, version, versions)
      // From here on nothing is waited for: the topic must not go, nor send a delta, before the viewer is in it.
      const topic: Topic = topics.get(name) ?? {
        workspace,
        key,
        version,
        versions,
        viewers: new Set(),
        shown: counts,
        revision: 0,
        dirty: false,
        readAt: 0,
      }
      topics.set(name, topic)
      topic.versions = versions
      topic.dirty = true
      // What the others have seen last, for that is what the next delta starts from.
      viewer.write(frame("snapshot", topic.revision, topic.shown))
      topic.viewers.add(viewer)
      run()
      return () => {
        topic.viewers.delete(viewer)
        if (topic.viewers.size === 0 && topics.get(name) === topic) topics.delete(name)
        if (topics.size === 0) {
          clearInterval(timer)
          timer = undefined
        }
      }
    },
    changed(versions) {
      for (const topic of topics.values()) if (topic.versions.some(id => versions.has(id))) topic.dirty = true
    },
    redefined() {
      for (const topic of topics.values())
        deps.stats
          .versionsOf(topic.workspace, topic.key, topic.version)
          .then(versions => {
            topic.versions = versions
            topic.dirty = true
          })
          .catch(error => deps.log.error(error, "a watched journey could not be read"))
    },
    stop() {
      clearInterval(timer)
      timer = undefined
      void reading
    },
    viewers: () => [...topics.values()].reduce((sum, topic) => sum + topic.viewers.size, 0),
  }
}

const frame = (event: "snapshot" | "delta", id: number, data: unknown): string =>
  `event: ${event}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`

/** What changed, whole node by whole node; undefined when nothing did (the time alone is no change). */
const differenceOf = (before: JourneyCounts, after: JourneyCounts): Partial<JourneyCounts> | undefined => {
  const nodes: Record<string, NodeCounts> = {}
  for (const [id, counts] of Object.entries(after.nodes))
    if (JSON.stringify(before.nodes[id]) !== JSON.stringify(counts)) nodes[id] = counts
  const isSame =
    Object.keys(nodes).length === 0 && JSON.stringify(before.totals) === JSON.stringify(after.totals)
  if (isSame) return undefined
  const { journey, version, at, totals } = after
  return { journey, version, at, totals, nodes }
}
