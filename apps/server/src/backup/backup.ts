import { createHash } from "node:crypto"
import { createWriteStream } from "node:fs"
import { mkdir, open, readdir, rename } from "node:fs/promises"
import { join } from "node:path"
import { Transform } from "node:stream"
import { pipeline } from "node:stream/promises"
import { createGzip } from "node:zlib"
import * as store from "./backup-store.ts"
import { BackupRefused, MANIFEST_FILE, type Manifest } from "./manifest.ts"

/**
 * Writes all rows of the database behind `url`, as they are at one moment, into an empty or missing folder: a file of
 * COPY's text form per table, and last of all the manifest. Work goes on meanwhile.
 */
export async function backUp(options: {
  url: string
  folder: string
  release: string
  say(line: string): void
}): Promise<Manifest> {
  const { folder } = options
  await mkdir(folder, { recursive: true, mode: 0o700 })
  if ((await readdir(folder)).length > 0)
    throw new BackupRefused(`${folder} is not empty; give a backup a folder of its own.`)
  const manifest = await store.withSnapshot(options.url, async sql => {
    const origin = await store.readOrigin(sql).catch(() => undefined)
    if (origin === undefined)
      throw new BackupRefused("There is nothing to back up: no Viaggio has used this database yet.")
    const schema = await store.hashSchema(sql)
    const partitions = await store.listPartitions(sql)
    const tables: Manifest["tables"] = []
    for (const [index, table] of (await store.listTables(sql)).entries()) {
      const file = `${String(index).padStart(2, "0")}-${table.name}.copy.gz`
      const written = await writeTable(await store.copyOut(sql, table), join(folder, file))
      tables.push({ ...table, file, ...written })
      if (written.rows > 0) options.say(`${table.name}: ${written.rows} rows`)
    }
    const sequences = await store.listSequences(sql)
    const { id: installation, generation, now: takenAt } = origin
    const head = { format: 1 as const, release: options.release, installation, generation, takenAt }
    return { ...head, schema, partitions, tables, sequences }
  })
  await writeManifest(folder, manifest)
  return manifest
}

async function writeTable(
  rows: NodeJS.ReadableStream,
  path: string,
): Promise<{ rows: number; sha256: string }> {
  const hash = createHash("sha256")
  let count = 0
  // COPY writes a line break inside of a value as \n, so lines are rows.
  const lines = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) count += 1
      done(null, chunk)
    },
  })
  const hashed = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk)
      done(null, chunk)
    },
  })
  const file = createWriteStream(path, { mode: 0o600, flush: true })
  await pipeline(rows, lines, createGzip({ level: 1 }), hashed, file)
  return { rows: count, sha256: hash.digest("hex") }
}

/** A folder has its manifest whole or not at all. */
async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  const path = join(folder, MANIFEST_FILE)
  const file = await open(`${path}.part`, "w", 0o600)
  await file.writeFile(`${JSON.stringify(manifest, null, 2)}\n`)
  await file.sync()
  await file.close()
  await rename(`${path}.part`, path)
}
