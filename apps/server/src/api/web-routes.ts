import { existsSync } from "node:fs"
import { join } from "node:path"
import fastifyStatic from "@fastify/static"
import type { FastifyInstance } from "fastify"
import { Refusal } from "../refusal.ts"
import { anyone } from "./access.ts"

/** Addresses of programs, and of files that a newer build has replaced, which never answer with the page. */
const programs = /^\/(api|v1|assets|healthz|readyz|metrics)(\/|$|\?)/

/** What Vite makes: no step upwards, no hidden file, nothing that a file system could take for something else. */
const isFile = /^(?:[\w-][\w.-]*\/)*[\w-][\w.-]*$/

/** The web app's files for anybody; every other address is one of its pages. */
export function webRoutes(server: FastifyInstance, webFolder: string): void {
  const built = existsSync(join(webFolder, "index.html"))
  if (built) {
    server.register(fastifyStatic, {
      root: webFolder,
      // The one route is ours, so that it can say who may call it.
      serve: false,
      preCompressed: true,
      cacheControl: false,
      setHeaders: (response, path) => {
        // Vite puts a hash of the content into the names of assets.
        const forever = path.includes("/assets/")
        response.setHeader("cache-control", forever ? "public, max-age=31536000, immutable" : "no-cache")
      },
    })
  }
  // Neither handler is async: each promise that waits for a reply hangs listeners of its own on the response, and a page
  // passes from one handler to the other.
  server.get<{ Params: { "*": string } }>("/*", { config: { access: anyone } }, (request, reply) => {
    const path = request.params["*"]
    if (built && isFile.test(path)) reply.sendFile(path)
    else reply.callNotFound()
  })
  server.setNotFoundHandler((request, reply) => {
    const page = (request.method === "GET" || request.method === "HEAD") && !programs.test(request.url)
    if (page && built) {
      reply.sendFile("index.html")
      return
    }
    throw new Refusal(
      "not-found",
      page ? "The web app is not built: run npm run build." : "There is no such address.",
    )
  })
}
