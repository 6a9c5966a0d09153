import { drizzle, type PostgresJsDatabase } from "drizzle-orm/postgres-js"
import type { Sql } from "postgres"
import { connect } from "./connect.ts"

/** All statements go through `db.execute(sql\`…\`)`; timestamps arrive as text, int8 and numeric as strings. */
export type Db = PostgresJsDatabase<Record<string, never>>

/** A database or a transaction of it. */
export type DbOrTransaction = Db | Parameters<Parameters<Db["transaction"]>[0]>[0]

export type Database = {
  /** Reads and writes of definitions, the door and the engine, planned for short indexed statements. */
  engine: Db
  /** Lists and sums for screens: the planner's own choices, read only. */
  analytics: Db
  /** Whether the server answers now. */
  answers(): Promise<boolean>
  close(): Promise<void>
}

export type DatabaseOptions = {
  url: string
  engineConnections?: number
  analyticsConnections?: number
  /** Takes sentences about the server that its operator should know. */
  warn?: (line: string) => void
}

/** A database server that Viaggio cannot work with; the message is one sentence. */
export class UnfitDatabase extends Error {
  override name = "UnfitDatabase"
}

/**
 * So that the server notices within seconds when a client is gone, stopped or unreachable, and lets its rows go.
 */
const limits = {
  statement_timeout: 30_000,
  tcp_user_timeout: 10_000,
  tcp_keepalives_idle: 5,
  tcp_keepalives_interval: 2,
  tcp_keepalives_count: 3,
}

const common = { timezone: "UTC", datestyle: "ISO", client_encoding: "UTF8", ...limits }

/** A table that was never analysed makes the planner choose hash joins and long scans (measured: 39 ms for 0.7). */
const engineSettings = {
  ...common,
  application_name: "viaggio engine",
  enable_hashjoin: "off",
  enable_mergejoin: "off",
  random_page_cost: "1.1",
  jit: "off",
  synchronous_commit: "on",
  idle_in_transaction_session_timeout: 10_000,
}

/** Also cuts a client that was stopped while the server writes to it; known from version 17 on. */
const transactionLimit = { transaction_timeout: 15_000 }

const analyticsSettings = {
  ...common,
  application_name: "viaggio analytics",
  default_transaction_read_only: true,
  idle_in_transaction_session_timeout: 30_000,
}

/** Opens both pools and checks that the server is one we can work with; throws UnfitDatabase otherwise. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const hasTransactionLimit = (await versionOf(options.url)) >= 170_000
  const engine = connect(options.url, {
    max: options.engineConnections ?? 10,
    connection: { ...engineSettings, ...(hasTransactionLimit ? transactionLimit : {}) },
  })
  const analytics = connect(options.url, {
    max: options.analyticsConnections ?? 6,
    connection: analyticsSettings,
  })
  // Before the first connection, for that is when the serialisers of arrays are built.
  const [engineDb, analyticsDb] = [toDb(engine), toDb(analytics)]
  const close = async () => {
    await Promise.all([engine.end({ timeout: 5 }), analytics.end({ timeout: 5 })])
  }
  try {
    await checkServer(engine, options.warn ?? (() => {}))
  } catch (error) {
    await close()
    throw error
  }
  const answers = () =>
    engineDb.execute("select 1").then(
      () => true,
      () => false,
    )
  return { engine: engineDb, analytics: analyticsDb, answers, close }
}

/**
 * drizzle makes (de)serialisers of dates transparent, for arrays of dates too, whose parameters then fail with
 * ERR_INVALID_ARG_TYPE; without an entry postgres.js builds the array's own at the first connection.
 */
function toDb(client: Sql): Db {
  const db = drizzle(client)
  for (const arrayOfDates of [1115, 1182, 1185]) {
    delete client.options.serializers[arrayOfDates]
    delete client.options.parsers[arrayOfDates]
  }
  return db
}

async function versionOf(url: string): Promise<number> {
  const session = connect(url, { max: 1 })
  try {
    const [row] = await session<[{ version: number }]>`
      select current_setting('server_version_num')::int as version`
    return row.version
  } finally {
    await session.end({ timeout: 5 })
  }
}

async function checkServer(client: Sql, warn: (line: string) => void): Promise<void> {
  const session = await client.reserve()
  try {
    const [found] = await session`
      select current_setting('server_version_num')::int as version, current_setting('server_encoding') as encoding,
        current_setting('fsync') as fsync, current_setting('full_page_writes') as pages,
        current_setting('enable_hashjoin') as hashjoin, pg_backend_pid() as pid`
    if (found === undefined) throw new UnfitDatabase("The database answered nothing.")
    if (found.version < 150_000) throw new UnfitDatabase("DATABASE_URL: PostgreSQL 15 or later is needed.")
    if (found.encoding !== "UTF8")
      throw new UnfitDatabase("DATABASE_URL: the database must be encoded in UTF8.")
    const [again] =
      await session`select current_setting('enable_hashjoin') as hashjoin, pg_backend_pid() as pid`
    if (found.hashjoin !== "off" || again?.hashjoin !== "off" || again?.pid !== found.pid) {
      throw new UnfitDatabase(
        "DATABASE_URL: this is a connection pooler; the engine needs a direct connection.",
      )
    }
    if (found.fsync !== "on" || found.pages !== "on") {
      warn(
        "The database runs with fsync or full_page_writes off: a power cut can lose what was answered with 200.",
      )
    }
  } finally {
    session.release()
  }
}
