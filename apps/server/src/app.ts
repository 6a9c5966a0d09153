import { join } from "node:path"
import type { FastifyInstance } from "fastify"
import type { Logger } from "pino"
import type { Registry } from "prom-client"
import { authRoutes } from "./api/auth-routes.ts"
import { publicApi } from "./api/http/public-api.ts"
import { metricsRoutes } from "./api/metrics.ts"
import { answerProblems } from "./api/problem-replies.ts"
import { trpcRoutes } from "./api/trpc-routes.ts"
import { webRoutes } from "./api/web-routes.ts"
import { createHttpServer } from "./http-server.ts"
import { packageRoot } from "./package-root.ts"
import type { Services } from "./services.ts"

export type AppOptions = {
  services: Services
  log: Logger
  metrics: Registry
  /** Whether work can be done now: the database answers and the engine runs. */
  isReady: () => Promise<boolean>
  publicUrl?: string
  /** Routes of other domains: the events door, live counts. */
  plugins: ((server: FastifyInstance) => Promise<void>)[]
}

/** All that is served on the one port. */
export async function createApp(options: AppOptions): Promise<FastifyInstance> {
  const { services, publicUrl } = options
  const server = createHttpServer({ log: options.log, ...(publicUrl ? { publicUrl } : {}) })
  answerProblems(server)
  metricsRoutes(server, options.metrics)
  server.get("/healthz", async () => ({ status: "ok" }))
  server.get("/readyz", async (_request, reply) => {
    const ready = await options.isReady()
    return reply.status(ready ? 200 : 503).send({ status: ready ? "ready" : "not ready" })
  })
  authRoutes(server, services.signIn)
  trpcRoutes(server, services)
  server.register(scope => publicApi(scope, services), { prefix: "/api/v1" })
  for (const plugin of options.plugins) server.register(plugin)
  webRoutes(server, join(packageRoot(), "..", "web", "dist"))
  await server.ready()
  return server
}
