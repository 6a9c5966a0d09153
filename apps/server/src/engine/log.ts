import type { Tx } from "../db/client.ts"
import * as store from "./log-store.ts"

/** Most live events of one workspace in a batch, while others wait. */
export const SHARE = 200

/** The first number of the bulk log of every bucket; below it are those of the live log. */
export const BULK_FROM = 2 ** 51

/** How far a log is worked: its last worked number, and the day from which on to look for the next. */
export type Place = { on: string; seq: number }

/** A workspace whose events are worked up to a place behind the cursor. */
export type Lagging = Place & { workspace: number }

/** Up to where the events of a workspace's customers are worked: what a look-back may see. */
export type Worked = { live(workspace: number): number; bulk: number }

export const workedOf = (row: {
  cursor_seq: number
  bulk_seq: number
  lagging: readonly Lagging[] | null
}): Worked => {
  const behind = new Map(row.lagging?.map(one => [one.workspace, one.seq]))
  return { live: workspace => behind.get(workspace) ?? row.cursor_seq, bulk: row.bulk_seq }
}

/** What a batch takes of the live log. */
export type Picked = {
  /** In the order of the log for every customer. */
  events: store.EventRow[]
  cursor: Place
  /** Workspaces that are behind the cursor after the batch. */
  behind: ReadonlyMap<number, Place>
  /** The log was not read to its end. */
  isFull: boolean
}

/**
 * Shares a batch out: where several workspaces have events, at most 200 of each are taken, and the rest of a flood
 * waits behind the cursor for the next batches, in its order.
 * @param window what stands in the log behind the cursor
 * @param most the size of a whole batch; a smaller one is taken from one log only, to find one customer
 */
export const pickLive = async (
  tx: Tx,
  bucket: number,
  cursor: Place,
  lagging: readonly Lagging[],
  window: store.EventRow[],
  most: number,
  isSearch: boolean,
): Promise<Picked> => {
  const isFull = window.length === most
  const last = window.at(-1)
  const end = last === undefined ? cursor : { on: last.recorded_on, seq: last.seq }
  if (lagging.length === 0 && (window.length <= SHARE || isOfOne(window)))
    return { events: window, cursor: end, behind: new Map(), isFull }

  const behind = new Map<number, Place>(lagging.map(({ workspace, on, seq }) => [workspace, { on, seq }]))
  const present = new Set([...behind.keys(), ...window.map(event => event.workspace_id)])
  const share = present.size > 1 ? Math.min(SHARE, most) : most
  const events: store.EventRow[] = []
  const taken = new Map<number, number>()
  for (const { workspace, on, seq } of lagging) {
    const part = isSearch ? Math.min(share, most - events.length) : share
    if (part === 0) break
    const own = await store.readOwn(tx, { bucket, workspace, on, seq, to: cursor.seq, most: part })
    const mine = own.at(-1)
    events.push(...own)
    taken.set(workspace, own.length)
    if (own.length < part) behind.delete(workspace)
    else behind.set(workspace, { on: mine!.recorded_on, seq: mine!.seq })
  }
  if (isSearch && events.length > 0) return { events, cursor, behind, isFull: true }
  for (const event of window) {
    const { workspace_id: workspace } = event
    if (behind.has(workspace)) continue
    const count = taken.get(workspace) ?? 0
    if (count >= share) {
      behind.set(workspace, { on: event.recorded_on, seq: event.seq - 1 })
      continue
    }
    taken.set(workspace, count + 1)
    events.push(event)
  }
  return { events, cursor: end, behind, isFull }
}

const isOfOne = (window: readonly store.EventRow[]): boolean =>
  window.every(event => event.workspace_id === window[0]!.workspace_id)

/** Notes which workspaces are behind, where that has changed. */
export const saveLagging = (
  tx: Tx,
  bucket: number,
  before: readonly Lagging[],
  behind: ReadonlyMap<number, Place>,
) => {
  const gone = before.filter(one => !behind.has(one.workspace)).map(one => one.workspace)
  const rows = [...behind]
  return Promise.all([
    gone.length === 0 ? undefined : store.dropLagging(tx, { bucket, workspaces: gone }),
    rows.length === 0
      ? undefined
      : store.noteLagging(tx, {
          bucket,
          workspaces: rows.map(([workspace]) => workspace),
          days: rows.map(([, place]) => place.on),
          seqs: rows.map(([, place]) => place.seq),
        }),
  ])
}
