import fastify, { type FastifyInstance, LogController } from "fastify"
import type { Logger } from "pino"

/** A journey document may have 1 MiB of text; its JSON in a request is a little longer. */
const bodyLimitBytes = 2 * 1024 * 1024

export type HttpServerOptions = {
  log: Logger
  /** Set when a proxy stands before us, whose word on the client's address then counts. */
  publicUrl?: string
}

/** An empty Fastify with our limits and the headers that every answer carries. */
export function createHttpServer({ log, publicUrl }: HttpServerOptions): FastifyInstance {
  const server = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: !log.isLevelEnabled("debug") }),
    // Batched tRPC calls name all their procedures in the path.
    routerOptions: { maxParamLength: 5_000 },
    // Open live streams would hold up a stop for ever.
    forceCloseConnections: true,
    bodyLimit: bodyLimitBytes,
    trustProxy: publicUrl ? ["loopback", "linklocal", "uniquelocal"] : "loopback",
  }) as unknown as FastifyInstance
  const headers = securityHeaders(publicUrl?.startsWith("https:") ?? false)
  server.addHook("onRequest", async (_request, reply) => {
    reply.headers(headers)
  })
  return server
}

function securityHeaders(https: boolean): Record<string, string> {
  const policy = [
    "default-src 'self'",
    "script-src 'self'",
    // Mantine and React Flow set styles on elements.
    "style-src 'self' 'unsafe-inline'",
    // A message in the mailbox shows the pictures that its recipient would see.
    "img-src 'self' data: blob: https:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ]
  return {
    "content-security-policy": policy.join("; "),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    ...(https ? { "strict-transport-security": "max-age=31536000" } : {}),
  }
}
