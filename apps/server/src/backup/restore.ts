import { createReadStream } from "node:fs"
import { join } from "node:path"
import { pipeline } from "node:stream/promises"
import { createGunzip } from "node:zlib"
import { migrate } from "../db/migrate.ts"
import * as store from "./backup-store.ts"
import { BackupRefused, type Manifest, readBackup } from "./manifest.ts"

/**
 * Brings a backup into an empty database, all of it or nothing, and holds it to the manifest. The database then knows
 * that it was restored: whoever starts on it takes events in, and works and sends nothing until its operator says so.
 */
export async function restore(options: {
  url: string
  folder: string
  say(line: string): void
}): Promise<Manifest> {
  const { url, folder, say } = options
  const manifest = await readBackup(folder)
  if (!(await store.isEmpty(url)))
    throw new BackupRefused("The database is not empty; a backup is restored only into an empty one.")
  await migrate(url, say)
  await store.withRestore(url, async sql => {
    if ((await store.hashSchema(sql)) !== manifest.schema)
      throw new BackupRefused(
        `This backup was made by release ${manifest.release}, whose tables are others: restore it with that release and upgrade then.`,
      )
    const tables = await store.listTables(sql)
    await store.emptyTables(sql, [...tables.map(table => table.name), "workers"])
    for (const partition of manifest.partitions) await store.makePartition(sql, partition)
    for (const { file, rows, ...table } of manifest.tables) {
      await pipeline(
        createReadStream(join(folder, file)),
        createGunzip(),
        await store.copyIn(sql, { name: table.name, columns: table.columns }),
      )
      const found = await store.countRows(sql, table.name)
      if (found !== rows)
        throw new BackupRefused(`${table.name} has ${found} rows where the manifest says ${rows}.`)
      if (rows > 0) say(`${table.name}: ${rows} rows`)
    }
    for (const sequence of manifest.sequences) await store.setSequence(sql, sequence)
    await store.beginNewLife(sql, manifest.takenAt)
  })
  await store.analyze(url)
  return manifest
}
