import type { Sql } from "postgres"
import { connect, errorCode } from "./connect.ts"

/** What the checks at the start want to know of a database server. */
export type ServerFacts = {
  /** As `server_version_num`: 180004 is 18.4. */
  version: number
  encoding: string
  fsync: boolean
  fullPageWrites: boolean
  /** Of our own sessions, e.g. `on`. */
  synchronousCommit: string
  /** A standby: it can only be read. */
  standby: boolean
  user: string
  database: string
  /** The schema that tables without a schema are in; absent when the search path names none that exists. */
  schema?: string
  /** No migration has run here yet. */
  empty: boolean
  /** To make the first tables: in the database (for a schema of its own) and in `schema`. */
  mayCreate: boolean
  /** Tables of ours that this user may not read and write. */
  closedTables: string[]
  /** Connections that this user may have at all, and those of the server that are taken now. */
  connectionLimit: number
  connectionsTaken: number
  /** A pooler stands between: settings of a session are refused or lost. */
  pooled: boolean
}

/** Asked for when a connection begins, as the engine's are; a pooler refuses or drops them. */
const probeSettings = { application_name: "viaggio start", enable_hashjoin: "off" }
const protocolViolation = "08P01"

/** Connects twice at most and reads all facts; rejects with the driver's error when the server lets nobody in. */
export async function readServerFacts(url: string): Promise<ServerFacts> {
  try {
    return await askWith(url, probeSettings)
  } catch (error) {
    // PgBouncer: "unsupported startup parameter: enable_hashjoin".
    const refused = errorCode(error) === protocolViolation && /startup parameter/.test(String(error))
    if (!refused) throw error
    return { ...(await askWith(url, {})), pooled: true }
  }
}

async function askWith(url: string, connection: Record<string, string>): Promise<ServerFacts> {
  const client = connect(url, { max: 1, prepare: false, connection })
  try {
    const facts = await ask(client)
    const wanted = connection.enable_hashjoin
    return { ...facts, pooled: wanted !== undefined && (await loses(client, wanted)) }
  } finally {
    await client.end({ timeout: 2 })
  }
}

/** Whether two transactions meet another process, or a setting of the session is not kept. */
async function loses(client: Sql, wanted: string): Promise<boolean> {
  const look = async () => {
    const [row] = await client`
      select pg_backend_pid() as pid, current_setting('enable_hashjoin') as setting,
        current_setting('viaggio.start', true) as mark`
    return row
  }
  await client`select set_config('viaggio.start', 'kept', false)`
  const [first, second] = [await look(), await look()]
  return (
    first?.pid !== second?.pid ||
    first?.setting !== wanted ||
    first?.mark !== "kept" ||
    second?.mark !== "kept"
  )
}

/** Tables whose rights stand for those of all. */
const ourTables = ["installation", "workspaces", "journeys", "profiles", "events", "enrollments", "messages"]

async function ask(client: Sql): Promise<Omit<ServerFacts, "pooled">> {
  const [row] = await client`
    select current_setting('server_version_num')::int as version, current_setting('server_encoding') as encoding,
      current_setting('fsync') = 'on' as fsync, current_setting('full_page_writes') = 'on' as "fullPageWrites",
      current_setting('synchronous_commit') as "synchronousCommit", pg_is_in_recovery() as standby,
      current_user::text as "user", current_database()::text as database, current_schema()::text as schema,
      not exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'drizzle' and c.relname = '__drizzle_migrations') as empty,
      has_database_privilege(current_database(), 'create')
        and coalesce(has_schema_privilege(current_schema(), 'create'), false) as "mayCreate",
      current_setting('max_connections')::int as "maxConnections",
      current_setting('superuser_reserved_connections')::int
        + coalesce(nullif(current_setting('reserved_connections', true), '')::int, 0) as reserved,
      (select rolsuper from pg_roles where rolname = current_user) as superuser,
      (select nullif(rolconnlimit, -1) from pg_roles where rolname = current_user) as "roleLimit",
      (select nullif(datconnlimit, -1) from pg_database where datname = current_database()) as "databaseLimit",
      (select count(*)::int from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid())
        as "connectionsTaken"`
  if (row === undefined) throw new Error("the database answered nothing")
  const closed = await client`
    select c.relname::text as name from pg_class c
    where c.relnamespace = to_regnamespace(quote_ident(current_schema())) and c.relname = any(${ourTables})
      and c.relkind in ('r', 'p') and not (has_table_privilege(c.oid, 'select') and has_table_privilege(c.oid, 'insert')
        and has_table_privilege(c.oid, 'update') and has_table_privilege(c.oid, 'delete'))
    order by c.relname`
  const { maxConnections, reserved, superuser, roleLimit, databaseLimit, schema, ...facts } = row
  const limits = [
    maxConnections - (superuser ? 0 : reserved),
    superuser ? null : roleLimit,
    superuser ? null : databaseLimit,
  ]
  return {
    ...(facts as Omit<ServerFacts, "pooled" | "closedTables" | "connectionLimit" | "schema">),
    ...(schema === null ? {} : { schema }),
    closedTables: closed.map(({ name }) => name as string),
    connectionLimit: Math.min(...limits.filter(limit => typeof limit === "number")),
  }
}
