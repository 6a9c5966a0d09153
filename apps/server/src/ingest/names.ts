import type { Db } from "../db/client.ts"
import { addNames, findNames, namesOfIds } from "./door-store.ts"

/**
 * Different event names of a workspace that come from outside. A shop has some dozens; a sender that puts an order's
 * number into the name would fill every list and every process' memory.
 */
export const MOST_NAMES = 5_000

const ANY_NUMBER = 2 ** 31 - 1

type Wanted = { workspace: number; name: string }

/** Event names as small integers, by workspace; they never change, so what is known is kept. */
export type EventNames = {
  /** The id of a name that was made or learned here. */
  idOf(workspace: number, name: string): number | undefined
  /** Makes the ids that are not there yet: names of journeys and of ours, however many. */
  idsOf(wanted: readonly Wanted[]): Promise<number[]>
  /** The same, but names that come from outside only up to `MOST_NAMES` of a workspace; beyond: undefined. */
  idsWithin(wanted: readonly (Wanted & { isOurs: boolean })[]): Promise<(number | undefined)[]>
  /** The name of an id that was made or learned here. */
  nameOf(id: number): string | undefined
  /** Makes `nameOf` answer for these ids, which another process may have made. */
  learn(ids: Iterable<number>): Promise<void>
}

export const createEventNames = (db: Db): EventNames => {
  const ids = new Map<number, Map<string, number>>()
  const names = new Map<number, string>()
  const keyOf = ({ workspace, name }: Wanted) => `${workspace}:${name}`
  const idOf = (workspace: number, name: string) => ids.get(workspace)?.get(name)

  const remember = (id: number, workspace: number, name: string) => {
    const present = ids.get(workspace) ?? new Map<string, number>()
    ids.set(workspace, present.set(name, id))
    names.set(id, name)
  }

  const find = async (missing: readonly { workspace: number; name: string }[]) => {
    const columns = { workspaces: missing.map(m => m.workspace), names: missing.map(m => m.name) }
    for (const row of await findNames(db, columns)) remember(row.id, row.workspace_id, row.name)
  }

  const look = async (wanted: readonly Wanted[], most: number): Promise<(number | undefined)[]> => {
    const isMissing = ({ workspace, name }: Wanted) => idOf(workspace, name) === undefined
    const missing = new Map(wanted.filter(isMissing).map(w => [keyOf(w), w] as const))
    if (missing.size > 0) {
      const rows = [...missing.values()].sort(
        (a, b) => a.workspace - b.workspace || (a.name < b.name ? -1 : 1),
      )
      await find(rows)
      const unknown = rows.filter(isMissing)
      if (unknown.length > 0) {
        await addNames(db, {
          workspaces: unknown.map(w => w.workspace),
          names: unknown.map(w => w.name),
          most,
        })
        await find(unknown)
      }
    }
    return wanted.map(w => idOf(w.workspace, w.name))
  }

  return {
    idOf,
    nameOf: id => names.get(id),
    async learn(wanted) {
      const unknown = new Set<number>()
      for (const id of wanted) if (!names.has(id)) unknown.add(id)
      if (unknown.size === 0) return
      for (const row of await namesOfIds(db, { ids: [...unknown] }))
        remember(row.id, row.workspace_id, row.name)
    },
    idsOf: async wanted => (await look(wanted, ANY_NUMBER)) as number[],
    async idsWithin(wanted) {
      await look(
        wanted.filter(w => w.isOurs),
        ANY_NUMBER,
      )
      return look(wanted, MOST_NAMES)
    },
  }
}
