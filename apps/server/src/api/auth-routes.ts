import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import type { Attempts } from "../auth/attempts.ts"
import { authPath, type SignIn } from "../auth/sign-in.ts"
import { anyone } from "./access.ts"
import { headersOf, refuseForeignOrigin } from "./requests.ts"

/** Signing in and out, by better-auth; nothing else of it can be reached. */
export function authRoutes(server: FastifyInstance, signIn: SignIn, attempts: Attempts): void {
  const options = {
    config: { access: anyone },
    onRequest: async (request: FastifyRequest) => refuseForeignOrigin(request),
  }
  server.post(`${authPath}/sign-in/email`, options, async (request, reply) => {
    const { email } = (request.body ?? {}) as { email?: unknown }
    if (typeof email === "string") await attempts.begin(email, request.ip)
    const response = await signIn.handle(toRequest(request))
    if (response.ok && typeof email === "string") await attempts.succeeded(email, request.ip)
    return send(response, reply)
  })
  server.post(`${authPath}/sign-out`, options, async (request, reply) =>
    send(await signIn.handle(toRequest(request)), reply),
  )
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
