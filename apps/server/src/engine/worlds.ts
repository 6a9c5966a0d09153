import { buildWorld, defaultStub, type Version, type WebhookStub, type World } from "@viaggio/journey-model"
import type { Db } from "../db/client.ts"
import type { EventNames } from "../ingest/names.ts"
import type { Programs, Published } from "./programs.ts"
import { loadRuns, loadWorkspaces, type RunRow } from "./world-store.ts"

/** A published version as the engine runs it. */
export type LiveVersion = Omit<Published, "program"> & { version: Version }

/** One workspace's programs with the lookups that a batch needs. */
export type WorkspaceWorld = {
  id: number
  clock: number
  /** On a test clock: what answers webhooks, at the instant of asking. On the real one they are called. */
  stub: WebhookStub | undefined
  world: World
  versions: ReadonlyMap<number, LiveVersion>
  /** Event names, as ids, whose arrival can start an enrollment: the versions that they start. */
  entries: ReadonlyMap<number, readonly LiveVersion[]>
}

/** All that is published, as of one revision of the definitions. */
export type Worlds = { revision: number; of(workspace: number): WorkspaceWorld | undefined }

export type WorldCache = { at(revision: number): Promise<Worlds> }

/** Keeps what is published until the definitions have a new revision. */
export const createWorldCache = (deps: { db: Db; names: EventNames; programs: Programs }): WorldCache => {
  let current: { revision: number; worlds: Promise<Worlds> } | undefined

  const build = async (revision: number): Promise<Worlds> => {
    const [workspaces, runs] = await Promise.all([loadWorkspaces(deps.db, {}), loadRuns(deps.db, {})])
    const published = await deps.programs.get(runs.map(run => run.id))
    const worlds = new Map<number, WorkspaceWorld>()
    for (const workspace of workspaces) {
      const versions = runs
        .filter(run => run.workspace_id === workspace.id && published.has(run.id))
        .map(run => toLive(run, published.get(run.id)!))
      worlds.set(workspace.id, {
        id: workspace.id,
        clock: workspace.clock,
        stub: workspace.clock === 0 ? undefined : (workspace.stub ?? defaultStub),
        world: buildWorld(
          workspace.public_id,
          versions.map(v => v.version),
        ),
        versions: new Map(versions.map(v => [v.id, v])),
        entries: await entriesOf(workspace.id, versions),
      })
    }
    return { revision, of: id => worlds.get(id) }
  }

  const entriesOf = async (workspace: number, versions: readonly LiveVersion[]) => {
    const entries = new Map<number, LiveVersion[]>()
    const admitting = versions.filter(v => v.version.admits)
    const ids = await deps.names.idsOf(admitting.map(v => ({ workspace, name: entryEventOf(v) })))
    for (const [i, version] of admitting.entries())
      entries.set(ids[i]!, [...(entries.get(ids[i]!) ?? []), version])
    return entries
  }

  return {
    at(revision) {
      if (current === undefined || current.revision < revision) {
        const worlds = build(revision)
        current = { revision, worlds }
        worlds.catch(() => {
          if (current?.worlds === worlds) current = undefined
        })
      }
      return current.worlds
    },
  }
}

const toLive = (run: RunRow, { program, ...published }: Published): LiveVersion => {
  const state = run.status === "live" ? "running" : run.status === "paused" ? "paused" : "stopped"
  return {
    ...published,
    version: { id: run.id, program, state, admits: run.is_live && state !== "stopped" },
  }
}

const entryEventOf = ({ version }: LiveVersion): string => {
  const { program } = version
  return String((program.nodes[program.entry]!.config as { event?: unknown }).event)
}
