import type { TRPCError } from "@trpc/server"
import { fastifyRequestHandler } from "@trpc/server/adapters/fastify"
import type { FastifyInstance, FastifyRequest } from "fastify"
import { Refusal } from "../refusal.ts"
import type { Services } from "../services.ts"
import { headersOf, refuseForeignOrigin } from "./requests.ts"
import { appRouter } from "./router.ts"
import type { CallContext } from "./trpc.ts"

/** The web app's procedures, in the session of the request's cookie. */
export function trpcRoutes(server: FastifyInstance, services: Services): void {
  server.register(async scope => {
    // tRPC reads the text by itself.
    scope.removeContentTypeParser("application/json")
    scope.addContentTypeParser("application/json", { parseAs: "string" }, (_request, body, done) =>
      done(null, body),
    )
    scope.route<{ Params: { path: string } }>({
      method: ["GET", "POST"],
      url: "/api/trpc/:path",
      config: { access: { by: "procedure" } },
      onRequest: async request => refuseForeignOrigin(request),
      handler: async (request, reply) => {
        await fastifyRequestHandler({
          router: appRouter,
          req: request,
          res: reply,
          path: request.params.path,
          createContext: () => callContext(services, request),
          responseMeta: ({ errors }) => ({ headers: waitHeaders(errors) }),
          onError: ({ error, path }) => {
            if (error.code === "INTERNAL_SERVER_ERROR")
              request.log.error({ err: error.cause ?? error, path }, "procedure failed")
          },
        })
        return reply
      },
    })
  })
}

function waitHeaders(errors: TRPCError[]): Record<string, string> {
  const waits = errors.flatMap(({ cause }) =>
    cause instanceof Refusal && cause.kind === "too-many" ? [cause.extra.retryAfterSeconds ?? 2] : [],
  )
  return waits.length > 0 ? { "retry-after": String(Math.max(...waits)) } : {}
}

function callContext(services: Services, request: FastifyRequest): CallContext {
  const header = request.headers["x-workspace"]
  let user: ReturnType<CallContext["user"]> | undefined
  return {
    services,
    workspaceId: typeof header === "string" ? header : undefined,
    address: request.ip,
    user: () => {
      user ??= services.signIn.userOf(headersOf(request))
      return user
    },
  }
}
