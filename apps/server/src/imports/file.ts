import type { Db } from "../db/client.ts"
import { type CsvRecord, type Delimiter, decode, type Encoding, readRecords } from "./csv.ts"
import { readPart } from "./import-store.ts"

/** How a stored file is to be read. */
export type StoredFile = { id: string; encoding: Encoding; delimiter: Delimiter }

async function* partsOf(db: Db, id: string, most = Number.POSITIVE_INFINITY): AsyncGenerator<Uint8Array> {
  for (let part = 0; part < most; part += 1) {
    const [row] = await readPart(db, { id, part })
    if (row === undefined) return
    yield row.bytes
  }
}

/** The first megabyte's bytes. */
export async function beginningOf(db: Db, id: string): Promise<Uint8Array> {
  for await (const bytes of partsOf(db, id, 1)) return bytes
  return new Uint8Array()
}

/** The rows of a stored file, its header first; `isBeginning`: those of the first megabyte. */
export const recordsOf = (
  db: Db,
  { id, encoding, delimiter }: StoredFile,
  { isBeginning = false } = {},
): AsyncGenerator<CsvRecord> =>
  readRecords(decode(partsOf(db, id, isBeginning ? 1 : undefined), encoding), delimiter)

/** The names of the columns. */
export async function headerOf(db: Db, file: StoredFile): Promise<string[]> {
  for await (const { fields } of recordsOf(db, file, { isBeginning: true }))
    return fields.map(name => name.trim())
  return []
}

/** Rows under the header. */
export async function countRows(db: Db, file: StoredFile): Promise<number> {
  let rows = -1
  for await (const _ of recordsOf(db, file)) rows += 1
  return Math.max(rows, 0)
}
