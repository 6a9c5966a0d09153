import { compile, type Program, parseJourneyText } from "@viaggio/journey-model"
import type { NodeNames } from "../answers.ts"
import type { DbOrTransaction } from "../db/client.ts"
import { loadVersions, type VersionRow } from "./world-store.ts"

/** A published version, compiled. */
export type Published = {
  id: number
  number: number
  journeyId: number
  journeyKey: string
  workspace: number
  program: Program
}

/** How answers name the node of that number. */
export const nodeNames = (published: Published | undefined, index: number): NodeNames => {
  const node = published?.program.journey.nodes[index]
  const names = { node: node?.id ?? "", nodeType: node?.type ?? "" }
  return node?.name === undefined ? names : { ...names, nodeName: node.name }
}

/** Compiled versions by id. They never change, so what was compiled once is kept. */
export type Programs = {
  /** Those of the ids that exist and compile. */
  get(ids: Iterable<number>): Promise<Map<number, Published>>
}

export const createPrograms = (deps: {
  db: DbOrTransaction
  log(error: unknown, text: string): void
}): Programs => {
  const known = new Map<number, Published | undefined>()

  const compiled = (row: VersionRow): Published | undefined => {
    const parsed = parseJourneyText(row.document)
    const result = parsed.ok ? compile(parsed.value) : parsed
    if (!result.ok) {
      const why = result.problems.map(p => p.text).join(" ")
      deps.log(
        new Error(why),
        `version ${row.number} of ${row.key} no longer compiles; its customers wait for a release that can`,
      )
      return undefined
    }
    return {
      id: row.id,
      number: row.number,
      journeyId: row.journey_id,
      journeyKey: row.key,
      workspace: row.workspace_id,
      program: result.value,
    }
  }

  return {
    async get(ids) {
      const wanted = [...new Set(ids)]
      const missing = wanted.filter(id => !known.has(id))
      if (missing.length > 0)
        for (const row of await loadVersions(deps.db, { ids: missing })) known.set(row.id, compiled(row))
      return new Map(wanted.flatMap(id => (known.get(id) === undefined ? [] : [[id, known.get(id)!]])))
    },
  }
}
