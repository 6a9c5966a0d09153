import { createHash } from "node:crypto"
import { readFileSync } from "node:fs"
import { join } from "node:path"

/**
 * One file of `migrations/`. `transactional` files run whole or not at all. The others begin with the line
 * `-- outside a transaction` and hold what cannot run inside of one, such as an index built beside the traffic: single
 * statements that may be run again after a failure.
 */
export type Migration = {
  /** Its place in the journal, which is the number of the schema that it makes. */
  number: number
  name: string
  /** Rises with the number; what the table of applied migrations goes by. */
  when: number
  hash: string
  transactional: boolean
  statements: string[]
}

const outsideMark = /^-- outside a transaction\s*$/m

/** What may stand outside of a transaction: each either changes nothing the second time or is checked by name. */
const repeatable = [
  /^create (unique )?index concurrently if not exists \S+ on /i,
  /^drop index concurrently if exists \S+$/i,
  /^alter table (if exists )?\S+ validate constraint \S+$/i,
  /^analyze( \S+)?$/i,
]

/** All migrations in order. Throws at a file outside of a transaction with a statement that cannot be repeated. */
export function readMigrations(folder: string): Migration[] {
  const journal = JSON.parse(readFileSync(join(folder, "meta", "_journal.json"), "utf8")) as {
    entries: { idx: number; when: number; tag: string }[]
  }
  return journal.entries.map(({ idx, when, tag }) => {
    const text = readFileSync(join(folder, `${tag}.sql`), "utf8")
    const transactional = !outsideMark.test(text.split("\n", 1)[0] ?? "")
    const statements = text.split("--> statement-breakpoint").map(withoutComments)
    const migration = {
      number: idx,
      name: tag,
      when,
      hash: createHash("sha256").update(text).digest("hex"),
      transactional,
      statements: statements.filter(statement => statement !== ""),
    }
    if (!transactional) for (const statement of migration.statements) requireRepeatable(tag, statement)
    return migration
  })
}

/** Also without the semicolon at the end. Only whole lines are comments here: a dash may stand in a text. */
const withoutComments = (text: string): string =>
  text
    .split("\n")
    .filter(line => !line.trimStart().startsWith("--"))
    .join("\n")
    .trim()
    .replace(/;$/, "")

function requireRepeatable(name: string, statement: string): void {
  const line = statement.replace(/\s+/g, " ")
  if (!repeatable.some(form => form.test(line)))
    throw new Error(
      `${name} runs outside a transaction, where this cannot be repeated: ${line.slice(0, 120)}`,
    )
}

/** The index that a statement builds beside the traffic, e.g. `events_of_profile`. */
export const indexBuiltBy = (statement: string): string | undefined =>
  /^create (?:unique )?index concurrently if not exists (\S+) on /i.exec(statement.replace(/\s+/g, " "))?.[1]
