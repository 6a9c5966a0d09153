import fastify, { type FastifyInstance, type FastifyReply, LogController } from "fastify"
import type { Logger } from "pino"

/** A journey document may have 1 MiB of text; its JSON in a request is a little longer. */
const bodyLimitBytes = 2 * 1024 * 1024

const malformedAddress = JSON.stringify({
  type: "/problems/invalid",
  title: "Invalid request",
  status: 400,
  detail: "The address is not well-formed.",
})

export type HttpServerOptions = {
  log: Logger
  /** Names requests that bring no name of their own. */
  newId(): string
  /** Set when a proxy stands before us, whose word on the client's address then counts. */
  publicUrl?: string
}

/** An empty Fastify with our limits and the headers that every answer carries. */
export function createHttpServer({ log, newId, publicUrl }: HttpServerOptions): FastifyInstance {
  const headers = securityHeaders(publicUrl?.startsWith("https:") ?? false)
  const server = fastify({
    loggerInstance: log,
    genReqId: request => nameOf(request.headers["x-request-id"]) ?? newId(),
    logController: new LogController({
      disableRequestLogging: !log.isLevelEnabled("debug"),
      requestIdLogLabel: "request",
    }),
    // Batched tRPC calls name all their procedures in the path.
    routerOptions: { maxParamLength: 5_000 },
    // Open live streams would hold up a stop for ever.
    forceCloseConnections: true,
    bodyLimit: bodyLimitBytes,
    // What goes wrong before there is a route to answer, such as an address with a broken escape.
    frameworkErrors: (_error, _request, reply) => {
      ;(reply as unknown as FastifyReply)
        .status(400)
        .headers(headers)
        .type("application/problem+json")
        .send(malformedAddress)
    },
    trustProxy: publicUrl ? ["loopback", "linklocal", "uniquelocal"] : "loopback",
  }) as unknown as FastifyInstance
  server.addHook("onRequest", async (request, reply) => {
    reply.headers(headers).header("x-request-id", request.id)
  })
  return server
}

/** The name that the caller gave a request, where it fits into a line of the log. */
const nameOf = (given: unknown): string | undefined =>
  typeof given === "string" && /^[\w.:+/=-]{1,100}$/.test(given) ? given : undefined

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
