import { type EpochMs, formatInstant } from "@viaggio/journey-model"
import { type SQL, sql } from "drizzle-orm"
import type { DbOrTransaction } from "../db/client.ts"
import { epochMs } from "../db/instants.ts"

export type JourneyStatus = "draft" | "live" | "paused" | "stopped"

export type JourneyRow = {
  id: number
  key: string
  name: string
  /** Canonical text of the draft. */
  document: string
  revision: number
  hash: string
  status: JourneyStatus
  /** Number of the version that admits customers. */
  version: number | null
  publishedHash: string | null
  publishedAt: EpochMs | null
  updatedAt: EpochMs
}

export type VersionRow = {
  number: number
  document: string
  hash: string
  note: string | null
  publishedAt: EpochMs
}

const columns = sql`j.id, j.key, j.document, j.revision, j.hash, j.status, j.live_version as version,
  v.hash as "publishedHash", ${epochMs(sql`v.published_at`)} as "publishedAt", ${epochMs(sql`j.updated_at`)} as "updatedAt"`

const joined = sql`journeys j left join journey_versions v on v.journey_id = j.id and v.number = j.live_version`

async function read(db: DbOrTransaction, where: SQL): Promise<JourneyRow[]> {
  const rows = await db.execute<Omit<JourneyRow, "name">>(
    sql`select ${columns} from ${joined} where ${where}`,
  )
  return rows.map(row => ({ ...row, name: nameOf(row.document) }))
}

/**
 * The name of a journey by its document. PostgreSQL would refuse to look into one that holds half a surrogate pair, and
 * with it the whole list.
 */
export const nameOf = (document: string): string => (JSON.parse(document) as { name: string }).name

export function listJourneys(db: DbOrTransaction, workspaceId: number): Promise<JourneyRow[]> {
  return read(db, sql`j.workspace_id = ${workspaceId} order by j.updated_at desc, j.id desc`)
}

export async function findJourney(
  db: DbOrTransaction,
  workspaceId: number,
  key: string,
): Promise<JourneyRow | undefined> {
  return (await read(db, sql`j.workspace_id = ${workspaceId} and j.key = ${key}`))[0]
}

/**
 * The same, held against every other writer until the transaction ends. Locked first and read afterwards: one
 * statement would answer with the version that was live before it had to wait.
 */
export async function lockJourney(
  db: DbOrTransaction,
  workspaceId: number,
  key: string,
): Promise<JourneyRow | undefined> {
  await db.execute(sql`select from journeys where workspace_id = ${workspaceId} and key = ${key} for update`)
  return findJourney(db, workspaceId, key)
}

/** False when the key is taken. */
export async function insertJourney(
  db: DbOrTransaction,
  journey: { workspaceId: number; key: string; document: string; hash: string; at: EpochMs },
): Promise<boolean> {
  const at = formatInstant(journey.at)
  const rows = await db.execute(sql`
    insert into journeys (workspace_id, key, document, hash, created_at, updated_at)
    values (${journey.workspaceId}, ${journey.key}, ${journey.document}, ${journey.hash}, ${at}, ${at})
    on conflict (workspace_id, key) do nothing returning id`)
  return rows.length > 0
}

/** Takes the next revision. Call with the row locked. */
export async function updateDraft(
  db: DbOrTransaction,
  id: number,
  draft: { document: string; hash: string; at: EpochMs },
): Promise<number> {
  const [row] = await db.execute<{ revision: number }>(sql`
    update journeys set document = ${draft.document}, hash = ${draft.hash}, revision = revision + 1,
      updated_at = ${formatInstant(draft.at)}
    where id = ${id} returning revision`)
  return row!.revision
}

export async function deleteJourney(db: DbOrTransaction, id: number): Promise<void> {
  await db.execute(sql`delete from journeys where id = ${id}`)
}

/** Numbers the draft as the next version, which is live from now on, or stays paused with its journey. */
export async function insertVersion(
  db: DbOrTransaction,
  version: {
    journeyId: number
    workspaceId: number
    document: string
    hash: string
    note?: string
    publishedBy?: string
    status: JourneyStatus
    at: EpochMs
  },
): Promise<number> {
  const [row] = await db.execute<{ number: number }>(sql`
    insert into journey_versions (journey_id, workspace_id, number, document, hash, note, published_at, published_by)
    select ${version.journeyId}::int, ${version.workspaceId}::int, coalesce(max(number), 0) + 1, ${version.document}::text,
      ${version.hash}::text, ${version.note ?? null}::text, ${formatInstant(version.at)}::timestamptz,
      ${version.publishedBy ?? null}::text
    from journey_versions where journey_id = ${version.journeyId} returning number`)
  await db.execute(sql`
    update journeys set live_version = ${row!.number}, status = ${version.status} where id = ${version.journeyId}`)
  return row!.number
}

export async function listVersions(
  db: DbOrTransaction,
  journeyId: number,
): Promise<Omit<VersionRow, "document">[]> {
  const rows = await db.execute<Omit<VersionRow, "document">>(sql`
    select number, hash, note, ${epochMs(sql`published_at`)} as "publishedAt"
    from journey_versions where journey_id = ${journeyId} order by number desc`)
  return [...rows]
}

export async function findVersion(
  db: DbOrTransaction,
  journeyId: number,
  number: number,
): Promise<VersionRow | undefined> {
  const [row] = await db.execute<VersionRow>(sql`
    select number, document, hash, note, ${epochMs(sql`published_at`)} as "publishedAt"
    from journey_versions where journey_id = ${journeyId} and number = ${number}`)
  return row
}
