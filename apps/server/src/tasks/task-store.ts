import type { JsonObject } from "@viaggio/journey-model"
import { sql } from "drizzle-orm"
import { statement, value } from "../db/statement.ts"

const ms = (column: string) => sql.raw(`round(date_part('epoch', ${column}) * 1000)`)

export type TaskState = "open" | "done" | "failed" | "cancelled"
export type TaskRow = {
  id: string
  workspace_id: number
  kind: string
  state: TaskState
  about: JsonObject
  progress: JsonObject
  asked_by: string
  error: string | null
  created_at: number
  ended_at: number | null
}

const columns = sql`id, workspace_id, kind, state, about, progress, asked_by, error, ${ms("created_at")} AS created_at,
  ${ms("ended_at")} AS ended_at`

export const addTask = statement<{
  id: string
  workspace: number
  kind: string
  about: string
  asked_by: string
}>(
  "task_add",
  sql`INSERT INTO tasks (id, workspace_id, kind, about, asked_by, created_at)
      VALUES (${value("id", "uuid")}, ${value("workspace", "int")}, ${value("kind", "text")}, ${value("about", "jsonb")},
              ${value("asked_by", "text")}, clock_timestamp())`,
)

/** Takes the oldest task that nobody works; `seconds`: how long the claim holds without a word. */
export const claimTask = statement<{ claim: string; kinds: string[]; seconds: number }, TaskRow>(
  "task_claim",
  sql`UPDATE tasks SET claim = ${value("claim", "uuid")},
        claim_until = clock_timestamp() + make_interval(secs => ${value("seconds", "float8")})
      WHERE id = (SELECT id FROM tasks WHERE state = 'open' AND claim_until < clock_timestamp()
                    AND kind = ANY(${value("kinds", "text[]")})
                  ORDER BY created_at LIMIT 1 FOR UPDATE SKIP LOCKED)
      RETURNING ${columns}`,
)

/** Notes how far a task is and holds its claim for longer; no row when it is not ours any more. */
export const saveProgress = statement<
  { id: string; claim: string; progress: string; seconds: number },
  { id: string }
>(
  "task_save_progress",
  sql`UPDATE tasks SET progress = ${value("progress", "jsonb")},
        claim_until = clock_timestamp() + make_interval(secs => ${value("seconds", "float8")})
      WHERE id = ${value("id", "uuid")} AND claim = ${value("claim", "uuid")} AND state = 'open' RETURNING id`,
)

/** Holds a claim for longer, or gives it up (`seconds` 0). */
export const holdClaim = statement<{ id: string; claim: string; seconds: number }>(
  "task_hold_claim",
  sql`UPDATE tasks SET claim_until = clock_timestamp() + make_interval(secs => ${value("seconds", "float8")})
      WHERE id = ${value("id", "uuid")} AND claim = ${value("claim", "uuid")} AND state = 'open'`,
)

export const endTask = statement<{ id: string; claim: string; state: TaskState; error: string | null }>(
  "task_end",
  sql`UPDATE tasks SET state = ${value("state", "text")}, error = ${value("error", "text")}, ended_at = clock_timestamp()
      WHERE id = ${value("id", "uuid")} AND claim = ${value("claim", "uuid")} AND state = 'open'`,
)

export const cancelTask = statement<{ workspace: number; id: string }>(
  "task_cancel",
  sql`UPDATE tasks SET state = 'cancelled', ended_at = clock_timestamp()
      WHERE id = ${value("id", "uuid")} AND workspace_id = ${value("workspace", "int")} AND state = 'open'`,
)

/** The newest task of a kind that a workspace has. */
export const readNewest = statement<{ workspace: number; kind: string }, TaskRow>(
  "task_read_newest",
  sql`SELECT ${columns} FROM tasks WHERE workspace_id = ${value("workspace", "int")} AND kind = ${value("kind", "text")}
      ORDER BY created_at DESC LIMIT 1`,
)
