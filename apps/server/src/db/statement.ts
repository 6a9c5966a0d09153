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
const plainArrays = new Set(["smallint[]", "int[]", "bigint[]", "uuid[]", "date[]", "timestamptz[]"])

/** `{1,2,NULL}`: what the driver would write too, without looking for quotes in every element. */
const plainLiteral = (elements: unknown): unknown =>
  Array.isArray(elements)
    ? `{${elements.map(element => (element === null ? "NULL" : String(element))).join(",")}}`
    : elements

/** A named value of a statement with its PostgreSQL type, e.g. `value("ids", "uuid[]")`. */
export const value = (name: string, type: string): SQL => {
  const placeholder = sql.placeholder(name)
  const written = plainArrays.has(type)
    ? sql.param(placeholder, { mapToDriverValue: plainLiteral })
    : placeholder
  return sql`${written}::${sql.raw(type)}`
}
