import type { EpochMs, Json, JsonObject } from "@viaggio/journey-model"
import type { Db } from "../db/client.ts"
import type { Incoming } from "../ingest/message.ts"
import type { EventNames } from "../ingest/names.ts"
import * as store from "./store.ts"

/** Stands in for an event name where the paths are those of profiles' attributes. */
const ATTRIBUTES = 0
/** Samples kept of a path. */
export const SAMPLES = 3
const FLUSH_MS = 1_000
/** A name is looked into at most this often; its count is kept for every event. */
const LOOK_EVERY_MS = 2_000
const MOST_PATHS = 200
const MOST_SAMPLE_LENGTH = 120
/** Names of a workspace whose keys are kept. */
const MOST_KEYS = 5_000

/** The type of a value as the editor's fields and the checks name it. */
export type ValueType = "text" | "number" | "boolean" | "date" | "list" | "object"

type Learned = { type: ValueType; seenAt: EpochMs; samples: Json[] }
type NameNotes = { workspace: number; name: string; count: number; seenAt: EpochMs }

/** Learns from what passes the door which events, properties and attributes exist. */
export type CatalogueCollector = {
  note(workspace: number, event: Incoming, at: EpochMs): void
  flush(): Promise<void>
  start(): void
  stop(): Promise<void>
}

export const createCatalogueCollector = (deps: {
  db: Db
  names: EventNames
  now(): EpochMs
  log(error: unknown, text: string): void
}): CatalogueCollector => {
  let events = new Map<string, NameNotes>()
  let values = new Map<string, Map<string, Learned>>()
  const lookedAt = new Map<string, EpochMs>()
  let timer: NodeJS.Timeout | undefined

  const learn = (key: string, data: JsonObject, at: EpochMs) => {
    const known = values.get(key) ?? new Map<string, Learned>()
    values.set(key, known)
    walk(data, "", (path, value) => {
      if (known.size >= MOST_PATHS && !known.has(path)) return
      const present = known.get(path) ?? { type: typeOf(value), seenAt: at, samples: [] }
      present.type = typeOf(value)
      present.seenAt = Math.max(present.seenAt, at)
      const sample = sampleOf(value)
      if (sample !== undefined && !present.samples.includes(sample))
        present.samples = [sample, ...present.samples].slice(0, SAMPLES)
      known.set(path, present)
    })
  }

  const due = (key: string): boolean => {
    const now = deps.now()
    if (now - (lookedAt.get(key) ?? 0) < LOOK_EVERY_MS) return false
    lookedAt.set(key, now)
    return true
  }

  const flush = async () => {
    if (events.size === 0 && values.size === 0) return
    const now = deps.now()
    for (const [key, at] of lookedAt) if (now - at >= LOOK_EVERY_MS) lookedAt.delete(key)
    const [noted, learned] = [events, values]
    events = new Map()
    values = new Map()
    const rows = [...noted.values()].sort((a, b) => a.workspace - b.workspace || (a.name < b.name ? -1 : 1))
    const ids = await deps.names.idsOf(rows)
    await store.addEvents(
      deps.db,
      rows.map((row, i) => ({ ...row, nameId: ids[i]! })),
    )
    const wanted = [...learned].map(([key, known]) => {
      const [workspace, name] = JSON.parse(key) as [number, string]
      return { workspace, name, known }
    })
    const named = wanted.filter(w => w.name !== "")
    const nameIds = new Map((await deps.names.idsOf(named)).map((id, i) => [named[i]!, id]))
    const paths = wanted.flatMap(w =>
      [...w.known].map(([path, value]) => ({
        workspace: w.workspace,
        nameId: nameIds.get(w) ?? ATTRIBUTES,
        path,
        ...value,
      })),
    )
    // In the order of the key, so that two processes never wait for each other in a ring.
    paths.sort((a, b) => a.workspace - b.workspace || a.nameId - b.nameId || (a.path < b.path ? -1 : 1))
    await store.addValues(deps.db, paths)
  }

  /** The key of each name: notes are taken of every event, and most events are of few names. */
  const keys = new Map<number, Map<string, string>>()
  const keyOf = (workspace: number, name: string): string => {
    const known = keys.get(workspace) ?? new Map<string, string>()
    if (known.size === 0) keys.set(workspace, known)
    const present = known.get(name)
    if (present !== undefined) return present
    if (known.size >= MOST_KEYS) known.clear()
    const key = JSON.stringify([workspace, name])
    known.set(name, key)
    return key
  }

  return {
    note(workspace, event, at) {
      if (event.traits !== undefined) {
        const key = keyOf(workspace, "")
        if (due(key)) learn(key, event.traits, at)
      }
      if (event.name.startsWith("$")) return
      const key = keyOf(workspace, event.name)
      const present = events.get(key)
      if (present === undefined) events.set(key, { workspace, name: event.name, count: 1, seenAt: at })
      else {
        present.count += 1
        if (at > present.seenAt) present.seenAt = at
      }
      if (due(key)) learn(key, event.properties, at)
    },
    flush,
    start() {
      timer = setInterval(() => {
        flush().catch(error => deps.log(error, "the catalogue could not be written"))
      }, FLUSH_MS)
      timer.unref()
    },
    async stop() {
      clearInterval(timer)
      await flush()
    },
  }
}

const walk = (data: JsonObject, prefix: string, visit: (path: string, value: Json) => void, depth = 0) => {
  for (const [key, value] of Object.entries(data)) {
    if (value === null || value === undefined) continue
    const path = `${prefix}${key.replaceAll(".", "\\.")}`
    if (path.length > 200) continue
    if (typeof value === "object" && !Array.isArray(value) && depth < 3)
      walk(value, `${path}.`, visit, depth + 1)
    else visit(path, value)
  }
}

const dateText = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$/

const typeOf = (value: Json): ValueType => {
  if (Array.isArray(value)) return "list"
  if (typeof value === "number") return "number"
  if (typeof value === "boolean") return "boolean"
  if (typeof value === "string") return dateText.test(value) ? "date" : "text"
  return "object"
}

const sampleOf = (value: Json): Json | undefined => {
  // Half a character at the cut is no JSON that PostgreSQL takes.
  if (typeof value === "string") return value.slice(0, MOST_SAMPLE_LENGTH).replace(/[\ud800-\udbff]$/, "")
  if (typeof value === "number" || typeof value === "boolean") return value
  const text = JSON.stringify(value)
  return text.length <= MOST_SAMPLE_LENGTH ? text : undefined
}
