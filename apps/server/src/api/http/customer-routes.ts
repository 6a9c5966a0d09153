import { z } from "zod"
import type { PageRequest } from "../../answers.ts"
import type { Services } from "../../services.ts"
import { keyAs } from "../access.ts"
import { pageFields } from "../inputs.ts"
import { problems, profileBody, timelineBody } from "./shapes.ts"
import type { TypedServer } from "./typed-server.ts"

const params = z.object({ userId: z.string().min(1).max(500) })

/** Customers and what happened to them. */
export function customerRoutes(server: TypedServer, services: Services): void {
  server.get(
    "/profiles/:userId",
    {
      config: { access: keyAs("viewer") },
      schema: {
        summary: "A customer by user id; of a merged one, the survivor",
        params,
        response: { 200: profileBody, ...problems(401, 404) },
      },
    },
    async request => services.profiles.get(request.workspace, request.params.userId),
  )

  server.get(
    "/profiles/:userId/timeline",
    {
      config: { access: keyAs("viewer") },
      schema: {
        summary: "Events, steps and messages of a customer, newest first",
        params,
        querystring: z.object(pageFields),
        response: { 200: timelineBody, ...problems(401, 404) },
      },
    },
    async request =>
      services.profiles.timeline(request.workspace, request.params.userId, request.query as PageRequest),
  )
}
