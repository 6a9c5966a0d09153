import { Writable } from "node:stream"
import { type SQL, sql } from "drizzle-orm"
import { type Runner, statement, value } from "./statement.ts"

type Query = {
  resolve: (answer: unknown) => void
  reject: (error: unknown) => void
  writable(): Promise<NodeJS.WritableStream>
}
type Copying = { session: { client: { unsafe(text: string): Query } } }

/** Writes rows, as COPY reads them, into a table; only inside of a transaction. */
export type Copy = (tx: Runner, rows: string) => Promise<void>

/** Rows of up to so many characters are written by an INSERT, which the server answers without asking for them first. */
const FEW = 8_000

/**
 * Rows of one table: many of them over COPY, which puts them into pages many at a time (an INSERT of the same rows takes
 * the server half as long again), few in one INSERT, for COPY waits for the server once more.
 * @param columns with their types
 */
export const rowsInto = (table: string, columns: Readonly<Record<string, string>>): Copy => {
  const names = Object.keys(columns)
  const copy = copyInto(table, names)
  const lists: SQL[] = Object.entries(columns).map(([name, type]) => value(name, `${type}[]`))
  const insert = statement<Record<string, string[]>>(
    `insert_${table}`,
    sql`INSERT INTO ${sql.identifier(table)} (${sql.raw(names.join(", "))})
        SELECT * FROM unnest(${sql.join(lists, sql`, `)})`,
  )
  return async (tx, rows) =>
    rows.length > FEW ? copy(tx, rows) : void (await insert(tx, columnsOf(rows, names)))
}

/** The same rows column by column. */
const columnsOf = (rows: string, names: readonly string[]): Record<string, string[]> => {
  const columns: string[][] = names.map(() => [])
  for (const row of rows.split("\n").slice(0, -1))
    for (const [i, field] of row.split("\t").entries()) columns[i]!.push(textOfCopy(field))
  return Object.fromEntries(names.map((name, i) => [name, columns[i]!]))
}

/** Rows of one table over COPY. A row that breaks a key fails the transaction, as there is no ON CONFLICT. */
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

const unescapes: Record<string, string> = { "\\\\": "\\", "\\t": "\t", "\\n": "\n", "\\r": "\r" }

const textOfCopy = (field: string): string =>
  field.includes("\\") ? field.replaceAll(/\\[\\tnr]/g, escaped => unescapes[escaped]!) : field
