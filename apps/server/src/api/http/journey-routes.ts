import { formatInstant } from "@viaggio/journey-model"
import { z } from "zod"
import { Refusal } from "../../refusal.ts"
import type { Services } from "../../services.ts"
import { keyAs } from "../access.ts"
import { keyInput, perMinuteInput, versionInput } from "../inputs.ts"
import { countsBody, problemBody, problems } from "./shapes.ts"
import type { TypedServer } from "./typed-server.ts"

const params = z.object({ key: keyInput })
const savedBody = z.object({
  key: z.string(),
  revision: z.number(),
  hash: z.string(),
  problems: z.array(problemBody),
})
const statusBody = z.object({ status: z.enum(["live", "paused", "stopped"]) })
const changes = {
  pause: "Nobody enters any more",
  resume: "Goes on after a pause",
  stop: "Ends it for everybody, for good",
}

/** Journeys as text, their versions, run states and counts. */
export function journeyRoutes(server: TypedServer, services: Services): void {
  server.put(
    "/journeys/:key",
    {
      config: { access: keyAs("editor") },
      schema: {
        summary:
          "Keep a draft, with its problems; If-Match with the revision guards against another's change",
        params,
        headers: z.object({ "if-match": z.string().optional() }),
        body: z.looseObject({}).describe("A journey document whose key is the one of the address"),
        response: { 200: savedBody, 201: savedBody, ...problems(400, 401, 409, 412) },
      },
    },
    async (request, reply) => {
      const expected = revisionOf(request.headers["if-match"])
      const options = { create: true, ...(expected === undefined ? {} : { revision: expected }) }
      const { key } = request.params
      const saved = await services.journeys.save(request.workspace, key, request.body, options)
      const { revision, hash, problems } = saved
      reply.status(saved.created ? 201 : 200).header("etag", `"${revision}"`)
      return { key, revision, hash, problems }
    },
  )

  server.get(
    "/journeys/:key",
    {
      config: { access: keyAs("viewer") },
      schema: {
        summary: "The draft, or a published version, as canonical text",
        params,
        querystring: z.object({ version: z.coerce.number().int().min(1).optional() }),
        response: { 200: z.looseObject({}), ...problems(401, 404) },
      },
    },
    async (request, reply) => {
      const found = await services.journeys.text(request.workspace, request.params.key, request.query.version)
      reply.header("etag", `"${found.revision}"`).type("application/json; charset=utf-8")
      return reply.send(found.text as never)
    },
  )

  server.post(
    "/journeys/:key/publish",
    {
      config: { access: keyAs("editor") },
      schema: {
        summary: "Make the draft the next version; unchanged content answers the present one",
        params,
        body: z
          .object({ revision: z.number().int().min(1).optional(), note: z.string().max(1_000).optional() })
          .nullish(),
        response: {
          200: z.object({ version: z.number(), hash: z.string(), publishedAt: z.string() }),
          ...problems(401, 404, 412, 422),
        },
      },
    },
    async request => {
      const { revision, note } = request.body ?? {}
      const published = await services.journeys.publish(request.workspace, request.params.key, {
        ...(revision === undefined ? {} : { revision }),
        ...(note === undefined ? {} : { note }),
      })
      return { ...published, publishedAt: formatInstant(published.publishedAt) }
    },
  )

  server.post(
    "/journeys/:key/resume",
    {
      config: { access: keyAs("editor") },
      schema: {
        summary: changes.resume,
        params,
        body: z.object({ perMinute: perMinuteInput.optional() }).nullish(),
        response: { 200: statusBody, ...problems(400, 401, 404, 409) },
      },
    },
    async request => services.runs.resume(request.workspace, request.params.key, request.body?.perMinute),
  )

  for (const change of ["pause", "stop"] as const) {
    server.post(
      `/journeys/:key/${change}`,
      {
        config: { access: keyAs("editor") },
        schema: {
          summary: changes[change],
          params,
          response: { 200: statusBody, ...problems(401, 404, 409) },
        },
      },
      async request => services.runs[change](request.workspace, request.params.key),
    )
  }

  server.get(
    "/journeys/:key/stats",
    {
      config: { access: keyAs("viewer") },
      schema: {
        summary: "Counts by node: entered = inside + Σ left + Σ ended",
        params,
        querystring: z.object({ version: versionInput.optional() }),
        response: { 200: countsBody, ...problems(401, 404) },
      },
    },
    async request =>
      services.stats.journey(request.workspace, request.params.key, request.query.version ?? "all"),
  )
}

/** The revision that an `If-Match` such as `"7"` asks for; `*` asks for none in particular. */
function revisionOf(header: string | undefined): number | undefined {
  if (header === undefined || header.trim() === "*") return undefined
  const match = /^(?:W\/)?"(\d{1,9})"$/.exec(header.trim())
  if (match === null) throw new Refusal("stale", `If-Match must be a revision such as "7", not ${header}.`)
  return Number(match[1])
}
