import { Readable } from "node:stream"
import type { FastifyInstance, FastifyRequest } from "fastify"
import { z } from "zod"
import type { Services } from "../services.ts"
import { memberAs } from "./access.ts"
import { InputPlace, refuseInput } from "./input-problems.ts"
import { refuseForeignOrigin } from "./requests.ts"

const uploadQuery = z.object({ name: z.string().trim().min(1).max(200).default("import.csv") })
const rejectsQuery = z.object({ language: z.enum(["en", "it"]).default("en") })

/** Files of customers on their way in, and the rows that were not taken on their way out: both as streams. */
export function importRoutes(server: FastifyInstance, services: Services): void {
  server.register(async scope => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser("*", (_request, payload, done) => done(null, payload))
    scope.post(
      "/api/imports",
      {
        config: { access: memberAs("editor") },
        onRequest: async (request: FastifyRequest) => refuseForeignOrigin(request),
      },
      async (request, reply) => {
        const { name } = read(uploadQuery, request.query)
        const bytes = (request.body ?? Readable.from([])) as AsyncIterable<Uint8Array>
        const view = await services.imports.upload(request.workspace, {
          name,
          by: request.member.name,
          bytes,
        })
        return reply.status(201).send(view)
      },
    )
  })

  server.get<{ Params: { id: string } }>(
    "/api/imports/:id/rejects.csv",
    { config: { access: memberAs("editor") } },
    async (request, reply) => {
      const { language } = read(rejectsQuery, request.query)
      const { name, text } = await services.imports.rejectsFile(
        request.workspace,
        request.params.id,
        language,
      )
      return reply
        .type("text/csv; charset=utf-8")
        .header("content-disposition", `attachment; filename*=UTF-8''${encodeURIComponent(name)}`)
        .header("cache-control", "no-store")
        .send(Readable.from(text))
    },
  )
}

function read<Schema extends z.ZodType>(schema: Schema, query: unknown): z.output<Schema> {
  const parsed = schema.safeParse(query)
  if (!parsed.success) throw refuseInput(parsed.error.issues, InputPlace.query)
  return parsed.data
}
