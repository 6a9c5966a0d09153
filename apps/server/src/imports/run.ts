import { createHash } from "node:crypto"
import type { EpochMs, JsonObject } from "@viaggio/journey-model"
import type { CatalogueCollector } from "../catalogue/collect.ts"
import type { Db } from "../db/client.ts"
import { cleanJson, cleanText } from "../ingest/clean.ts"
import { type Coalescer, DoorFull } from "../ingest/coalescer.ts"
import type { Incoming } from "../ingest/message.ts"
import type { Ports } from "../ports.ts"
import type { Hand, TaskHandler } from "../tasks/tasks.ts"
import type { Workspace } from "../workspaces/workspace.ts"
import { classify, createSeen } from "./classify.ts"
import type { CsvRecord } from "./csv.ts"
import { headerOf, recordsOf, type StoredFile } from "./file.ts"
import { addRejects } from "./import-store.ts"
import type { ImportMapping } from "./mapping.ts"
import { eventOfRow, type ImportProblem, type ReadRow, readRow } from "./rows.ts"

/** rows = new + changed + unchanged + repeated + rejected; `merging` are some of those. */
export type ImportCounts = {
  rows: number
  new: number
  changed: number
  unchanged: number
  /** Customers who stood further up in the file. */
  repeated: number
  merging: number
  rejected: number
}

/** What a run was asked for: the file, how it is read, and the instant at which its values count as said. */
export type RunOrder = {
  file: StoredFile
  hash: string
  /** How many rows it has, read in this way. */
  rows: number
  mapping: ImportMapping
  at: EpochMs
}

export type RunDeps = {
  db: Db
  analytics: Db
  ports: Pick<Ports, "sleep">
  coalescer: Pick<Coalescer, "append">
  catalogue: Pick<CatalogueCollector, "note">
  workspaceOf(id: number): Promise<Workspace | undefined>
  onTaken(workspace: number, events: { accepted: number; duplicates: number; rejected: number }): void
}

const BATCH = 1_000
const FULL_PAUSE_MS = 250

export const noCounts: ImportCounts = {
  rows: 0,
  new: 0,
  changed: 0,
  unchanged: 0,
  repeated: 0,
  merging: 0,
  rejected: 0,
}

export const countsOf = (progress: JsonObject): ImportCounts => ({
  ...noCounts,
  ...((progress.counts ?? {}) as Partial<ImportCounts>),
})

/** The same bytes read in the same way give the same message ids: what is in already comes in no second time. */
const runKey = ({ file, hash, mapping }: RunOrder): string =>
  createHash("sha256")
    .update(JSON.stringify([hash, file.encoding, file.delimiter, mapping]))
    .digest("hex")
    .slice(0, 32)

type Accepted = { record: CsvRecord; event: Incoming; row: ReadRow; isRepeated: boolean }
type Reject = { record: CsvRecord; problem: ImportProblem }

/** Works a file row by row: `check` only says what would happen, `import` brings it through the door. */
export const createImportRun =
  (deps: RunDeps, kind: "check" | "import"): TaskHandler =>
  async (task, hand) => {
    const order = task.about as unknown as RunOrder
    const workspace = await deps.workspaceOf(task.workspace_id)
    if (workspace === undefined) throw new Error(`workspace ${task.workspace_id} cannot be read`)
    const columns = await headerOf(deps.analytics, order.file)
    const reading = { mapping: order.mapping, columns, zone: workspace.zone }
    const run = runKey(order)
    const isSeen = createSeen()
    const counts = countsOf(task.progress)
    const begun = counts.rows

    const read = (record: CsvRecord): Accepted | Reject => {
      const row = readRow(record, reading)
      if ("reason" in row) return { record, problem: row }
      const event = eventOfRow(row, { run, line: record.line, at: order.at, mode: order.mapping.mode })
      if ("reason" in event) return { record, problem: event }
      return { record, event, row, isRepeated: isSeen(row.identifiers) }
    }

    const bringIn = async (rows: readonly Accepted[]): Promise<Reject[]> => {
      const receipts = await append(
        deps,
        rows.map(({ event }) => ({ workspace: workspace.id, sandbox: workspace.sandbox, event })),
      )
      const rejects: Reject[] = []
      let duplicates = 0
      for (const [i, receipt] of receipts.entries()) {
        const { record, event } = rows[i]!
        if (receipt.kind === "accepted") deps.catalogue.note(workspace.id, event, receipt.occurredAt)
        else if (receipt.kind === "duplicate") duplicates += 1
        else rejects.push({ record, problem: { reason: "refused", text: receipt.text } })
      }
      const accepted = rows.length - duplicates - rejects.length
      deps.onTaken(workspace.id, { accepted, duplicates, rejected: rejects.length })
      return rejects
    }

    const workBatch = async (records: readonly CsvRecord[]): Promise<void> => {
      const results = records.map(read)
      const rows = results.filter((result): result is Accepted => "event" in result)
      const rejects = results.filter((result): result is Reject => "problem" in result)
      const fates = await classify(
        deps.analytics,
        workspace.id,
        rows.map(({ row, event, isRepeated }) => ({
          identifiers: row.identifiers,
          attributes: event.traits ?? {},
          isRepeated,
        })),
      )
      const changing = rows.filter((_, i) => fates[i]!.fate !== "unchanged")
      const refused = kind === "check" ? [] : await bringIn(changing)
      const isRefused = new Set(refused.map(({ record }) => record))
      await noteRejects(deps.db, task.id, [...rejects, ...refused])
      counts.rows += records.length
      counts.rejected += rejects.length + refused.length
      for (const [i, { fate, merging }] of fates.entries()) {
        if (isRefused.has(rows[i]!.record)) continue
        counts[fate] += 1
        if (merging) counts.merging += 1
      }
      await saveCounts(hand, counts)
    }

    let place = -1
    let batch: CsvRecord[] = []
    for await (const record of recordsOf(deps.analytics, order.file)) {
      place += 1
      if (place === 0) continue
      // Done before a restart: only whom it named is of interest.
      if (place <= begun) {
        read(record)
        continue
      }
      batch.push(record)
      if (batch.length < BATCH) continue
      await workBatch(batch)
      batch = []
    }
    if (batch.length > 0) await workBatch(batch)
    if (counts.rows !== order.rows)
      throw new Error(`${counts.rows} of the file's ${order.rows} rows could be read`)
  }

const saveCounts = (hand: Hand, counts: ImportCounts): Promise<void> => hand.save({ counts: { ...counts } })

const noteRejects = async (db: Db, task: string, rejects: readonly Reject[]): Promise<void> => {
  if (rejects.length === 0) return
  await addRejects(db, {
    task,
    lines: rejects.map(({ record }) => record.line),
    problems: rejects.map(({ problem }) => JSON.stringify(cleanJson(problem, "problem"))),
    fields: rejects.map(({ record }) => JSON.stringify(record.fields.map(cleanText))),
  })
}

/** Waits while the door has more before it than it can hold. */
const append = async (
  { coalescer, ports }: RunDeps,
  arrivals: Parameters<Coalescer["append"]>[0],
): ReturnType<Coalescer["append"]> => {
  for (;;) {
    try {
      return await coalescer.append(arrivals)
    } catch (error) {
      if (!(error instanceof DoorFull)) throw error
      await ports.sleep(FULL_PAUSE_MS)
    }
  }
}
