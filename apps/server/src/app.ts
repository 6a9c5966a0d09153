import { join } from "node:path"
import { formatInstant } from "@viaggio/journey-model"
import type { FastifyInstance } from "fastify"
import type { Logger } from "pino"
import { anyone } from "./api/access.ts"
import { authRoutes } from "./api/auth-routes.ts"
import { guardRoutes } from "./api/guard.ts"
import { publicApi } from "./api/http/public-api.ts"
import { importRoutes } from "./api/import-routes.ts"
import { metricsRoutes } from "./api/metrics.ts"
import { answerProblems } from "./api/problem-replies.ts"
import { trpcRoutes } from "./api/trpc-routes.ts"
import { webRoutes } from "./api/web-routes.ts"
import { callbackRoutes } from "./channels/callback-routes.ts"
import { trackingRoutes } from "./content/tracking-routes.ts"
import { unsubscribeRoutes } from "./content/unsubscribe-routes.ts"
import type { Engine } from "./engine/engine.ts"
import { createHttpServer } from "./http-server.ts"
import { ingestRoutes } from "./ingest/ingest-routes.ts"
import { liveRoutes } from "./monitor/live-routes.ts"
import { packageRoot } from "./package-root.ts"
import type { Ports } from "./ports.ts"
import type { Services } from "./services.ts"

export type AppOptions = {
  services: Services
  engine: Engine
  log: Logger
  ports: Pick<Ports, "newId">
  publicUrl?: string
}

/** How a process is, for those who watch over it: what every role serves. */
function healthRoutes(server: FastifyInstance, options: AppOptions): void {
  const { registry, refresh, watch } = options.services.operation
  metricsRoutes(server, registry, refresh)
  const open = { config: { access: anyone } }
  server.get("/healthz", open, async () => ({ status: "ok" }))
  server.get("/readyz", open, async (_request, reply) => {
    const trouble = await watch.look()
    if (trouble === undefined) return { status: "ready" }
    const { reason, detail, since } = trouble
    return reply.status(503).send({ status: "not ready", reason, detail, since: formatInstant(since) })
  })
  server.addHook("onClose", async () => watch.stop())
}

/** What a process serves that works and talks to nobody: its health. */
export async function createWorkerApp(options: AppOptions): Promise<FastifyInstance> {
  const server = createHttpServer({ log: options.log, newId: options.ports.newId })
  answerProblems(server)
  guardRoutes(server, options.services)
  healthRoutes(server, options)
  await server.ready()
  return server
}

/** All that is served on the one port. */
export async function createApp(options: AppOptions): Promise<FastifyInstance> {
  const { services, publicUrl } = options
  const server = createHttpServer({
    log: options.log,
    newId: options.ports.newId,
    ...(publicUrl ? { publicUrl } : {}),
  })
  answerProblems(server)
  guardRoutes(server, services)
  healthRoutes(server, options)
  authRoutes(server, services.signIn, services.attempts)
  trpcRoutes(server, services)
  importRoutes(server, services)
  server.register(scope => publicApi(scope, services), { prefix: "/api/v1" })
  const { coalescer, catalogue, hub, limit } = options.engine
  server.register(
    ingestRoutes({
      coalescer,
      catalogue,
      limit,
      authorize: services.keys.accessOf,
      onTaken: services.operation.taken,
    }),
  )
  server.register(liveRoutes({ hub }))
  server.register(unsubscribeRoutes(options.engine.unsubscribe))
  server.register(trackingRoutes(options.engine.tracking))
  server.register(callbackRoutes(services.callbacks))
  webRoutes(server, join(packageRoot(), "..", "web", "dist"))
  await server.ready()
  return server
}
