import fastify from "fastify"
import { expect, test } from "vitest"
import { createTestServer, invite, signUpOwner, workspaceOf } from "../../testing/server.ts"
import { guardRoutes } from "../api/guard.ts"
import { liveRoutes } from "./live-routes.ts"

type Viewer = { write(chunk: string): void }

test("a stream ends when its reader is removed from the workspace", async () => {
  const server = await createTestServer()
  const workspace = await workspaceOf(server, (await signUpOwner(server)).workspaceId)
  const { cookie, userId } = await invite(server, workspace, "vera@example.com", "viewer")
  let watching = 0
  const hub = {
    watch: async (_workspace: unknown, _key: string, _version: unknown, viewer: Viewer) => {
      viewer.write("event: snapshot\ndata: {}\n\n")
      watching += 1
      return () => {
        watching -= 1
      }
    },
  }
  const app = fastify({ forceCloseConnections: true })
  guardRoutes(app, server.services)
  app.register(liveRoutes({ hub, askAgainEachMs: 20 }))
  const address = await app.listen({ port: 0, host: "127.0.0.1" })
  const url = `${address}/api/live/journeys/welcome?workspace=${workspace.publicId}`
  const stream = await fetch(url, { headers: { cookie } })
  expect([stream.status, watching]).toEqual([200, 1])
  await server.services.members.remove(workspace, userId)
  await expect(stream.text()).rejects.toThrow("terminated")
  await expect.poll(() => watching).toBe(0)
  await app.close()
  await server.stop()
})
