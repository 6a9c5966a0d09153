import type { EpochMs } from "@viaggio/journey-model"
import type { Db } from "../db/client.ts"
import type { Ports } from "../ports.ts"
import { Refusal } from "../refusal.ts"
import * as store from "./job-store.ts"

/** Customers a minute who go on after a pause, where nobody says otherwise. */
const USUAL_PER_MINUTE = 60_000

type RunStatus = "live" | "paused" | "stopped"
type WorkspaceClock = { id: number; sandbox: boolean; clockNow?: EpochMs | undefined }

/** Pause, resume and stop of a whole journey; effective from the next batch of each bucket. */
export const createRuns = (deps: { db: Db; ports: Ports; wakeAll(): void }) => {
  const change = async (
    workspace: WorkspaceClock,
    key: string,
    from: readonly string[],
    to: RunStatus,
    kind?: store.JobKind,
    perMinute?: number,
  ): Promise<{ status: RunStatus }> => {
    await deps.db.transaction(async tx => {
      const [journey] = await store.findJourney(tx, { workspace: workspace.id, key })
      if (journey === undefined) throw new Refusal("not-found", `There is no journey "${key}".`)
      if (journey.status === to) return
      if (!from.includes(journey.status))
        throw new Refusal("conflict", `The journey is ${journey.status}; it cannot become ${to}.`)
      await store.setRunState(tx, { workspace: workspace.id, key, status: to })
      await store.cancelJobs(tx, { journey: journey.id })
      if (kind !== undefined) {
        const buckets = (await store.listBuckets(tx, {})).map(row => row.bucket)
        const at = workspace.clockNow ?? deps.ports.now()
        await store.addJobs(tx, {
          ids: buckets.map(() => deps.ports.newId()),
          buckets,
          journey: journey.id,
          workspace: workspace.id,
          kind,
          at: new Date(at).toISOString(),
          per_minute: workspace.sandbox ? null : (perMinute ?? USUAL_PER_MINUTE),
        })
      }
      await store.bumpDefinitions(tx, {})
    })
    deps.wakeAll()
    return { status: to }
  }

  return {
    /** Nobody enters; those inside are still decided and then hold before their next node. */
    pause: (workspace: WorkspaceClock, key: string) => change(workspace, key, ["live"], "paused"),
    /**
     * What became due meanwhile goes on as late turns, so many customers a minute that those who deliver can keep
     * up; in a sandbox at once.
     */
    resume: (workspace: WorkspaceClock, key: string, perMinute?: number) =>
      change(workspace, key, ["paused"], "live", store.JobKind.resume, perMinute),
    /** All inside end with `stopped`, for good. */
    stop: (workspace: WorkspaceClock, key: string) =>
      change(workspace, key, ["live", "paused"], "stopped", store.JobKind.stop),
  }
}
