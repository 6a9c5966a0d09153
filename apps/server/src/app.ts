import { join } from "node:path"
import type { FastifyInstance } from "fastify"
import type { Logger } from "pino"
import { Registry } from "prom-client"
import { anyone } from "./api/access.ts"
import { authRoutes } from "./api/auth-routes.ts"
import { guardRoutes } from "./api/guard.ts"
import { publicApi } from "./api/http/public-api.ts"
import { metricsRoutes } from "./api/metrics.ts"
import { answerProblems } from "./api/problem-replies.ts"
import { trpcRoutes } from "./api/trpc-routes.ts"
import { webRoutes } from "./api/web-routes.ts"
import { trackingRoutes } from "./content/tracking-routes.ts"
import { unsubscribeRoutes } from "./content/unsubscribe-routes.ts"
import type { Database } from "./db/client.ts"
import type { Engine } from "./engine/engine.ts"
import { createHttpServer } from "./http-server.ts"
import { ingestRoutes } from "./ingest/ingest-routes.ts"
import { registerGauges } from "./monitor/gauges.ts"
import { liveRoutes } from "./monitor/live-routes.ts"
import { packageRoot } from "./package-root.ts"
import type { Services } from "./services.ts"

export type AppOptions = {
  services: Services
  engine: Engine
  log: Logger
  database: Pick<Database, "analytics" | "answers">
  publicUrl?: string
}

/** How a process is, for those who watch over it: what every role serves. */
function healthRoutes(server: FastifyInstance, options: AppOptions): void {
  const metrics = new Registry()
  metricsRoutes(server, metrics, registerGauges(metrics, options.database.analytics))
  const open = { config: { access: anyone } }
  server.get("/healthz", open, async () => ({ status: "ok" }))
  server.get("/readyz", open, async (_request, reply) => {
    const ready = await options.database.answers()
    return reply.status(ready ? 200 : 503).send({ status: ready ? "ready" : "not ready" })
  })
}

/** What a process serves that works and talks to nobody: its health. */
export async function createWorkerApp(options: AppOptions): Promise<FastifyInstance> {
  const server = createHttpServer({ log: options.log })
  answerProblems(server)
  guardRoutes(server, options.services)
  healthRoutes(server, options)
  await server.ready()
  return server
}

/** All that is served on the one port. */
export async function createApp(options: AppOptions): Promise<FastifyInstance> {
  const { services, publicUrl } = options
  const server = createHttpServer({ log: options.log, ...(publicUrl ? { publicUrl } : {}) })
  answerProblems(server)
  guardRoutes(server, services)
  healthRoutes(server, options)
  authRoutes(server, services.signIn, services.attempts)
  trpcRoutes(server, services)
  server.register(scope => publicApi(scope, services), { prefix: "/api/v1" })
  const { coalescer, catalogue, hub } = options.engine
  const log = (error: unknown, text: string) => options.log.error({ err: error }, text)
  server.register(ingestRoutes({ coalescer, catalogue, authorize: services.keys.accessOf, log }))
  server.register(liveRoutes({ hub }))
  server.register(unsubscribeRoutes(options.engine.unsubscribe))
  server.register(trackingRoutes(options.engine.tracking))
  webRoutes(server, join(packageRoot(), "..", "web", "dist"))
  await server.ready()
  return server
}
