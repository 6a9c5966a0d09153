import type { FastifyInstance, FastifyRequest } from "fastify"
import type { User } from "../auth/sign-in.ts"
import { Refusal } from "../refusal.ts"
import type { Services } from "../services.ts"
import type { Role } from "../workspaces/roles.ts"
import type { Workspace } from "../workspaces/workspace.ts"
import type { Access } from "./access.ts"
import { requireRole, workspaceOfUser } from "./member.ts"
import { headersOf } from "./requests.ts"

// Here and not beside Access: the web app reads that file's types, and knows no Fastify.
declare module "fastify" {
  interface FastifyContextConfig {
    access?: Access
  }
  interface FastifyRequest {
    /** The workspace that the guard let this call into; set for routes of members and of API keys. */
    workspace: Workspace
    /** Who calls; set for routes of members. */
    member: User
    /** Asks the guard once more, for answers that go on for long; rejects when the door is closed by now. */
    askAgain(): Promise<void>
  }
  interface FastifyInstance {
    /** Every route of this server with who may call it, in the order in which they came. */
    servedRoutes: ServedRoute[]
  }
}

type ServedRoute = { method: string; url: string; access: Access }

/**
 * Lets each call through to its route only for those whom the route's `access` names, before its body is read.
 * Must stand before every route: one that comes without `access` stops the start.
 */
export function guardRoutes(server: FastifyInstance, services: Services): void {
  server.decorateRequest("workspace", null as unknown as Workspace)
  server.decorateRequest("member", null as unknown as User)
  server.decorateRequest("askAgain", async function (this: FastifyRequest) {
    await letIn(services, this)
  })
  server.decorate("servedRoutes", [])
  server.addHook("onRoute", ({ method, url, config }) => {
    const access = config?.access
    if (access === undefined) throw new Error(`${method} ${url} does not say who may call it`)
    for (const one of [method].flat()) server.servedRoutes.push({ method: one, url, access })
  })
  server.addHook("onRequest", async request => {
    if (!request.is404) await letIn(services, request)
  })
}

async function letIn(services: Services, request: FastifyRequest): Promise<void> {
  const { access } = request.routeOptions.config
  switch (access?.by) {
    case "member":
      request.member = await userOf(services, request)
      request.workspace = await workspaceOfMember(services, request, access.role)
      return
    case "api-key":
      request.workspace = await workspaceOfKey(services, request, access.role)
      return
    case "session":
      await userOf(services, request)
      return
    case "operator":
      if (!isNear(request) && !services.opensMetrics(bearerOf(request)))
        throw new Refusal(
          "unauthorized",
          "Ask from this machine itself, or send VIAGGIO_METRICS_KEY as bearer token (Authorization: Bearer …).",
        )
      return
    case "anyone":
    case "write-key":
    case "link":
    case "procedure":
      return
    case undefined:
      throw new Error(`${request.method} ${request.url} does not say who may call it`)
  }
}

/** From this machine, and not by way of a proxy on it. */
function isNear({ socket, headers }: FastifyRequest): boolean {
  const isForwarded = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via"].some(
    name => headers[name] !== undefined,
  )
  return !isForwarded && /^(127\.|::1$|::ffff:127\.)/.test(socket.remoteAddress ?? "")
}

const bearerOf = ({ headers }: FastifyRequest): string | undefined =>
  /^Bearer +(\S+)$/i.exec(headers.authorization ?? "")?.[1]

async function userOf(services: Services, request: FastifyRequest) {
  const user = await services.signIn.userOf(headersOf(request))
  if (user === undefined) throw new Refusal("unauthorized", "Sign in first.")
  return user
}

/** A stream of events cannot send headers, so the query may name the workspace as well. */
async function workspaceOfMember(services: Services, request: FastifyRequest, needed: Role) {
  const header = request.headers["x-workspace"]
  const { workspace } = request.query as { workspace?: unknown }
  const named = typeof header === "string" ? header : workspace
  return workspaceOfUser(services, request.member, typeof named === "string" ? named : undefined, needed)
}

async function workspaceOfKey(services: Services, request: FastifyRequest, needed: Role) {
  const key = bearerOf(request)
  const opened = key === undefined ? undefined : await services.keys.open(key)
  if (opened === undefined) {
    throw new Refusal(
      "unauthorized",
      "Send an API key of the workspace as bearer token (Authorization: Bearer …).",
    )
  }
  requireRole(opened.role, needed)
  return opened.workspace
}
