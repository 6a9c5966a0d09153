import type { JsonObject } from "@viaggio/journey-model"
import { sql } from "drizzle-orm"
import { statement, value } from "../db/statement.ts"
import type { TaskState } from "../tasks/task-store.ts"
import type { Delimiter, Encoding } from "./csv.ts"

const ms = (column: string) => sql.raw(`round(date_part('epoch', ${column}) * 1000)`)
const id = value("id", "uuid")
const workspace = value("workspace", "int")

/** A file's rows while it is not whole yet. */
export const UNFINISHED = -1

/** A task of an import as its row brings it; null where there was none. */
export type RunRow = {
  id: string
  state: TaskState
  progress: JsonObject
  error: string | null
  createdAt: string
  endedAt: string | null
}
export type ImportRow = {
  id: string
  name: string
  bytes: number
  hash: string
  rows: number
  encoding: Encoding
  delimiter: Delimiter
  mapping: JsonObject | null
  uploaded_by: string
  created_at: number
  check_run: RunRow | null
  import_run: RunRow | null
}

const run = (alias: string) =>
  sql.raw(`CASE WHEN ${alias}.id IS NULL THEN NULL ELSE jsonb_build_object('id', ${alias}.id, 'state', ${alias}.state,
    'progress', ${alias}.progress, 'error', ${alias}.error, 'createdAt', ${alias}.created_at, 'endedAt', ${alias}.ended_at) END`)
const columns = sql`i.id, i.name, i.bytes::float8 AS bytes, i.hash, i.rows, i.encoding, i.delimiter, i.mapping, i.uploaded_by,
  ${ms("i.created_at")} AS created_at, ${run("c")} AS check_run, ${run("r")} AS import_run`
const joined = sql`imports i LEFT JOIN tasks c ON c.id = i.check_task LEFT JOIN tasks r ON r.id = i.import_task`

export const addImport = statement<{ id: string; workspace: number; name: string; by: string }>(
  "import_add",
  sql`INSERT INTO imports (id, workspace_id, name, bytes, hash, rows, encoding, delimiter, uploaded_by, created_at)
      VALUES (${id}, ${workspace}, ${value("name", "text")}, 0, '', ${sql.raw(String(UNFINISHED))}, '', '',
              ${value("by", "text")}, clock_timestamp())`,
)

export const addPart = statement<{ id: string; part: number; bytes: Uint8Array }>(
  "import_add_part",
  sql`INSERT INTO import_parts (import_id, part, bytes) VALUES (${id}, ${value("part", "int")}, ${value("bytes", "bytea")})`,
)

export const readPart = statement<{ id: string; part: number }, { bytes: Uint8Array }>(
  "import_read_part",
  sql`SELECT bytes FROM import_parts WHERE import_id = ${id} AND part = ${value("part", "int")}`,
)

export const finishUpload = statement<{
  id: string
  bytes: number
  hash: string
  rows: number
  encoding: string
  delimiter: string
}>(
  "import_finish_upload",
  sql`UPDATE imports SET bytes = ${value("bytes", "bigint")}, hash = ${value("hash", "text")}, rows = ${value("rows", "int")},
        encoding = ${value("encoding", "text")}, delimiter = ${value("delimiter", "text")}
      WHERE id = ${id}`,
)

/** Also forgets uploads that broke off a day ago or more. */
export const listImports = statement<{ workspace: number }, ImportRow>(
  "import_list",
  sql`SELECT ${columns} FROM ${joined} WHERE i.workspace_id = ${workspace} AND i.rows <> ${sql.raw(String(UNFINISHED))}
      ORDER BY i.created_at DESC LIMIT 50`,
)

export const forgetBroken = statement<{ workspace: number }>(
  "import_forget_broken",
  sql`DELETE FROM imports WHERE workspace_id = ${workspace} AND rows = ${sql.raw(String(UNFINISHED))}
        AND created_at < clock_timestamp() - interval '1 day'`,
)

export const readImport = statement<{ workspace: number; id: string }, ImportRow>(
  "import_read",
  sql`SELECT ${columns} FROM ${joined}
      WHERE i.id = ${id} AND i.workspace_id = ${workspace} AND i.rows <> ${sql.raw(String(UNFINISHED))}`,
)

/** Held against another who asks for the same at once. */
export const lockImport = statement<{ workspace: number; id: string }, { id: string }>(
  "import_lock",
  sql`SELECT id FROM imports WHERE id = ${id} AND workspace_id = ${workspace} FOR UPDATE`,
)

/** How it is read from now on, and the run that begins. */
export const beginRun = statement<{
  id: string
  mapping: string
  encoding: string
  delimiter: string
  rows: number
  check: string | null
  import: string | null
}>(
  "import_begin_run",
  sql`UPDATE imports SET mapping = ${value("mapping", "jsonb")}, encoding = ${value("encoding", "text")},
        delimiter = ${value("delimiter", "text")}, rows = ${value("rows", "int")},
        check_task = coalesce(${value("check", "uuid")}, check_task),
        import_task = coalesce(${value("import", "uuid")}, import_task)
      WHERE id = ${id}`,
)

export const deleteImport = statement<{ workspace: number; id: string }>(
  "import_delete",
  sql`WITH gone AS (DELETE FROM imports WHERE id = ${id} AND workspace_id = ${workspace} RETURNING check_task, import_task)
      DELETE FROM tasks t USING gone WHERE t.id IN (gone.check_task, gone.import_task)`,
)

export const addRejects = statement<{ task: string; lines: number[]; problems: string[]; fields: string[] }>(
  "import_add_rejects",
  sql`INSERT INTO import_rejects (task_id, line, problem, fields)
      SELECT ${value("task", "uuid")}, u.line, u.problem, u.fields
      FROM unnest(${value("lines", "int[]")}, ${value("problems", "jsonb[]")}, ${value("fields", "jsonb[]")})
        AS u (line, problem, fields)
      ON CONFLICT DO NOTHING`,
)

export type RejectRow = { line: number; problem: JsonObject; fields: string[] }

export const readRejects = statement<{ task: string; after: number; most: number }, RejectRow>(
  "import_read_rejects",
  sql`SELECT line, problem, fields FROM import_rejects
      WHERE task_id = ${value("task", "uuid")} AND line > ${value("after", "int")}
      ORDER BY line LIMIT ${value("most", "int")}`,
)

/** Whom identifiers name; `i` is the identifier's place in the question. */
export const findPeople = statement<
  { workspace: number; slots: number[]; kinds: number[]; values: string[] },
  { i: number; bucket: number; id: string }
>(
  "import_find_people",
  sql`SELECT u.i::int - 1 AS i, n.profile_bucket AS bucket, n.profile_id AS id
      FROM unnest(${value("slots", "smallint[]")}, ${value("kinds", "smallint[]")}, ${value("values", "text[]")})
        WITH ORDINALITY AS u (slot, kind, value, i)
      CROSS JOIN LATERAL (SELECT profile_bucket, profile_id FROM identities
        WHERE slot = u.slot AND workspace_id = ${workspace} AND kind = u.kind AND value = u.value LIMIT 1) n`,
)

/** What is known of customers; of one that has merged, of what it became part of. */
export const readAttributes = statement<
  { workspace: number; buckets: number[]; ids: string[] },
  { asked: string; id: string; attributes: JsonObject }
>(
  "import_read_attributes",
  sql`SELECT u.id AS asked, p.id, p.attributes
      FROM unnest(${value("buckets", "smallint[]")}, ${value("ids", "uuid[]")}) AS u (bucket, id)
      CROSS JOIN LATERAL (
        WITH RECURSIVE path AS (
          SELECT o.*, 0 AS hops FROM profiles o WHERE o.bucket = u.bucket AND o.id = u.id AND o.workspace_id = ${workspace}
          UNION ALL
          SELECT o.*, path.hops + 1 FROM path CROSS JOIN LATERAL (
            SELECT * FROM profiles WHERE bucket = profile_bucket(path.merged_into) AND id = path.merged_into LIMIT 1) o)
        SELECT id, attributes FROM path ORDER BY hops DESC LIMIT 1) p`,
)
