import { createHash } from "node:crypto"
import { createReadStream } from "node:fs"
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { pipeline } from "node:stream/promises"
import { z } from "zod"

/** Why a backup or a restore cannot be made, in one sentence for the operator. */
export class BackupRefused extends Error {
  override name = "BackupRefused"
}

const name = z.string().regex(/^[a-z][a-z0-9_]{0,62}$/)
const sha256 = z.string().regex(/^[0-9a-f]{64}$/)

const manifest = z.object({
  format: z.literal(1),
  release: z.string(),
  installation: z.uuid(),
  generation: z.number().int().min(1),
  /** The database's time at the snapshot, RFC 3339. */
  takenAt: z.iso.datetime(),
  /** Hash of all tables and columns: only the same ones can take the rows. */
  schema: sha256,
  partitions: z.array(
    z.object({
      parent: name,
      name,
      bounds: z.string().regex(/^FOR VALUES FROM \('[0-9-]{10}'\) TO \('[0-9-]{10}'\)$/),
    }),
  ),
  /** In an order in which every row finds those it refers to. */
  tables: z.array(
    z.object({
      name,
      columns: z.array(name).min(1),
      rows: z.number().int().min(0),
      file: z.string().regex(/^[a-z0-9_-]+\.copy\.gz$/),
      sha256,
    }),
  ),
  sequences: z.array(z.object({ name, value: z.string().regex(/^\d+$/), isCalled: z.boolean() })),
})

/** What a backup's folder holds, as `manifest.json` says it; it is written last. */
export type Manifest = z.infer<typeof manifest>

export const MANIFEST_FILE = "manifest.json"

/** Reads the manifest and holds every file to its checksum. */
export async function readBackup(folder: string): Promise<Manifest> {
  const text = await readFile(join(folder, MANIFEST_FILE), "utf8").catch(() => {
    throw new BackupRefused(`${folder} holds no backup: there is no ${MANIFEST_FILE}.`)
  })
  const read = manifest.safeParse(parseJson(text))
  if (!read.success)
    throw new BackupRefused(
      `${join(folder, MANIFEST_FILE)} is not the manifest of a backup (${read.error.issues[0]?.path.join(".")}).`,
    )
  for (const { file, sha256: expected } of read.data.tables) {
    if ((await hashOf(join(folder, file))) !== expected)
      throw new BackupRefused(`${join(folder, file)} is damaged: its checksum is not the manifest's.`)
  }
  return read.data
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

async function hashOf(path: string): Promise<string | undefined> {
  const hash = createHash("sha256")
  try {
    await pipeline(createReadStream(path), hash)
    return hash.digest("hex")
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined
    throw error
  }
}
