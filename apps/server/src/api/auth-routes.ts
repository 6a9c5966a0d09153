import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import { authPath, type SignIn } from "../auth/sign-in.ts"
import { headersOf, refuseForeignOrigin } from "./requests.ts"

/** Hands `/api/auth/*` to better-auth, for anybody: it knows by itself who may do what. */
export function authRoutes(server: FastifyInstance, signIn: SignIn): void {
  server.route({
    method: ["GET", "POST"],
    url: `${authPath}/*`,
    onRequest: async request => refuseForeignOrigin(request),
    handler: async (request, reply) => send(await signIn.handle(toRequest(request)), reply),
  })
}

function toRequest(request: FastifyRequest): Request {
  const body = request.body === undefined || request.body === null ? undefined : JSON.stringify(request.body)
  return new Request(`${request.protocol}://${request.host}${request.url}`, {
    method: request.method,
    headers: withoutLength(headersOf(request)),
    ...(body === undefined ? {} : { body }),
  })
}

/** The body is written anew, so the length that came with it may be another. */
function withoutLength(headers: Headers): Headers {
  headers.delete("content-length")
  return headers
}

async function send(response: Response, reply: FastifyReply): Promise<FastifyReply> {
  reply.status(response.status)
  for (const [name, value] of response.headers) if (name !== "set-cookie") reply.header(name, value)
  // Headers joins values by commas, which cookies' dates contain.
  for (const cookie of response.headers.getSetCookie()) reply.header("set-cookie", cookie)
  return reply.send(response.body === null ? null : await response.text())
}
