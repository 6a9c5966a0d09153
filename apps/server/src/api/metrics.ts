import type { FastifyInstance } from "fastify"
import { Histogram, type Registry } from "prom-client"
import { operatorOnly } from "./access.ts"

/**
 * Counts the requests by route, method and status, and serves the registry at
 * `/metrics`; `refresh` reads what is only known when asked.
 */
export function metricsRoutes(
  server: FastifyInstance,
  registry: Registry,
  refresh: () => Promise<void>,
): void {
  const durations = new Histogram({
    name: "viaggio_http_request_seconds",
    help: "Time from a request's arrival to its answer",
    labelNames: ["method", "route", "status"],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    registers: [registry],
  })
  server.addHook("onResponse", async (request, reply) => {
    const route = request.routeOptions.url ?? "none"
    durations.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1_000)
  })
  server.get("/metrics", { config: { access: operatorOnly } }, async (_request, reply) => {
    // With the database away the rest is worth more than ever.
    await refresh().catch(error => server.log.warn({ err: error }, "what waits could not be read"))
    return reply.type(registry.contentType).send(await registry.metrics())
  })
}
