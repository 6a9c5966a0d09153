import type { FastifyInstance } from "fastify"
import { collectDefaultMetrics, Histogram, Registry } from "prom-client"

/** Where every part of the server registers what its operator may want to count. */
export function createMetrics(): Registry {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  return registry
}

/** Times every request by route, method and status, and serves the registry to anybody at `/metrics`. */
export function metricsRoutes(server: FastifyInstance, registry: Registry): void {
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
  server.get("/metrics", async (_request, reply) =>
    reply.type(registry.contentType).send(await registry.metrics()),
  )
}
