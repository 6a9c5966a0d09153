import { resolve } from "node:path"
import { BadConfig, type Config, readConfig } from "../config.ts"
import { UnfitDatabase } from "../db/client.ts"
import { findPostgres, startPostgres } from "../db/postgres/supervisor.ts"
import { PostgresUnavailable } from "../db/postgres/unavailable.ts"
import { releaseOf } from "../release.ts"
import { backUp } from "./backup.ts"
import { BackupRefused } from "./manifest.ts"
import { restore } from "./restore.ts"

// `npm run backup -- FOLDER` and `npm run restore -- FOLDER`.

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

/** Works on the operator's own database, on the shipped one that runs, or on it started for the while. */
async function withDatabase(config: Config, work: (url: string) => Promise<void>): Promise<void> {
  const url = config.databaseUrl ?? (await findPostgres(config.dataFolder))
  if (url !== undefined) return work(url)
  let lost: Error | undefined
  const onLost = (error: Error) => {
    lost = error
  }
  const postgres = await startPostgres({ dataFolder: config.dataFolder, say, onLost })
  try {
    await work(postgres.url)
    if (lost !== undefined) throw lost
  } finally {
    await postgres.stop()
  }
}

async function main([what, given]: string[]): Promise<void> {
  if (!given || (what !== "backup" && what !== "restore"))
    throw new BackupRefused(`Name a folder: npm run ${what ?? "backup"} -- FOLDER`)
  const folder = resolve(given)
  await withDatabase(readConfig(), async url => {
    if (what === "backup") {
      const { tables, takenAt } = await backUp({ url, folder, release: releaseOf(), say })
      const rows = tables.reduce((sum, table) => sum + table.rows, 0)
      return say(
        `Backed up ${rows} rows, as they were at ${takenAt}, to ${folder}. Keep it as secret as the database.`,
      )
    }
    const { takenAt } = await restore({ url, folder, say })
    say(
      `Restored the backup of ${takenAt}. Nothing is worked or sent before an owner says so on the Status page.`,
    )
  })
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  const isSentence = [BackupRefused, BadConfig, UnfitDatabase, PostgresUnavailable].some(
    known => error instanceof known,
  )
  process.stderr.write(`${isSentence ? (error as Error).message : ((error as Error).stack ?? error)}\n`)
  process.exitCode = 1
}
