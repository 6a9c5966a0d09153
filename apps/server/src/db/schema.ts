import { join } from "node:path"
import { sql } from "drizzle-orm"
import { packageRoot } from "../package-root.ts"
import { type Db, UnfitDatabase } from "./client.ts"
import { readMigrations } from "./migration-files.ts"

/** What stands in `schema_info`: the newest migration, and the lowest that a program must know to go on. */
export type SchemaInfo = { version: number; minReader: number }

/** A program that is too old for the database; the message is one sentence. */
export class OutdatedProgram extends Error {
  override name = "OutdatedProgram"
}

let known: number | undefined

/** The number of the newest migration that this program brings. */
export function knownSchema(): number {
  known ??= readMigrations(join(packageRoot(), "migrations")).at(-1)!.number
  return known
}

export async function readSchemaInfo(db: Db): Promise<SchemaInfo | undefined> {
  const [there] = await db.execute<{ there: boolean }>(
    sql`select to_regclass('schema_info') is not null as there`,
  )
  if (!there!.there) return undefined
  const [row] = await db.execute<SchemaInfo>(sql`select version, min_reader as "minReader" from schema_info`)
  return row
}

/** Throws when the database and this program do not fit: it is not migrated as far, or much further. */
export async function requireSchema(db: Db): Promise<void> {
  const info = await readSchemaInfo(db)
  const knows = knownSchema()
  if (info !== undefined && info.minReader > knows) throw new OutdatedProgram(outdatedSentence(info, knows))
  if (info === undefined || info.version < knows) {
    throw new UnfitDatabase(
      `DATABASE_URL: the database has schema ${info?.version ?? 0} and this release needs ${knows}: start a worker of this release on a direct connection first.`,
    )
  }
}

export const outdatedSentence = ({ version, minReader }: SchemaInfo, knows: number): string =>
  `A newer Viaggio has brought this database to schema ${version}, which programs below ${minReader} cannot work with, and this one knows ${knows}: install the newer release and start again.`

const lookEachMs = 5_000

/**
 * Looks every few seconds whether this program may go on. When a newer one has taken away what it reads, `onOutdated`
 * is called once with the sentence for the operator. A database that is away changes nothing. Answers how to stop.
 */
export function watchSchema(
  db: Db,
  onOutdated: (error: OutdatedProgram) => void,
  { everyMs = lookEachMs, knows = knownSchema() }: { everyMs?: number; knows?: number } = {},
): () => void {
  const look = async () => {
    const info = await readSchemaInfo(db).catch(() => undefined)
    if (info === undefined || info.minReader <= knows) return
    stop()
    onOutdated(new OutdatedProgram(outdatedSentence(info, knows)))
  }
  const timer = setInterval(() => void look(), everyMs)
  timer.unref()
  const stop = () => clearInterval(timer)
  return stop
}
