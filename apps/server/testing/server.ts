import { sql } from "drizzle-orm"
import type { FastifyInstance } from "fastify"
import { type Logger, pino } from "pino"
import { createApp } from "../src/app.ts"
import type { Engine } from "../src/engine/engine.ts"
import { type Ports, systemPorts } from "../src/ports.ts"
import { createServices, type Services } from "../src/services.ts"
import type { Role } from "../src/workspaces/roles.ts"
import type { Workspace } from "../src/workspaces/workspace.ts"
import { createTestDatabase, type TestDatabase } from "./database.ts"

/** The whole server on a database of its own, without a port: `app.inject` asks it. The engine is not started. */
export type TestServer = {
  app: FastifyInstance
  services: Services
  engine: Engine
  database: TestDatabase
  ports: Ports
  stop(): Promise<void>
}

export const testAdminKey = "the-key-of-tests"
export const testMetricsKey = "the-key-to-metrics-of-tests"

export async function createTestServer({
  log = pino({ level: "silent" }),
  ...config
}: {
  publicUrl?: string
  log?: Logger
} = {}): Promise<TestServer> {
  const database = await createTestDatabase()
  const ports = systemPorts()
  const { services, engine } = await createServices({
    database,
    databaseUrl: database.url,
    ports,
    log,
    config: { adminKey: testAdminKey, metricsKey: testMetricsKey, ...config },
    localUrl: "http://localhost",
  })
  const app = await createApp({ services, engine, ports, log, ...config })
  const stop = async () => {
    await app.close()
    await database.drop()
  }
  return { app, services, engine, database, ports, stop }
}

/** Somebody who has set up the installation or been added to it, with the cookie of their session. */
export async function signUpOwner(server: TestServer): Promise<{ cookie: string; workspaceId: string }> {
  const token = await server.services.setUp.issueToken()
  const { workspaceId } = await server.services.setUp.complete({
    token: token ?? "",
    name: "Ann",
    email: "Ann@Example.com",
    password: "a long password",
    workspace: { name: "Shop", zone: "Europe/Rome", language: "en" },
  })
  return { workspaceId, cookie: await signIn(server, "ann@example.com", "a long password") }
}

export async function signIn(server: TestServer, email: string, password: string): Promise<string> {
  const answer = await server.app.inject({
    method: "POST",
    url: "/api/auth/sign-in/email",
    payload: { email, password },
  })
  if (answer.statusCode !== 200) throw new Error(`sign-in answered ${answer.statusCode}: ${answer.body}`)
  return answer.cookies.map(({ name, value }) => `${name}=${encodeURIComponent(value)}`).join("; ")
}

/** A new person of that role in the workspace, by an invitation of its owner, with the cookie of their session. */
export async function invite(
  server: TestServer,
  workspace: Workspace,
  email: string,
  role: Role,
): Promise<{ cookie: string; userId: string }> {
  const [owner] = await server.services.members.list(workspace)
  const by = { id: owner!.userId, name: owner!.name, email: owner!.email, session: "" }
  const { link } = await server.services.invitations.create(workspace, by, email, role)
  const password = "a long password"
  const token = link.split("#")[1]!
  await server.services.invitations.accept(token, undefined, { name: `The ${role}`, password })
  const members = await server.services.members.list(workspace)
  const { userId } = members.find(member => member.email === email)!
  return { userId, cookie: await signIn(server, email, password) }
}

/** The workspace of a public id. */
export async function workspaceOf(server: TestServer, publicId: string): Promise<Workspace> {
  const [row] = await server.database.engine.execute<{ id: number }>(
    sql`select id from workspaces where public_id = ${publicId}::uuid`,
  )
  return (await server.services.workspaces.find(row!.id))!
}
