import type { JsonObject } from "@viaggio/journey-model"
import type { Db, DbOrTransaction } from "../db/client.ts"
import type { Ports } from "../ports.ts"
import type { Workspace } from "../workspaces/workspace.ts"
import * as store from "./task-store.ts"

/** Thrown into a task's work when it was cancelled, taken over, or this process stops; nothing is to be done about it. */
export class TaskGone extends Error {}

/** What the work of a task is given. */
export type Hand = {
  /** Notes how far it is; whoever goes on after a restart begins there. Throws TaskGone when it is to end. */
  save(progress: JsonObject): Promise<void>
}

export type TaskHandler = (task: store.TaskRow, hand: Hand) => Promise<void>

/** A claim holds so long without a word of its process. */
const CLAIM_S = 15
const RENEW_MS = 5_000
const LOOK_MS = 2_000
/** Tasks of one kind that a process works at once. */
const AT_ONCE = 2
/** A task that fails so often without getting any further is given up. */
const MOST_FAILURES = 5

/**
 * Long work that a person asked for: worked by one process at a time, gone on with by another when that one dies,
 * with what it has done noted as it goes.
 */
export const createTasks = (deps: {
  db: Db
  ports: Pick<Ports, "newId" | "sleep">
  log: { error(details: object, text: string): void }
}) => {
  const { db, ports } = deps
  const handlers = new Map<string, TaskHandler>()
  const running = new Map<Promise<void>, string>()
  let isStarted = false
  let isLooking = false
  let timer: NodeJS.Timeout | undefined

  const work = async (task: store.TaskRow, claim: string): Promise<void> => {
    const place = { id: task.id, claim }
    let { progress } = task
    const renewing = setInterval(
      () => void store.holdClaim(db, { ...place, seconds: CLAIM_S }).catch(() => {}),
      RENEW_MS,
    )
    const save = async (next: JsonObject): Promise<void> => {
      progress = next
      const saved = await store.saveProgress(db, {
        ...place,
        progress: JSON.stringify(next),
        seconds: CLAIM_S,
      })
      if (saved.length === 0 || !isStarted) throw new TaskGone()
    }
    try {
      await handlers.get(task.kind)!(task, { save })
      await store.endTask(db, { ...place, state: "done", error: null })
    } catch (error) {
      if (!(error instanceof TaskGone)) await noteFailure(task, place, progress, error)
    } finally {
      clearInterval(renewing)
      // Where it is open still, another process goes on at once.
      if (!isStarted) await store.holdClaim(db, { ...place, seconds: 0 }).catch(() => {})
    }
  }

  /** Once more after a while, for what was wrong may pass; the failures in a row are counted. */
  const noteFailure = async (
    task: store.TaskRow,
    place: { id: string; claim: string },
    progress: JsonObject,
    error: unknown,
  ): Promise<void> => {
    deps.log.error({ err: error, task: task.id, kind: task.kind }, "a task failed")
    const failures = Number(progress.failures ?? 0) + 1
    if (failures >= MOST_FAILURES) {
      const message = error instanceof Error ? error.message : String(error)
      await store.endTask(db, { ...place, state: "failed", error: message.slice(0, 500) })
      return
    }
    await store.saveProgress(db, {
      ...place,
      progress: JSON.stringify({ ...progress, failures }),
      seconds: 2 ** failures,
    })
  }

  const hasRoom = (kind: string): boolean =>
    [...running.values()].filter(other => other === kind).length < AT_ONCE

  const look = async (): Promise<void> => {
    if (isLooking || handlers.size === 0) return
    isLooking = true
    try {
      while (isStarted) {
        const kinds = [...handlers.keys()].filter(hasRoom)
        if (kinds.length === 0) return
        const claim = ports.newId()
        const [task] = await store.claimTask(db, { claim, kinds, seconds: CLAIM_S })
        if (task === undefined) return
        const one: Promise<void> = work(task, claim)
          .catch(error => deps.log.error({ err: error, task: task.id }, "a task's end could not be noted"))
          .finally(() => {
            running.delete(one)
            wake()
          })
        running.set(one, task.kind)
      }
    } finally {
      isLooking = false
    }
  }

  const wake = (): void => {
    if (isStarted) look().catch(error => deps.log.error({ err: error }, "tasks could not be looked for"))
  }

  return {
    /** Who works the tasks of a kind; before the start. */
    handle(kind: string, handler: TaskHandler): void {
      handlers.set(kind, handler)
    },

    /** Asks for a task in the transaction of what belongs to it; `wake` once that has ended. */
    async ask(
      on: DbOrTransaction,
      workspace: Workspace,
      task: { kind: string; about: JsonObject; by: string },
    ): Promise<string> {
      const id = ports.newId()
      const { kind, about, by } = task
      await store.addTask(on, {
        id,
        workspace: workspace.id,
        kind,
        about: JSON.stringify(about),
        asked_by: by,
      })
      return id
    },

    wake,

    /** What it has done stays done. */
    cancel: async (workspace: Workspace, id: string): Promise<void> => {
      await store.cancelTask(db, { workspace: workspace.id, id })
    },

    /** The newest of a kind. */
    async newest(workspace: Workspace, kind: string): Promise<store.TaskRow | undefined> {
      return (await store.readNewest(db, { workspace: workspace.id, kind }))[0]
    },

    start(): void {
      isStarted = true
      timer = setInterval(wake, LOOK_MS)
      timer.unref()
      wake()
    },

    /** Ends at the next point that a task notes. */
    async stop(): Promise<void> {
      isStarted = false
      clearInterval(timer)
      await Promise.all(running.keys())
    },
  }
}

export type Tasks = ReturnType<typeof createTasks>
