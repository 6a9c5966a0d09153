import { createHash } from "node:crypto"
import type { Db } from "../db/client.ts"
import { Refusal } from "../refusal.ts"
import { createEncodingSniffer, type Encoding } from "./csv.ts"
import { addPart } from "./import-store.ts"

/** `size` in bytes; `hash`: SHA-256 in hex. */
export type KeptFile = { size: number; hash: string; encoding: Encoding }

const MOST_BYTES = 100 * 1024 * 1024
const PART_BYTES = 1024 * 1024

/** Keeps the bytes in pieces as they come; answers what they are. */
export async function keepFile(db: Db, id: string, bytes: AsyncIterable<Uint8Array>): Promise<KeptFile> {
  const sniffer = createEncodingSniffer()
  const hash = createHash("sha256")
  let size = 0
  let part = 0
  let waiting: Uint8Array[] = []
  let waitingBytes = 0
  const flush = async () => {
    if (waitingBytes === 0) return
    await addPart(db, { id, part, bytes: Buffer.concat(waiting, waitingBytes) })
    part += 1
    waiting = []
    waitingBytes = 0
  }
  for await (const piece of bytes) {
    size += piece.length
    if (size > MOST_BYTES)
      throw new Refusal(
        "unprocessable",
        `The file is larger than ${MOST_BYTES / 1024 / 1024} MB. Send it in parts.`,
      )
    sniffer.take(piece)
    hash.update(piece)
    waiting.push(piece)
    waitingBytes += piece.length
    if (waitingBytes >= PART_BYTES) await flush()
  }
  await flush()
  const encoding = sniffer.end()
  if (encoding === undefined)
    throw new Refusal("unprocessable", "This is no text file. Save the table as CSV and send that.")
  return { size, hash: hash.digest("hex"), encoding }
}
