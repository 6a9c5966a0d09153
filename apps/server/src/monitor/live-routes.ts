import type { FastifyInstance } from "fastify"
import { memberAs } from "../api/access.ts"
import type { LiveHub } from "./live.ts"

/** A stream that cannot take more than this is closed; its page comes back and gets a snapshot. */
const MOST_BUFFERED = 1024 * 1024

/**
 * `GET /api/live/journeys/:key?workspace=<public id>&version=all`: server-sent events, first `snapshot`, then
 * `delta` with what changed, absolute numbers with rising ids.
 */
export const liveRoutes = (deps: { hub: LiveHub }) => async (fastify: FastifyInstance) => {
  fastify.get<{ Params: { key: string }; Querystring: { version?: string } }>(
    "/api/live/journeys/:key",
    { config: { access: memberAs("viewer") } },
    async (request, reply) => {
      const { workspace } = request
      const number = Number(request.query.version)
      const version = Number.isInteger(number) && number > 0 ? number : "all"
      const pending: string[] = []
      let open = false
      const viewer = {
        write(chunk: string) {
          if (!open) pending.push(chunk)
          else if (reply.raw.writableLength > MOST_BUFFERED) reply.raw.destroy()
          else reply.raw.write(chunk)
        },
      }
      const leave = await deps.hub.watch(workspace, request.params.key, version, viewer)
      reply.hijack()
      reply.raw.writeHead(200, {
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-store",
        "x-accel-buffering": "no",
      })
      open = true
      for (const chunk of pending) reply.raw.write(chunk)
      request.raw.on("close", leave)
      reply.raw.on("error", leave)
      if (request.raw.destroyed) leave()
    },
  )
}
