import { type SQL, sql } from "drizzle-orm"
import { PgDialect } from "drizzle-orm/pg-core"
import type { PostgresJsDatabase } from "drizzle-orm/postgres-js"

/** What a statement can run on: a database or a transaction of it. */
export type Runner = Pick<PostgresJsDatabase<Record<string, never>>, "_">

type Execute = { execute(values: Record<string, unknown>): Promise<unknown> }
type Preparing = {
  session: {
    prepareQuery(
      query: { sql: string; params: unknown[] },
      fields: undefined,
      name: string,
      arrayMode: boolean,
    ): Execute
  }
}

const dialect = new PgDialect()

/**
 * A hot statement: composed with drizzle's `sql`, turned into text once, prepared once per connection.
 * Values stand in it as `value("name", "type")`. `db.execute(sql…)` would build and plan the text at every
 * call, which on partitioned tables costs more than the statement itself.
 */
export type Statement<Values extends Record<string, unknown>, Row> = (
  runner: Runner,
  values: Values,
) => Promise<Row[]>

/** The text of every prepared statement of the modules that are loaded, by its name. */
export const statementTexts = new Map<string, string>()

export const statement = <Values extends Record<string, unknown>, Row = never>(
  name: string,
  query: SQL,
): Statement<Values, Row> => {
  const compiled = dialect.sqlToQuery(query)
  statementTexts.set(name, compiled.sql)
  return (runner, values) => {
    const { session } = runner._ as unknown as Preparing
    return session.prepareQuery(compiled, undefined, name, false).execute(values) as Promise<Row[]>
  }
}

/** Types whose elements never hold a quote, a comma, a brace or a backslash. */
const plainArrays = ["smallint[]", "int[]", "bigint[]", "uuid[]", "date[]", "timestamptz[]"]

/** `{1,2,NULL}` */
const plainLiteral = (elements: unknown): unknown => {
  if (!Array.isArray(elements)) return elements
  const written = elements.includes(null)
    ? elements.map(element => (element === null ? "NULL" : String(element)))
    : elements
  return `{${written.join(",")}}`
}

/** What JSON escapes in another way than by a backslash before the character itself. */
const escapedOtherwise = /[^ -\ud7ff\ue000-\u{10ffff}]/u

/**
 * `{"a","say \\"b\\"",null}`: JSON quotes like PostgreSQL does, in one pass over the whole column, where the driver
 * copies every element twice. What JSON quotes otherwise is left to the driver; texts of JSON hold none of it.
 */
const quotedLiteral = (elements: unknown): unknown => {
  if (!Array.isArray(elements)) return elements
  if (
    elements.some(element =>
      typeof element !== "string" ? element !== null : escapedOtherwise.test(element),
    )
  )
    return elements
  return `{${JSON.stringify(elements).slice(1, -1)}}`
}

const writers = new Map<string, (elements: unknown) => unknown>([
  ...plainArrays.map(type => [type, plainLiteral] as const),
  ["text[]", quotedLiteral],
  ["json[]", quotedLiteral],
  ["jsonb[]", quotedLiteral],
])

/** A named value of a statement with its PostgreSQL type, e.g. `value("ids", "uuid[]")`. */
export const value = (name: string, type: string): SQL => {
  const placeholder = sql.placeholder(name)
  const mapToDriverValue = writers.get(type)
  const written = mapToDriverValue === undefined ? placeholder : sql.param(placeholder, { mapToDriverValue })
  return sql`${written}::${sql.raw(type)}`
}

/**
 * The same where the planner is not to see the value. Of a list it sees it takes the length into account, of a day the
 * partitions: it finds a plan made for that value cheaper, and so plans anew at each call, which takes longer than the
 * statement itself.
 */
export const unseen = (name: string, type: string): SQL => sql`(SELECT ${value(name, type)})`
