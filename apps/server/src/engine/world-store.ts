import type { WebhookStub } from "@viaggio/journey-model"
import { sql } from "drizzle-orm"
import { statement, value } from "../db/statement.ts"

export type VersionRow = {
  id: number
  number: number
  journey_id: number
  key: string
  workspace_id: number
  document: string
}

/** Versions by id, whatever their journey's state. */
export const loadVersions = statement<{ ids: number[] }, VersionRow>(
  "world_load_versions",
  sql`SELECT v.id, v.number, v.journey_id, j.key, v.workspace_id, v.document
      FROM journey_versions v JOIN journeys j ON j.id = v.journey_id WHERE v.id = ANY(${value("ids", "int[]")})`,
)

export type RunRow = { id: number; workspace_id: number; status: string; is_live: boolean }

/**
 * Every version that can have work: the published ones of journeys that are not stopped, and those with customers
 * inside. A batch that began before a publish or a stop may still let somebody in, after this was read: so also
 * those that were replaced within the hour, and those of journeys with a job under way.
 */
export const loadRuns = statement<Record<string, never>, RunRow>(
  "world_load_runs",
  sql`SELECT v.id, v.workspace_id, j.status, v.number = j.live_version AS is_live
      FROM journey_versions v JOIN journeys j ON j.id = v.journey_id
      WHERE (v.number = j.live_version AND j.status IN ('live', 'paused'))
         OR EXISTS (SELECT 1 FROM inside i WHERE i.version_id = v.id AND i.n > 0)
         OR EXISTS (SELECT 1 FROM journey_versions n WHERE n.journey_id = v.journey_id AND n.number = v.number + 1
                    AND n.published_at > clock_timestamp() - interval '1 hour')
         OR EXISTS (SELECT 1 FROM run_jobs r WHERE r.journey_id = v.journey_id AND r.done_at IS NULL)`,
)

export type WorkspaceRow = {
  id: number
  public_id: string
  clock: number
  /** What answers webhooks in a sandbox. */
  stub: WebhookStub | null
}

export const loadWorkspaces = statement<Record<string, never>, WorkspaceRow>(
  "world_load_workspaces",
  sql`SELECT id, public_id::text, clock, settings -> 'webhookStub' AS stub FROM workspaces`,
)
