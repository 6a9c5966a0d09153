import { z } from "zod"
import type { Services } from "../../services.ts"
import { nameSchema, zoneSchema } from "../../workspaces/service.ts"
import { keyAs } from "../access.ts"
import { advanceInput, instantInput, targetOf } from "../inputs.ts"
import { problems } from "./shapes.ts"
import type { TypedServer } from "./typed-server.ts"

/** Workspaces, keys and the clock of a sandbox. */
export function workspaceRoutes(server: TypedServer, services: Services): void {
  server.post(
    "/workspaces",
    {
      config: { access: keyAs("owner") },
      schema: {
        summary: "Make a workspace beside this one, for the same people, with a key of each kind",
        body: z.object({
          name: nameSchema,
          zone: zoneSchema,
          sandbox: z.boolean().optional(),
          startAt: instantInput.optional(),
        }),
        response: {
          201: z.object({ id: z.string(), apiKey: z.string(), writeKey: z.string() }),
          ...problems(400, 401, 403),
        },
      },
    },
    async (request, reply) => {
      const { name, zone, sandbox = false, startAt } = request.body
      const { language } = request.workspace
      const draft = { name, zone, language, sandbox, ...(startAt === undefined ? {} : { startAt }) }
      const made = await services.workspaces.createBeside(request.workspace, draft)
      const api = await services.keys.create(made, "api", "First key", "owner")
      const write = await services.keys.create(made, "write", "First key")
      reply.status(201)
      return { id: made.publicId, apiKey: api.key, writeKey: write.key }
    },
  )

  server.post(
    "/keys",
    {
      config: { access: keyAs("owner") },
      schema: {
        summary: "Make a key; it is told in this answer and never again",
        body: z.object({ kind: z.enum(["api", "write"]), name: nameSchema }),
        response: { 201: z.object({ id: z.string(), key: z.string() }), ...problems(400, 401, 403) },
      },
    },
    async (request, reply) => {
      reply.status(201)
      return services.keys.create(request.workspace, request.body.kind, request.body.name)
    },
  )

  server.post(
    "/clock/advance",
    {
      config: { access: keyAs("editor") },
      schema: {
        summary: "Move a sandbox's clock forward and answer when all that is due has happened",
        body: advanceInput,
        response: {
          200: z.object({
            now: z.string(),
            events: z.number(),
            steps: z.number(),
            messages: z.number(),
            done: z.boolean().describe("false: more is due, call again"),
          }),
          ...problems(400, 401, 409, 422),
        },
      },
    },
    async request => {
      const { now } = await services.clock.get(request.workspace)
      return services.clock.advance(request.workspace, targetOf(request.body, now))
    },
  )
}
