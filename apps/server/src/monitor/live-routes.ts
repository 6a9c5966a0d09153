import type { FastifyInstance } from "fastify"
import { memberAs } from "../api/access.ts"
import type { LiveHub } from "./live.ts"

/** A stream that cannot take more than this is closed; its page comes back and gets a snapshot. */
const MOST_BUFFERED = 1024 * 1024

/** Who was removed, or signed out everywhere, watches no longer than this. */
const ASK_AGAIN_EACH_MS = 30_000

/**
 * `GET /api/live/journeys/:key?workspace=<public id>&version=all`: server-sent events, first `snapshot`, then
 * `delta` with what changed, absolute numbers with rising ids.
 */
export const liveRoutes =
  (deps: { hub: Pick<LiveHub, "watch">; askAgainEachMs?: number }) => async (fastify: FastifyInstance) => {
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
          ...(reply.getHeaders() as Record<string, string>),
          "content-type": "text/event-stream; charset=utf-8",
          "cache-control": "no-store",
          "x-accel-buffering": "no",
        })
        open = true
        for (const chunk of pending) reply.raw.write(chunk)
        const asking = setInterval(
          () => request.askAgain().catch(() => reply.raw.destroy()),
          deps.askAgainEachMs ?? ASK_AGAIN_EACH_MS,
        )
        const end = () => {
          clearInterval(asking)
          leave()
        }
        request.raw.on("close", end)
        reply.raw.on("error", end)
        if (request.raw.destroyed) end()
      },
    )
  }
