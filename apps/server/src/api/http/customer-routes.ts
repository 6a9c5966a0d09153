import { z } from "zod"
import type { MessageFilter, PageRequest } from "../../answers.ts"
import type { Services } from "../../services.ts"
import { keyAs } from "../access.ts"
import { limitInput, messageStateInput } from "../inputs.ts"
import { messagesBody, problems, profileBody, timelineBody } from "./shapes.ts"
import type { TypedServer } from "./typed-server.ts"

const params = z.object({ userId: z.string().min(1).max(500) })
const page = { before: z.string().max(500).optional(), limit: limitInput.optional() }

/** Customers, what happened to them, and what was written to them. */
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
        querystring: z.object(page),
        response: { 200: timelineBody, ...problems(401, 404) },
      },
    },
    async request =>
      services.profiles.timeline(request.workspace, request.params.userId, request.query as PageRequest),
  )

  server.get(
    "/messages",
    {
      config: { access: keyAs("viewer") },
      schema: {
        summary: "Messages, newest first",
        querystring: z.object({
          journey: z.string().max(63).optional(),
          node: z.string().max(63).optional(),
          userId: z.string().max(500).optional(),
          state: messageStateInput.optional(),
          ...page,
        }),
        response: { 200: messagesBody, ...problems(400, 401) },
      },
    },
    async request => services.messages.list(request.workspace, request.query as MessageFilter),
  )
}
