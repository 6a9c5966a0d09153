import { type EpochMs, formatInstant } from "@viaggio/journey-model"
import type { Db } from "../db/client.ts"
import { readSentJournal } from "../effects/sent-journal.ts"
import { nameOf } from "../journeys/store.ts"
import { Refusal } from "../refusal.ts"
import * as store from "./hold-store.ts"

/** Ids noted in one statement. */
const CHUNK = 10_000

/** What waits for a person's word after a restore. Counts of other workspaces are given without their names. */
export type Hold = {
  since: string
  /** Of when the backup is. What happened afterwards is not in this database. */
  backupAt: string
  /** The journal was read: `effects` have left before and leave no second time. */
  reconciled?: { at: string; effects: number }
  journeys: HeldJourney[]
  others: { journeys: number; timers: number; messages: number }
}

/** `known`: those of its messages that left before, by the journal. */
export type HeldJourney = { key: string; name: string; timers: number; messages: number; known: number }

/** Journeys of this workspace, by key, and what to do with all of the other workspaces. */
export type Release = { skip: readonly string[]; skipOthers: boolean }

/**
 * A restored database and what it must not do twice. It is held for the whole installation: an owner reads the
 * journal of what was sent, chooses the journeys that skip what was due between the backup and now, and lets it go on.
 */
export const createHold = (deps: {
  db: Db
  dataFolder: string | undefined
  /** Everything goes on. */
  onReleased(): void
}) => {
  const read = async () => {
    const [row] = await store.readHold(deps.db, {})
    return row?.held_since == null ? undefined : { ...row, held_since: row.held_since }
  }

  return {
    async isHeld(): Promise<boolean> {
      return (await read()) !== undefined
    },

    /** Undefined where nothing is held. */
    async get(workspace: { id: number }): Promise<Hold | undefined> {
      const row = await read()
      if (row === undefined) return undefined
      const due = await store.readDue(deps.db, {})
      const own = due.filter(each => each.workspace_id === workspace.id)
      const others = due.filter(each => each.workspace_id !== workspace.id)
      return {
        since: formatInstant(row.held_since),
        backupAt: formatInstant(row.backup_at ?? row.held_since),
        ...(row.reconciled_at === null
          ? {}
          : { reconciled: { at: formatInstant(row.reconciled_at), effects: row.known } }),
        journeys: own.map(({ key, document, timers, messages, known }) => ({
          key,
          name: nameOf(document),
          timers,
          messages,
          known,
        })),
        others: {
          journeys: others.length,
          timers: others.reduce((sum, each) => sum + each.timers, 0),
          messages: others.reduce((sum, each) => sum + each.messages, 0),
        },
      }
    },

    /** Reads the journal of what was sent since the backup. Done again with more files it adds what is new. */
    async reconcile(): Promise<{ files: number; effects: number }> {
      const row = await read()
      if (row === undefined) throw notHeld()
      const since: EpochMs = row.backup_at ?? row.held_since
      const found =
        deps.dataFolder === undefined
          ? { files: 0, ids: new Set<string>() }
          : await readSentJournal(deps.dataFolder, row.installation, since)
      if (found.files === 0)
        throw new Refusal(
          "not-found",
          "There is no journal of what was sent in VIAGGIO_DATA/sent. Put the files of all processes there, or choose what to skip.",
        )
      await deps.db.transaction(async tx => {
        const ids = [...found.ids].sort()
        for (let at = 0; at < ids.length; at += CHUNK)
          await store.addSentBefore(tx, { ids: ids.slice(at, at + CHUNK) })
        await store.noteReconciled(tx, {})
      })
      return { files: found.files, effects: found.ids.size }
    },

    async release(workspace: { id: number }, { skip, skipOthers }: Release): Promise<void> {
      await deps.db.transaction(async tx => {
        const [held] = await store.lockHold(tx, {})
        if (held === undefined) throw notHeld()
        const journeys = await store.listJourneys(tx, {})
        const skipped = journeys.filter(journey =>
          journey.workspace_id === workspace.id ? skip.includes(journey.key) : skipOthers,
        )
        if (skipped.length > 0) await store.skipJourneys(tx, { journeys: skipped.map(({ id }) => id) })
        await store.release(tx, {})
      })
      deps.onReleased()
    },
  }
}

const notHeld = () =>
  new Refusal("conflict", "This installation was not restored from a backup, or goes on already.")

export type HoldService = ReturnType<typeof createHold>
