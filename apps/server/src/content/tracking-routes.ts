import type { FastifyInstance } from "fastify"
import { withLink } from "../api/access.ts"
import type { Tracking } from "./tracking.ts"

/** A transparent GIF of one pixel. */
const pixel = Buffer.from("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "base64")

/**
 * `/t/o/:token`, the image that tells an opening, and `/t/c/<token>`, which leads on to the address inside its token.
 * A HEAD request, as link checkers send, tells nothing.
 */
export const trackingRoutes = (tracking: Tracking) => async (fastify: FastifyInstance) => {
  const options = { config: { access: withLink } }
  fastify.get<{ Params: { token: string } }>("/t/o/:token", options, async (request, reply) => {
    const isOurs = request.method === "HEAD" || (await tracking.open(request.params.token))
    return reply
      .status(isOurs ? 200 : 404)
      .type("image/gif")
      .header("cache-control", "no-store")
      .send(pixel)
  })
  fastify.get<{ Params: { token: string } }>("/t/c/:token", options, async (request, reply) => {
    const { token } = request.params
    const target = request.method === "HEAD" ? tracking.targetOf(token) : await tracking.click(token)
    reply.header("cache-control", "no-store").header("referrer-policy", "no-referrer")
    if (target === undefined)
      return reply.status(404).type("text/plain; charset=utf-8").send("This link does not work any more.")
    return reply.redirect(target, 302)
  })
}
