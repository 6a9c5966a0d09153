import type { FastifyInstance } from "fastify"
import { withLink } from "../api/access.ts"
import type { Callbacks } from "./callbacks.ts"

const MOST_BYTES = 1_000_000

/** `POST /callbacks/mail/:workspace`: a mail provider's later word, signed. The signature is over the text as it came. */
export const callbackRoutes = (callbacks: Callbacks) => async (fastify: FastifyInstance) => {
  fastify.removeAllContentTypeParsers()
  fastify.addContentTypeParser("*", { parseAs: "string", bodyLimit: MOST_BYTES }, (_request, body, done) =>
    done(null, body),
  )
  fastify.post<{ Params: { workspace: string } }>(
    "/callbacks/mail/:workspace",
    { config: { access: withLink } },
    async (request, reply) => {
      await callbacks.take(request.params.workspace, request.headers, String(request.body ?? ""))
      return reply.status(204).send()
    },
  )
}
