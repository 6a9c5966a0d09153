import type { Needs } from "../conditions/facts.ts"
import { emptyNeeds, mergeNeeds } from "../conditions/needs.ts"
import type { Program } from "./compile.ts"

/**
 * A published version as the engine runs it. `admits`: it is the one of its journey that lets customers in.
 * `paused`: events and waits are decided, then everybody holds before the next node, and nobody comes in.
 */
export type Version = {
  id: number
  program: Program
  state: "running" | "paused" | "stopped"
  admits: boolean
}

/** All versions of a workspace that have or admit customers, indexed for the fold. */
export type World = {
  workspace: string
  versions: ReadonlyMap<number, Version>
  /** Versions that admit by that event, in the order they were given. */
  entries: ReadonlyMap<string, readonly Version[]>
  /** What all of them together must have loaded. */
  needs: Needs
}

/** Indexes the versions of one workspace; built anew whenever a definition changes, shared by all customers. */
export function buildWorld(workspace: string, versions: readonly Version[]): World {
  const entries = new Map<string, Version[]>()
  const needs = emptyNeeds()
  for (const version of versions) {
    mergeNeeds(needs, version.program.needs)
    if (!version.admits || version.state === "stopped") continue
    const { event } = version.program.admission
    const present = entries.get(event)
    if (present) present.push(version)
    else entries.set(event, [version])
  }
  return { workspace, versions: new Map(versions.map(version => [version.id, version])), entries, needs }
}
