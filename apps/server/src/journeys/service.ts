import {
  checkJourney,
  compile,
  contentHash,
  type EpochMs,
  type Journey,
  newJourney,
  type Problem,
  parseJourney,
  parseJourneyText,
  printJourney,
  slugId,
} from "@viaggio/journey-model"
import type { Db, DbOrTransaction } from "../db/client.ts"
import { bumpDefinitions } from "../db/definitions.ts"
import type { Ports } from "../ports.ts"
import { Refusal } from "../refusal.ts"
import type { Workspace } from "../workspaces/workspace.ts"
import {
  deleteJourney,
  findJourney,
  findVersion,
  insertJourney,
  insertVersion,
  type JourneyRow,
  type JourneyStatus,
  listJourneys,
  listVersions,
  lockJourney,
  updateDraft,
} from "./store.ts"

export type { JourneyRow, JourneyStatus } from "./store.ts"

export type SavedDraft = {
  revision: number
  hash: string
  problems: Problem[]
  savedAt: EpochMs
  created: boolean
}
export type Published = { version: number; hash: string; publishedAt: EpochMs }
export type JourneyDraft = Omit<JourneyRow, "document" | "id"> & { document: Journey }
export type JourneyVersion = {
  number: number
  hash: string
  note: string | null
  publishedAt: EpochMs
  live: boolean
}

export type JourneysOptions = {
  db: Db
  ports: Ports
  /** Called after the commit that brought a new version. */
  onPublished?: () => void
}

const keyAttempts = 1_000

/** Drafts with their revisions, and immutable numbered versions. */
export function createJourneys({ db, ports, onPublished }: JourneysOptions) {
  async function require(runner: DbOrTransaction, workspace: Workspace, key: string): Promise<JourneyRow> {
    const found = await findJourney(runner, workspace.id, key)
    return found ?? refuseUnknown(key)
  }

  async function requireLocked(
    runner: DbOrTransaction,
    workspace: Workspace,
    key: string,
  ): Promise<JourneyRow> {
    const found = await lockJourney(runner, workspace.id, key)
    return found ?? refuseUnknown(key)
  }

  /** Inserts under `journey.key`, or the next free one after it: `welcome`, `welcome-2`, `welcome-3` … */
  async function insertUnderFreeKey(workspace: Workspace, journey: Journey): Promise<string> {
    for (let attempt = 1; attempt <= keyAttempts; attempt++) {
      const key = attempt === 1 ? journey.key : `${journey.key.slice(0, 58)}-${attempt}`
      if (await insert(workspace, { ...journey, key })) return key
    }
    throw new Refusal("conflict", `No key like “${journey.key}” is free.`)
  }

  function insert(workspace: Workspace, journey: Journey): Promise<boolean> {
    const { key } = journey
    const document = printJourney(journey)
    return insertJourney(db, {
      workspaceId: workspace.id,
      key,
      document,
      hash: contentHash(journey),
      at: ports.now(),
    })
  }

  return {
    list: (workspace: Workspace): Promise<JourneyRow[]> => listJourneys(db, workspace.id),

    async get(workspace: Workspace, key: string): Promise<JourneyDraft> {
      const { id: _, document, ...row } = await require(db, workspace, key)
      return { ...row, document: stored(document) }
    },

    /** Canonical text of the draft, or of one version. */
    async text(
      workspace: Workspace,
      key: string,
      version?: number,
    ): Promise<{ text: string; revision: number }> {
      const row = await require(db, workspace, key)
      if (version === undefined) return { text: row.document, revision: row.revision }
      const found = await findVersion(db, row.id, version)
      if (found === undefined) throw new Refusal("not-found", `“${key}” has no version ${version}.`)
      return { text: found.document, revision: row.revision }
    },

    /** A new draft of that name, empty or from a document, whose key gives way if it is taken. */
    async create(
      workspace: Workspace,
      name: string,
      document?: unknown,
    ): Promise<{ key: string; revision: number }> {
      const journey =
        document === undefined ? newJourney({ key: slugId(name), name }) : { ...parsed(document), name }
      return { key: await insertUnderFreeKey(workspace, journey), revision: 1 }
    },

    /** A new draft like that one, under a name of its own where one is given. */
    async duplicate(workspace: Workspace, key: string, name?: string): Promise<{ key: string }> {
      const journey = stored((await require(db, workspace, key)).document)
      const copy = name === undefined ? journey : { ...journey, name }
      return { key: await insertUnderFreeKey(workspace, copy) }
    },

    async remove(workspace: Workspace, key: string): Promise<void> {
      await db.transaction(async transaction => {
        const row = await requireLocked(transaction, workspace, key)
        if (row.status !== "draft")
          throw new Refusal("conflict", "Only a journey that was never published can be deleted.")
        await deleteJourney(transaction, row.id)
      })
    },

    /**
     * Keeps a draft, with problems too. `revision` is the one that the caller has seen: another is refused as
     * stale with the present one. The same text again is no new revision. `create`: an unknown key is taken.
     */
    async save(
      workspace: Workspace,
      key: string,
      document: unknown,
      options: { revision?: number; create?: boolean },
    ): Promise<SavedDraft> {
      const journey = parsed(document)
      if (journey.key !== key) {
        throw new Refusal("invalid", `The document's key is “${journey.key}”, the address says “${key}”.`)
      }
      const text = printJourney(journey)
      const hash = contentHash(journey)
      const saved = { hash, problems: checkJourney(journey), savedAt: ports.now() }
      return db.transaction(async transaction => {
        const row = await lockJourney(transaction, workspace.id, key)
        if (row === undefined) {
          if (!options.create) refuseUnknown(key)
          if (options.revision !== undefined) throw new Refusal("stale", `There is no journey “${key}” yet.`)
          const draft = { workspaceId: workspace.id, key, document: text, hash, at: saved.savedAt }
          if (!(await insertJourney(transaction, draft)))
            throw new Refusal("conflict", `“${key}” was made this moment.`)
          return { ...saved, revision: 1, created: true }
        }
        refuseStale(row, options.revision)
        if (row.document === text) return { ...saved, revision: row.revision, created: false }
        const revision = await updateDraft(transaction, row.id, { document: text, hash, at: saved.savedAt })
        return { ...saved, revision, created: false }
      })
    },

    /**
     * Makes the draft the next version, which customers enter from the engine's next batch on. Errors refuse it;
     * content that is published already answers with that version.
     */
    async publish(
      workspace: Workspace,
      key: string,
      options: { revision?: number; note?: string; by?: string },
    ): Promise<Published> {
      const published = await db.transaction(async transaction => {
        const row = await requireLocked(transaction, workspace, key)
        refuseStale(row, options.revision)
        if (row.version !== null && row.publishedHash === row.hash && row.status !== "stopped") {
          return { version: row.version, hash: row.hash, publishedAt: row.publishedAt! }
        }
        const program = compile(stored(row.document))
        if (!program.ok) {
          throw new Refusal("unprocessable", "The journey has errors and was not published.", {
            problems: program.problems,
          })
        }
        const at = ports.now()
        const version = await insertVersion(transaction, {
          journeyId: row.id,
          workspaceId: workspace.id,
          document: row.document,
          hash: row.hash,
          ...(options.note === undefined ? {} : { note: options.note }),
          ...(options.by === undefined ? {} : { publishedBy: options.by }),
          status: afterPublish(row.status),
          at,
        })
        await bumpDefinitions(transaction)
        return { version, hash: row.hash, publishedAt: at }
      })
      onPublished?.()
      return published
    },

    async versions(workspace: Workspace, key: string): Promise<JourneyVersion[]> {
      const row = await require(db, workspace, key)
      const versions = await listVersions(db, row.id)
      return versions.map(version => ({ ...version, live: version.number === row.version }))
    },

    async version(workspace: Workspace, key: string, number: number): Promise<{ document: Journey }> {
      return { document: stored((await this.text(workspace, key, number)).text) }
    },
  }
}

export type Journeys = ReturnType<typeof createJourneys>

/** A pause holds for what is published meanwhile, too. */
function afterPublish(status: JourneyStatus): JourneyStatus {
  return status === "paused" ? "paused" : "live"
}

function refuseUnknown(key: string): never {
  throw new Refusal("not-found", `There is no journey “${key}”.`)
}

function refuseStale(row: JourneyRow, revision: number | undefined): void {
  if (revision === undefined || revision === row.revision) return
  throw new Refusal("stale", `The draft is at revision ${row.revision} by now.`, { revision: row.revision })
}

/** What could not be read of it is among the problems that checkJourney finds. */
function parsed(document: unknown): Journey {
  const result = parseJourney(document)
  if (!result.ok) {
    throw new Refusal("invalid", "This is no journey document.", { problems: result.problems })
  }
  return result.value
}

function stored(text: string): Journey {
  const result = parseJourneyText(text)
  if (!result.ok) throw new Error(`a stored journey does not parse: ${result.problems[0]?.text}`)
  return result.value
}
