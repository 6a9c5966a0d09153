import { createReadStream } from "node:fs"
import { type FileHandle, mkdir, open, readdir, rm } from "node:fs/promises"
import { join } from "node:path"
import { createInterface } from "node:readline"
import type { EpochMs } from "@viaggio/journey-model"
import type { Ports } from "../ports.ts"

/**
 * What leaves, noted outside of the database, so that one restored from a backup knows what it has sent since.
 * A line is `+` or `-` and the 32 hex digits of an effect's id: about to be sent, and certainly not taken after all.
 * Every process and day has its own file, `sent/<installation>/2026-11-21-<process>.log`.
 */
export type SentJournal = {
  /** On the disk when it resolves. Nothing may be sent before. */
  before(ids: readonly string[]): Promise<void>
  /** These were not taken by their provider; kept with the next `before`. */
  notTaken(ids: readonly string[]): void
  /** Since when, and why, nothing can be noted. */
  trouble(): { since: EpochMs; error: string } | undefined
  close(): Promise<void>
}

/** Backups that are older cannot be reconciled any more. */
const KEPT_DAYS = 40
const DAY_MS = 86_400_000

const dayOf = (at: EpochMs): string => new Date(at).toISOString().slice(0, 10)
const folderOf = (dataFolder: string, installation: string): string => join(dataFolder, "sent", installation)
const lines = (sign: "+" | "-", ids: readonly string[]): string =>
  ids.map(id => `${sign}${id.replaceAll("-", "")}\n`).join("")

export const createSentJournal = (deps: {
  dataFolder: string
  installation: string
  ports: Ports
}): SentJournal => {
  const folder = folderOf(deps.dataFolder, deps.installation)
  const process = deps.ports.newId()
  let file: { day: string; handle: FileHandle } | undefined
  let taken: string[] = []
  let writing: Promise<void> = Promise.resolve()
  /** What waits for the write under way to end goes into one write, and one flush, together. */
  let next: { ids: string[]; done: Promise<void> } | undefined
  let trouble: { since: EpochMs; error: string } | undefined

  const fileOf = async (day: string): Promise<FileHandle> => {
    if (file?.day === day) return file.handle
    await file?.handle.close()
    file = undefined
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const handle = await open(join(folder, `${day}-${process}.log`), "a", 0o600)
    file = { day, handle }
    await dropOld(folder, deps.ports.now())
    return handle
  }

  const write = async (ids: readonly string[]): Promise<void> => {
    const notTaken = taken
    taken = []
    try {
      const handle = await fileOf(dayOf(deps.ports.now()))
      await handle.appendFile(lines("-", notTaken) + lines("+", ids))
      await handle.datasync()
      trouble = undefined
    } catch (error) {
      taken = [...notTaken, ...taken]
      trouble = { since: trouble?.since ?? deps.ports.now(), error: (error as Error).message }
      throw error
    }
  }

  return {
    before(ids) {
      if (next !== undefined) {
        next.ids.push(...ids)
        return next.done
      }
      const batch = { ids: [...ids], done: Promise.resolve() }
      next = batch
      batch.done = writing.then(() => {
        next = undefined
        return write(batch.ids)
      })
      writing = batch.done.catch(() => undefined)
      return batch.done
    },
    notTaken(ids) {
      taken.push(...ids)
    },
    trouble: () => trouble,
    async close() {
      await writing
      if (taken.length > 0) await write([]).catch(() => undefined)
      await file?.handle.close()
      file = undefined
    },
  }
}

const dropOld = async (folder: string, now: EpochMs): Promise<void> => {
  const oldest = dayOf(now - KEPT_DAYS * DAY_MS)
  for (const name of await readdir(folder)) if (name < oldest) await rm(join(folder, name), { force: true })
}

/**
 * The effects that all files of an installation name as sent, from a day before `since` on. One that was noted and
 * neither taken back nor known to have left counts as sent.
 */
export const readSentJournal = async (
  dataFolder: string,
  installation: string,
  since: EpochMs,
): Promise<{ files: number; ids: Set<string> }> => {
  const folder = folderOf(dataFolder, installation)
  const oldest = dayOf(since - DAY_MS)
  const names = (await readdir(folder).catch(() => [])).filter(
    name => name.endsWith(".log") && name >= oldest,
  )
  // Each process knows how its own tries went; one of them that was taken is enough.
  const sent = new Map<string, Set<string>>()
  for (const name of names.sort()) {
    const process = name.slice(oldest.length)
    const ids = sent.get(process) ?? new Set()
    sent.set(process, ids)
    const reader = createInterface({ input: createReadStream(join(folder, name)), crlfDelay: Infinity })
    for await (const line of reader) {
      // A line that a crash cut off was not flushed, so nothing was sent for it.
      const [, sign, id] = /^([+-])([0-9a-f]{32})$/.exec(line) ?? []
      if (sign === "+") ids.add(id!)
      if (sign === "-") ids.delete(id!)
    }
  }
  return { files: names.length, ids: new Set([...sent.values()].flatMap(ids => [...ids])) }
}
