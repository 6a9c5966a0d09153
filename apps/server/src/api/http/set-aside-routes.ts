import { z } from "zod"
import type { Services } from "../../services.ts"
import { keyAs } from "../access.ts"
import { problems } from "./shapes.ts"
import type { TypedServer } from "./typed-server.ts"

const customer = z.object({
  id: z.string(),
  since: z.string(),
  error: z.string(),
  tries: z.number(),
  triedAt: z.string().optional(),
  event: z.object({ name: z.string(), at: z.string(), messageId: z.string() }).optional(),
})
const outcome = z.object({
  state: z
    .enum(["released", "set-aside", "asked"])
    .describe("released: all is worked. set-aside: it failed again. asked: it is done later"),
  customer: customer.optional(),
})
const params = z.object({ id: z.string() })

/** Customers whom the engine could not work: their events are kept until they can be. */
export function setAsideRoutes(server: TypedServer, services: Services): void {
  server.get(
    "/set-aside",
    {
      config: { access: keyAs("viewer") },
      schema: {
        summary: "List the customers who were set aside, the longest first",
        response: { 200: z.object({ items: z.array(customer) }), ...problems(401, 403) },
      },
    },
    async request => ({ items: await services.stuck.list(request.workspace) }),
  )

  server.post(
    "/set-aside/:id/try-again",
    {
      config: { access: keyAs("editor") },
      schema: {
        summary: "Work all that has reached the customer since, in order",
        params,
        response: { 200: outcome, ...problems(401, 403, 404) },
      },
    },
    async request => services.stuck.tryAgain(request.workspace, request.params.id),
  )

  server.post(
    "/set-aside/:id/skip",
    {
      config: { access: keyAs("editor") },
      schema: {
        summary: "Leave out the event or the wait that breaks, and try again",
        params,
        response: { 200: outcome, ...problems(401, 403, 404) },
      },
    },
    async request => services.stuck.skip(request.workspace, request.params.id),
  )
}
