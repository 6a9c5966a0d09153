import type { JsonObject } from "@viaggio/journey-model"
import type { Db } from "../db/client.ts"
import { isUuid } from "../db/uuid.ts"
import { identityName } from "../ingest/message.ts"
import type { Ports } from "../ports.ts"
import { Refusal } from "../refusal.ts"
import type { Tasks } from "../tasks/tasks.ts"
import type { Workspace } from "../workspaces/workspace.ts"
import { type Delimiter, decode, type Encoding, sniffDelimiter, writeRecords } from "./csv.ts"
import { beginningOf, countRows, headerOf, recordsOf, type StoredFile } from "./file.ts"
import * as store from "./import-store.ts"
import { keepFile } from "./keep-file.ts"
import { type ImportMapping, type ImportTarget, suggestTarget } from "./mapping.ts"
import { type ImportProblem, readRow } from "./rows.ts"
import { countsOf, type RunOrder } from "./run.ts"
import { type ImportView, lastRun, openRun, toView } from "./view.ts"
import { problemText } from "./words.ts"

/** How a run is asked for; what is absent stays as it was noticed at the upload. */
export type RunRequest = { id: string; mapping: ImportMapping; delimiter?: Delimiter; encoding?: Encoding }

export type ImportPreview = {
  delimiter: Delimiter
  encoding: Encoding
  /** What numbers and dates look like. */
  decimal: ImportMapping["decimal"]
  dates: ImportMapping["dates"]
  columns: { name: string; suggested: ImportTarget; samples: string[] }[]
  /** The first ten. */
  rows: string[][]
  rowsTotal: number
}

export type ReadSample = {
  line: number
  identities: { kind: string; value: string }[]
  attributes: JsonObject
  problem?: ImportProblem
}

export type ImportReject = { line: number; problem: ImportProblem; row: string[] }

export const TaskKind = { check: "import-check", import: "import" } as const

const MOST_ROWS = 1_000_000
const SNIFFED_BYTES = 64 * 1024
const SAMPLES = 100
const SHOWN_SAMPLES = 3
const SHOWN_ROWS = 10
const SHOWN_REJECTS = 50
const REJECTS_AT_ONCE = 1_000

/** Files of customers: taken in as they are, looked at, tried, and brought through the door. */
export const createImports = (deps: {
  db: Db
  analytics: Db
  ports: Pick<Ports, "newId" | "now">
  tasks: Tasks
}) => {
  const { db, tasks } = deps

  const find = async (workspace: Workspace, id: string): Promise<store.ImportRow> => {
    const rows = isUuid(id) ? await store.readImport(db, { workspace: workspace.id, id }) : []
    const [row] = rows
    if (row === undefined) throw new Refusal("not-found", `There is no import “${id}”.`)
    return row
  }

  const beginningText = async (id: string, encoding: Encoding): Promise<string> => {
    const bytes = (await beginningOf(deps.analytics, id)).subarray(0, SNIFFED_BYTES)
    let text = ""
    for await (const piece of decode(only(bytes), encoding)) text += piece
    return text
  }

  const countRowsOf = async (file: StoredFile): Promise<number> => {
    const rows = await countRows(deps.analytics, file)
    if (rows === 0) throw new Refusal("unprocessable", "The file has no rows under its first line.")
    if (rows > MOST_ROWS)
      throw new Refusal("unprocessable", `The file has more than ${MOST_ROWS} rows. Send it in parts.`)
    return rows
  }

  const begin = async (
    workspace: Workspace,
    request: RunRequest,
    by: string,
    kind: keyof typeof TaskKind,
  ): Promise<ImportView> => {
    const row = await find(workspace, request.id)
    const file = fileOf(row, request)
    const columns = await headerOf(deps.analytics, file)
    const { mapping } = request
    if (mapping.columns.length !== columns.length)
      throw new Refusal(
        "invalid",
        `The file has ${columns.length} columns, the mapping ${mapping.columns.length}.`,
      )
    if (!mapping.columns.some(target => target.to === "identity"))
      throw new Refusal("invalid", "No column says who the customer is.")
    const isReadAnew = file.delimiter !== row.delimiter || file.encoding !== row.encoding
    const rows = isReadAnew ? await countRowsOf(file) : row.rows
    const at = workspace.clockNow ?? deps.ports.now()
    const order: RunOrder = { file, hash: row.hash, rows, mapping, at }
    await db.transaction(async tx => {
      await store.lockImport(tx, { workspace: workspace.id, id: row.id })
      const [present] = await store.readImport(tx, { workspace: workspace.id, id: row.id })
      if (present !== undefined && openRun(present) !== undefined)
        throw new Refusal("conflict", "This file is being worked already.")
      const about = order as unknown as JsonObject
      const task = await tasks.ask(tx, workspace, { kind: TaskKind[kind], about, by })
      await store.beginRun(tx, {
        id: row.id,
        mapping: JSON.stringify(mapping),
        encoding: file.encoding,
        delimiter: file.delimiter,
        rows,
        check: kind === "check" ? task : null,
        import: kind === "import" ? task : null,
      })
    })
    tasks.wake()
    return toView(await find(workspace, row.id))
  }

  return {
    /** Takes a file in; nothing is done with it yet. */
    async upload(
      workspace: Workspace,
      upload: { name: string; by: string; bytes: AsyncIterable<Uint8Array> },
    ): Promise<ImportView> {
      const id = deps.ports.newId()
      await store.forgetBroken(db, { workspace: workspace.id })
      await store.addImport(db, { id, workspace: workspace.id, name: upload.name, by: upload.by })
      try {
        const { size, hash, encoding } = await keepFile(db, id, upload.bytes)
        const delimiter = sniffDelimiter(await beginningText(id, encoding))
        const rows = await countRowsOf({ id, encoding, delimiter })
        await store.finishUpload(db, { id, bytes: size, hash, rows, encoding, delimiter })
      } catch (error) {
        await store.deleteImport(db, { workspace: workspace.id, id })
        throw error
      }
      return toView(await find(workspace, id))
    },

    /** The newest fifty. */
    async list(workspace: Workspace): Promise<ImportView[]> {
      return (await store.listImports(db, { workspace: workspace.id })).map(toView)
    },

    async get(workspace: Workspace, id: string): Promise<ImportView> {
      return toView(await find(workspace, id))
    },

    /** How the file looks, and where its columns probably go. */
    async preview(
      workspace: Workspace,
      request: { id: string; delimiter?: Delimiter; encoding?: Encoding },
    ): Promise<ImportPreview> {
      const row = await find(workspace, request.id)
      const file = fileOf(row, request)
      const [header, ...sample] = await firstRecords(deps.analytics, file, SAMPLES + 1)
      const rows = sample.map(({ fields }) => fields)
      const dates = datesOf(rows.flat(), workspace)
      const hasCommas = rows.flat().some(field => /^-?[\d.]*\d,\d{1,2}$/.test(field.trim()))
      const written = { dates, decimal: hasCommas ? "," : "." } as const
      const isReadAnew = file.delimiter !== row.delimiter || file.encoding !== row.encoding
      return {
        delimiter: file.delimiter,
        encoding: file.encoding,
        ...written,
        columns: (header?.fields ?? []).map((name, i) => {
          const samples = rows.map(fields => fields[i] ?? "").filter(text => text.trim() !== "")
          return {
            name: name.trim(),
            suggested: suggestTarget(name, samples, written),
            samples: [...new Set(samples)].slice(0, SHOWN_SAMPLES),
          }
        }),
        rows: rows.slice(0, SHOWN_ROWS),
        rowsTotal: isReadAnew ? await countRowsOf(file) : row.rows,
      }
    },

    /** The first ten rows as a mapping would read them. */
    async rows(workspace: Workspace, request: RunRequest): Promise<{ rows: ReadSample[] }> {
      const row = await find(workspace, request.id)
      const [header, ...sample] = await firstRecords(deps.analytics, fileOf(row, request), SHOWN_ROWS + 1)
      const columns = (header?.fields ?? []).map(name => name.trim())
      const reading = { mapping: request.mapping, columns, zone: workspace.zone }
      return {
        rows: sample.map(record => {
          const read = readRow(record, reading)
          return "reason" in read
            ? { line: record.line, identities: [], attributes: {}, problem: read }
            : {
                line: record.line,
                identities: read.identifiers.map(({ kind, value }) => ({ kind: identityName(kind), value })),
                attributes: read.attributes,
              }
        }),
      }
    },

    /** Says what an import would do, and changes nothing. */
    check: (workspace: Workspace, request: RunRequest, by: string) => begin(workspace, request, by, "check"),

    start: (workspace: Workspace, request: RunRequest, by: string) => begin(workspace, request, by, "import"),

    /** Rows that are in stay in. */
    async cancel(workspace: Workspace, id: string): Promise<ImportView> {
      const run = openRun(await find(workspace, id))
      if (run !== undefined) await tasks.cancel(workspace, run.id)
      return toView(await find(workspace, id))
    },

    /** Forgets the file and its rejects; the customers stay. */
    async remove(workspace: Workspace, id: string): Promise<void> {
      const row = await find(workspace, id)
      if (openRun(row) !== undefined)
        throw new Refusal("conflict", "This file is being worked. Cancel that first.")
      await store.deleteImport(db, { workspace: workspace.id, id })
    },

    /** The first fifty rows that the last run did not take. */
    async rejects(workspace: Workspace, id: string): Promise<{ total: number; items: ImportReject[] }> {
      const row = await find(workspace, id)
      const run = lastRun(row)
      if (run === undefined) return { total: 0, items: [] }
      const rows = await store.readRejects(db, { task: run.id, after: 0, most: SHOWN_REJECTS })
      return {
        total: countsOf(run.progress).rejected,
        items: rows.map(({ line, problem, fields }) => ({
          line,
          problem: problem as unknown as ImportProblem,
          row: fields,
        })),
      }
    },

    /** All of them as a CSV file, to be mended and sent again. */
    async rejectsFile(
      workspace: Workspace,
      id: string,
      language: "en" | "it",
    ): Promise<{ name: string; text: AsyncIterable<string> }> {
      const row = await find(workspace, id)
      const header = await headerOf(deps.analytics, row)
      const run = lastRun(row)
      const head = language === "it" ? ["riga", "motivo"] : ["line", "reason"]
      async function* text() {
        yield `\ufeff${writeRecords([[...head, ...header]], row.delimiter)}`
        for (let after = 0; run !== undefined; ) {
          const rejects = await store.readRejects(db, { task: run.id, after, most: REJECTS_AT_ONCE })
          const rows = rejects.map(({ line, problem, fields }) => [
            line,
            problemText(problem as unknown as ImportProblem, language),
            ...fields,
          ])
          if (rows.length > 0) yield writeRecords(rows, row.delimiter)
          if (rejects.length < REJECTS_AT_ONCE) return
          after = rejects.at(-1)!.line
        }
      }
      return { name: `${row.name.replace(/\.[^.]*$/, "")}-rejects.csv`, text: text() }
    },
  }
}

export type Imports = ReturnType<typeof createImports>

async function* only<T>(one: T): AsyncGenerator<T> {
  yield one
}

const fileOf = (
  row: store.ImportRow,
  { delimiter, encoding }: { delimiter?: Delimiter; encoding?: Encoding },
): StoredFile => ({ id: row.id, delimiter: delimiter ?? row.delimiter, encoding: encoding ?? row.encoding })

const firstRecords = async (db: Db, file: StoredFile, most: number) => {
  const records = []
  for await (const record of recordsOf(db, file, { isBeginning: true })) {
    records.push(record)
    if (records.length === most) break
  }
  return records
}

/** Which of day and month comes first, where a date of the file can be read in one way only. */
const datesOf = (fields: readonly string[], workspace: Workspace): ImportMapping["dates"] => {
  const parts = fields.flatMap(field => {
    const found = /^(\d{1,2})[-/. ](\d{1,2})[-/. ]\d{4}\b/.exec(field.trim())
    return found === null ? [] : [{ first: Number(found[1]), second: Number(found[2]) }]
  })
  if (parts.some(({ first }) => first > 12)) return "dmy"
  if (parts.some(({ second }) => second > 12)) return "mdy"
  return workspace.language.toLowerCase() === "en-us" ? "mdy" : "dmy"
}
