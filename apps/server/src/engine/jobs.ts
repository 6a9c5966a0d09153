import { assertNever, type CustomerTurn, step } from "@viaggio/journey-model"
import type { Tx } from "../db/client.ts"
import { type BatchDeps, type BatchResult, type Held, LostLease, nothingDone } from "./batch.ts"
import { lockBucket, moveCursor } from "./engine-store.ts"
import {
  findInside,
  JobKind,
  type JobRow,
  lockJob,
  noteProgress,
  readJobs,
  releaseHeld,
} from "./job-store.ts"
import { type Loaded, loadCustomers } from "./load.ts"
import { workedOf } from "./log.ts"
import { BatchRows } from "./save.ts"
import type { LiveVersion } from "./worlds.ts"

/** Customers of one step of a job. */
const CHUNK = 500

/**
 * Carries out what was asked for a journey's customers in this bucket (resume, stop), under the bucket's fence
 * and before its events, so that no stimulus meets a customer whom the job has not reached yet.
 */
export const workJobs = async (
  deps: BatchDeps,
  held: Held,
  onWorked: (result: BatchResult) => void,
): Promise<void> => {
  for (;;) {
    const [job] = await readJobs(deps.db, { bucket: held.bucket })
    if (job === undefined) return
    const result = await deps.db.transaction(tx => workChunk(deps, tx, held, job))
    onWorked(result)
  }
}

const workChunk = async (deps: BatchDeps, tx: Tx, held: Held, job: JobRow): Promise<BatchResult> => {
  const { bucket } = held
  const [row] = await lockBucket(tx, { bucket, owner: held.owner, epoch: held.epoch })
  if (row === undefined) throw new LostLease(`bucket ${bucket} is no longer ours`)
  const nothing = nothingDone(held)
  const [open] = await lockJob(tx, { id: job.id })
  if (open === undefined) return nothing
  switch (job.kind) {
    case JobKind.resume: {
      const most = Math.min(CHUNK, job.most ?? CHUNK)
      const released = await releaseHeld(tx, { bucket, journey: job.journey_id, most })
      await noteProgress(tx, { id: job.id, rows: released.length, done: released.length < most ? 1 : 0 })
      return nothing
    }
    case JobKind.stop: {
      const people = await findInside(tx, { bucket, journey: job.journey_id, most: CHUNK })
      const worlds = await deps.worlds.at(row.revision)
      const due = people.map(p => ({ ...p, id: "", version_id: 0 }))
      const loaded = await loadCustomers(tx, bucket, workedOf(row), { events: [], due }, worlds, deps.names)
      const rows = new BatchRows({ now: row.now, today: row.today, turnSeq: row.turn_seq }, deps.names)
      let stopped = 0
      for (const of of loaded.values()) {
        const turn = stopAll(of, job)
        stopped += turn.touched.length
        rows.add(of, turn)
      }
      await rows.save(tx, bucket)
      await moveCursor(tx, { bucket, on: row.cursor_on, seq: row.cursor_seq, turns: rows.turnSeq })
      await noteProgress(tx, { id: job.id, rows: stopped, done: stopped === 0 ? 1 : 0 })
      return { ...nothing, steps: rows.steps, messages: 0, versions: rows.versions }
    }
    default:
      return assertNever(job.kind)
  }
}

/** Ends a customer's enrollments in the journey of the job, by the interpreter's own step. */
const stopAll = (of: Loaded, job: JobRow): CustomerTurn => {
  const turn: CustomerTurn = {
    customer: of.customer,
    entered: [],
    touched: [],
    steps: [],
    effects: [],
    notAdmitted: [],
  }
  for (const { version: id, enrollment } of of.customer.enrollments) {
    const version: LiveVersion | undefined = of.workspace.versions.get(id)
    if (version === undefined || version.journeyId !== job.journey_id) continue
    const at = Math.max(job.at, enrollment.arrivedAt)
    const stimulus = { kind: "removed", reason: "stopped", at, now: at } as const
    const facts = {
      customer: of.customer.id,
      attributes: of.customer.attributes,
      digest: () => undefined,
      events: () => [],
    }
    const ended = step(version.version.program, enrollment, stimulus, facts)
    turn.touched.push({ version: id, enrollment: ended.enrollment })
    turn.steps.push(...ended.steps.map(s => ({ version: id, step: s })))
  }
  return turn
}
