import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import { z } from "zod"
import type { Attempts } from "../auth/attempts.ts"
import { authPath, longestPassword, type SignIn } from "../auth/sign-in.ts"
import { Refusal } from "../refusal.ts"
import { anyone } from "./access.ts"
import { refuseInput } from "./input-problems.ts"
import { headersOf, refuseForeignOrigin } from "./requests.ts"

const signInInput = z.object({ email: z.string().max(254), password: z.string().max(longestPassword) })

/** Signing in and out, by better-auth; nothing else of it can be reached. */
export function authRoutes(server: FastifyInstance, signIn: SignIn, attempts: Attempts): void {
  const options = {
    config: { access: anyone },
    onRequest: async (request: FastifyRequest) => refuseForeignOrigin(request),
  }
  server.post(`${authPath}/sign-in/email`, options, async (request, reply) => {
    const read = signInInput.safeParse(request.body)
    if (!read.success) throw refuseInput(read.error.issues)
    const { email } = read.data
    await attempts.begin(email, request.ip)
    const response = await signIn.handle(toRequest(request))
    // An address that is none is as wrong as one that nobody has.
    if (response.status === 400 || response.status === 401)
      throw new Refusal("unauthorized", "E-mail and password do not match.")
    if (response.ok) await attempts.succeeded(email, request.ip)
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
