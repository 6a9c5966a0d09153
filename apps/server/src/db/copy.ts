import { Writable } from "node:stream"
import type { Runner } from "./statement.ts"

type Query = {
  resolve: (answer: unknown) => void
  reject: (error: unknown) => void
  writable(): Promise<NodeJS.WritableStream>
}
type Copying = { session: { client: { unsafe(text: string): Query } } }

/** Writes rows, made by `copyRow`, into a table; only inside of a transaction. */
export type Copy = (tx: Runner, rows: string) => Promise<void>

/**
 * Rows of one table over COPY, which puts them into pages many at a time: an INSERT of the same rows takes the server
 * half as long again. A row that breaks a key fails the transaction, as there is no ON CONFLICT.
 */
export const copyInto = (table: string, columns: readonly string[]): Copy => {
  const text = `COPY ${table} (${columns.join(", ")}) FROM STDIN`
  return async (tx, rows) => {
    const query = (tx._ as unknown as Copying).session.client.unsafe(text)
    // The driver resolves the query when the server wants rows and tells nobody of what goes wrong afterwards.
    const failed = new Promise<never>((_, reject) => {
      const tell = query.reject
      query.reject = error => {
        tell(error)
        reject(error)
      }
      // What fails at once ends the stream before anybody here has it, and an error that nobody hears ends the process.
      const give = query.resolve
      query.resolve = answer => {
        if (answer instanceof Writable) answer.on("error", reject)
        give(answer)
      }
    })
    failed.catch(() => undefined)
    const stream = await query.writable()
    const written = new Promise<void>((resolve, reject) => {
      stream.on("error", reject)
      stream.on("finish", resolve)
      stream.end(rows)
    })
    written.catch(() => undefined)
    await Promise.race([failed, written])
  }
}

const special = /[\\\t\n\r]/
const escapes: Record<string, string> = { "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" }

/** A text as a field of a row. */
export const copyText = (text: string): string =>
  special.test(text) ? text.replaceAll(/[\\\t\n\r]/g, character => escapes[character]!) : text
