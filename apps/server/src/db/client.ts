import { drizzle, type PostgresJsDatabase } from "drizzle-orm/postgres-js"
import type { Sql } from "postgres"
import { connect } from "./connect.ts"
import { guardPatience } from "./patience.ts"
import { guardTransactions } from "./transactions.ts"

/** All statements go through `db.execute(sql\`…\`)`; timestamps arrive as text, int8 and numeric as strings. */
export type Db = PostgresJsDatabase<Record<string, never>>

/** What a transaction's work is given. */
export type Tx = Parameters<Parameters<Db["transaction"]>[0]>[0]
/** A database or a transaction of it. */
export type DbOrTransaction = Db | Tx

export type Database = {
  /** Reads and writes of definitions, the door and the engine, planned for short indexed statements. */
  engine: Db
  /** Lists and sums for screens: the planner's own choices, read only. */
  analytics: Db
  /** Reached through a pooler, which refuses settings of a session. */
  pooled: boolean
  /** Whether the server answers now. */
  answers(): Promise<boolean>
  close(): Promise<void>
}

export type DatabaseOptions = {
  url: string
  engineConnections?: number
  analyticsConnections?: number
  /** Through a pooler, which takes no settings of a session and no prepared statements. */
  pooled?: boolean
}

/** Connections of one process, if nothing else is asked for. */
export const poolSizes = { engine: 10, analytics: 6 }

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

/** What a pooler lets through. */
const pooledSettings = {
  timezone: "UTC",
  datestyle: "ISO",
  client_encoding: "UTF8",
  application_name: "viaggio web",
}

/** Opens both pools, and makes sure that the engine's settings hold; throws UnfitDatabase otherwise. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { url, pooled = false } = options
  const hasTransactionLimit = !pooled && (await versionOf(url)) >= 170_000
  const open = (max: number, connection: Record<string, string | number | boolean>) =>
    connect(url, { max, prepare: !pooled, connection: pooled ? pooledSettings : connection })
  const engine = open(options.engineConnections ?? poolSizes.engine, {
    ...engineSettings,
    ...(hasTransactionLimit ? transactionLimit : {}),
  })
  const analytics = open(options.analyticsConnections ?? poolSizes.analytics, analyticsSettings)
  // Before the first connection, for that is when the serialisers of arrays are built.
  const [engineDb, analyticsDb] = [toDb(engine), toDb(analytics)]
  const close = async () => {
    await Promise.all([engine.end({ timeout: 5 }), analytics.end({ timeout: 5 })])
  }
  try {
    const [row] = await engine`select current_setting('enable_hashjoin') as hashjoin`
    if (!pooled && row?.hashjoin !== "off") {
      throw new UnfitDatabase(
        "DATABASE_URL: the settings that a worker asks for are not kept: name the server itself.",
      )
    }
  } catch (error) {
    await close()
    throw error
  }
  const answers = () =>
    engineDb.execute("select 1").then(
      () => true,
      () => false,
    )
  return { engine: engineDb, analytics: analyticsDb, pooled, answers, close }
}

/**
 * drizzle makes (de)serialisers of dates transparent, for arrays of dates too, whose parameters then fail with
 * ERR_INVALID_ARG_TYPE; without an entry postgres.js builds the array's own at the first connection.
 */
function toDb(client: Sql): Db {
  guardPatience(client)
  guardTransactions(client)
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
