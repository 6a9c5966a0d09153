import swagger from "@fastify/swagger"
import type { FastifyInstance } from "fastify"
import {
  jsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from "fastify-type-provider-zod"
import type { z } from "zod"
import { Refusal } from "../../refusal.ts"
import type { Services } from "../../services.ts"
import { anyone } from "../access.ts"
import { customerRoutes } from "./customer-routes.ts"
import { journeyRoutes } from "./journey-routes.ts"
import { messageRoutes } from "./message-routes.ts"
import { setAsideRoutes } from "./set-aside-routes.ts"
import { workspaceRoutes } from "./workspace-routes.ts"

const description = {
  info: {
    title: "Viaggio",
    version: "1",
    description: "Journeys as text, publishing, figures, customers, messages and keys of one workspace.",
  },
  components: { securitySchemes: { key: { type: "http" as const, scheme: "bearer" } } },
  security: [{ key: [] }],
}

/** `/api/v1`, for holders of an API key (`Authorization: Bearer …`) of the workspace that they work on. */
export async function publicApi(server: FastifyInstance, services: Services): Promise<void> {
  server.setValidatorCompiler<z.ZodType>(schema => {
    const validate = validatorCompiler(schema)
    return data => {
      try {
        return validate(data)
      } catch {
        // zod throws at a value whose `length` cannot be compared.
        return { error: new Refusal("invalid", "The request holds a value that cannot be read.") }
      }
    }
  })
  server.setSerializerCompiler(serializerCompiler)
  acceptEmptyBodies(server)
  await server.register(swagger, { openapi: description, transform: jsonSchemaTransform })

  server.get("/openapi.json", { schema: { hide: true }, config: { access: anyone } }, async () =>
    server.swagger(),
  )

  server.register(async scope => {
    const api = scope.withTypeProvider<ZodTypeProvider>()
    journeyRoutes(api, services)
    customerRoutes(api, services)
    messageRoutes(api, services)
    workspaceRoutes(api, services)
    setAsideRoutes(api, services)
  })
}

/** `POST …/publish` needs no body, whatever content type the client announces. */
function acceptEmptyBodies(server: FastifyInstance): void {
  server.removeContentTypeParser("application/json")
  server.addContentTypeParser("application/json", { parseAs: "string" }, (_request, text, done) => {
    if (text === "") return done(null, undefined)
    try {
      done(null, JSON.parse(text as string))
    } catch (error) {
      const place = /position (\d+)/.exec((error as Error).message)?.[1]
      done(new Refusal("invalid", `The body is not JSON${place ? ` from character ${place} on` : ""}.`))
    }
  })
}
