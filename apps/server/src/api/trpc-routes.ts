import { type FastifyTRPCPluginOptions, fastifyTRPCPlugin } from "@trpc/server/adapters/fastify"
import type { FastifyInstance, FastifyRequest } from "fastify"
import type { Services } from "../services.ts"
import { headersOf, refuseForeignOrigin } from "./requests.ts"
import { type AppRouter, appRouter } from "./router.ts"
import type { CallContext } from "./trpc.ts"

/** The web app's procedures, in the session of the request's cookie. */
export function trpcRoutes(server: FastifyInstance, services: Services): void {
  server.register(async scope => {
    scope.addHook("onRequest", async request => refuseForeignOrigin(request))
    const options: FastifyTRPCPluginOptions<AppRouter> = {
      prefix: "/api/trpc",
      trpcOptions: {
        router: appRouter,
        createContext: ({ req }) => callContext(services, req as FastifyRequest),
        onError: ({ error, path }) => {
          if (error.code === "INTERNAL_SERVER_ERROR")
            server.log.error({ err: error.cause ?? error, path }, "procedure failed")
        },
      },
    }
    await scope.register(fastifyTRPCPlugin, options)
  })
}

function callContext(services: Services, request: FastifyRequest): CallContext {
  const header = request.headers["x-workspace"]
  let user: ReturnType<CallContext["user"]> | undefined
  return {
    services,
    workspaceId: typeof header === "string" ? header : undefined,
    user: () => {
      user ??= services.signIn.userOf(headersOf(request))
      return user
    },
  }
}
