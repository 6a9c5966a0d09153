import { Role } from "../config.ts"
import { poolSizes, UnfitDatabase } from "./client.ts"
import type { ServerFacts } from "./server-facts.ts"

const oldestVersion = 150_000

/** Connections beside the pools: two for signals, one by which a worker lives, one while starting. */
const signalConnections = 2
const workerConnections = 1
const startConnections = 1

/** How many connections one process of that role holds at most. */
export function connectionsNeeded(role: Role): number {
  const works = role !== Role.web
  return (
    poolSizes.engine +
    poolSizes.analytics +
    signalConnections +
    startConnections +
    (works ? workerConnections : 0)
  )
}

/**
 * Judges a server before anything is done with it. Throws UnfitDatabase with one sentence that says what to do; what
 * can be lived with is answered as sentences for the operator.
 */
export function checkServer(facts: ServerFacts, role: Role): string[] {
  const refusal = refusalOf(facts, role)
  if (refusal !== undefined) throw new UnfitDatabase(`DATABASE_URL: ${refusal}`)
  return warningsOf(facts, role)
}

function refusalOf(facts: ServerFacts, role: Role): string | undefined {
  const { version, encoding, standby, pooled, schema, empty, mayCreate, closedTables, connectionLimit } =
    facts
  const user = quoted(facts.user)
  if (version < oldestVersion)
    return `PostgreSQL 15 or later is needed, and this is ${said(version)}: upgrade the server or name another one.`
  if (encoding !== "UTF8")
    return `the database is encoded in ${encoding}: make one with CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0 and name that.`
  if (standby) return "this server is a standby that can only be read: name the primary server."
  if (pooled && role !== Role.web)
    return "this is a connection pooler, and a worker needs a direct connection: name the server itself (only VIAGGIO_ROLE=web may use a pooler)."
  if (schema === undefined)
    return `the search path of ${user} names no schema that exists: run CREATE SCHEMA or ALTER ROLE ${user} SET search_path = public.`
  if (empty && pooled)
    return "the database has no tables yet, and they cannot be made through a pooler: start a worker on a direct connection first."
  if (empty && !mayCreate)
    return `${user} may not make tables: run GRANT CREATE ON DATABASE ${quoted(facts.database)} TO ${user}; GRANT CREATE ON SCHEMA ${quoted(schema)} TO ${user}.`
  if (closedTables.length > 0)
    return `${user} may not read and write ${closedTables.join(", ")}: run GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${quoted(schema)} TO ${user}.`
  const needed = connectionsNeeded(role)
  if (!pooled && connectionLimit < needed)
    return `this process needs ${needed} connections, and ${user} may have ${connectionLimit}: raise max_connections (or the limit of the role or database) by ${needed - connectionLimit}, for each such process.`
  return undefined
}

function warningsOf(facts: ServerFacts, role: Role): string[] {
  const user = quoted(facts.user)
  const warnings: string[] = []
  if (!facts.fsync)
    warnings.push(
      "The database runs with fsync off: a power cut can destroy all of it. Set fsync = on in postgresql.conf and reload.",
    )
  if (!facts.fullPageWrites)
    warnings.push(
      "The database runs with full_page_writes off: a power cut can leave torn pages. Set full_page_writes = on in postgresql.conf and reload.",
    )
  if (["off", "local"].includes(facts.synchronousCommit) && facts.pooled)
    warnings.push(
      `synchronous_commit is ${facts.synchronousCommit} here: what was answered with 200 can be lost. Run ALTER ROLE ${user} SET synchronous_commit = on.`,
    )
  if (facts.pooled)
    warnings.push(
      "The database is reached through a connection pooler: numbers on open pages may come up to a second later, and time limits of statements are the server's own.",
    )
  const free = facts.connectionLimit - facts.connectionsTaken
  const needed = connectionsNeeded(role)
  if (!facts.pooled && free < needed)
    warnings.push(
      `This process may need ${needed} connections, and ${Math.max(0, free)} of ${facts.connectionLimit} are free: raise max_connections by ${needed - Math.max(0, free)} or stop other programs.`,
    )
  return warnings
}

const said = (version: number): string => `${Math.floor(version / 10_000)}.${version % 10_000}`
const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`
