import { rm } from "node:fs/promises"
import type { TestProject } from "vitest/node"
import { connect, withDatabase } from "../src/db/connect.ts"
import { migrate } from "../src/db/migrate.ts"
import { startPostgres } from "../src/db/postgres/supervisor.ts"
import { makeDataFolder } from "./data-folder.ts"

declare module "vitest" {
  interface ProvidedContext {
    /** A server whose database `templateName` is migrated and has no connections. */
    postgres: { url: string; templateName: string }
  }
}

/**
 * One PostgreSQL for a test run: the shipped one on a folder of its own, without fsync, or the server of
 * TEST_DATABASE_URL, whose user must be allowed to create databases.
 */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const own = process.env.TEST_DATABASE_URL
  const server = own ? { url: own, stop: async () => {} } : await startOwn()
  const templateName = `viaggio_template_${process.pid}`
  await withAdmin(server.url, `create database ${templateName}`)
  await migrate(withDatabase(server.url, templateName), () => {})
  project.provide("postgres", { url: server.url, templateName })
  return async () => {
    if (own) await withAdmin(server.url, `drop database ${templateName}`)
    await server.stop()
  }
}

async function startOwn(): Promise<{ url: string; stop(): Promise<void> }> {
  const dataFolder = await makeDataFolder()
  const settings = { fsync: "off", full_page_writes: "off", max_connections: "300", max_wal_size: "1GB" }
  const onLost = (error: Error) => {
    throw error
  }
  const server = await startPostgres({ dataFolder, settings, say: () => {}, onLost })
  const stop = async () => {
    await server.stop()
    await rm(dataFolder, { recursive: true, force: true })
  }
  return { url: server.url, stop }
}

async function withAdmin(url: string, statement: string): Promise<void> {
  const admin = connect(url, { max: 1 })
  await admin.unsafe(statement)
  await admin.end()
}
