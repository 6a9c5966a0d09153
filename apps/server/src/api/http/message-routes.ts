import { z } from "zod"
import type { Feedback, MessageFilter, PageRequest } from "../../answers.ts"
import type { Services } from "../../services.ts"
import { keyAs } from "../access.ts"
import { addressInput, messageStateInput, pageFields, replayFields } from "../inputs.ts"
import { messageBody, messagesBody, problems, providersBody, suppressionsBody } from "./shapes.ts"
import type { TypedServer } from "./typed-server.ts"

const BY_KEY = "API key"

/** What was written to customers, to whom nothing is written any more, and who carries it. */
export function messageRoutes(server: TypedServer, services: Services): void {
  server.get(
    "/messages",
    {
      config: { access: keyAs("viewer") },
      schema: {
        summary: "Messages, newest first; those with state=refused are the dead letters",
        querystring: z.object({
          journey: z.string().max(63).optional(),
          node: z.string().max(63).optional(),
          userId: z.string().max(500).optional(),
          state: messageStateInput.optional(),
          inDoubt: z.enum(["true", "false"]).optional(),
          ...pageFields,
        }),
        response: { 200: messagesBody, ...problems(400, 401) },
      },
    },
    async request => {
      const { inDoubt, ...filter } = request.query
      return services.messages.list(request.workspace, {
        ...filter,
        inDoubt: inDoubt === "true",
      } as MessageFilter)
    },
  )

  server.post(
    "/messages/:id/replay",
    {
      config: { access: keyAs("editor") },
      schema: {
        summary: "Send a refused message once more, to another address or by the present version's template",
        params: z.object({ id: z.string().max(100) }),
        body: z.object(replayFields).optional(),
        response: { 200: messageBody, ...problems(400, 401, 403, 404, 409, 422) },
      },
    },
    async request => {
      const { to, template = "same" } = request.body ?? {}
      const order = { template, ...(to === undefined ? {} : { to }) }
      return services.messages.replay(request.workspace, request.params.id, order, BY_KEY)
    },
  )

  server.post(
    "/messages/:id/feedback",
    {
      config: { access: keyAs("editor") },
      schema: {
        summary:
          "Tell what became of an e-mail that the mail server had taken, as its provider's callback says",
        description: "id is the message's own, or the Message-ID that it left with.",
        params: z.object({ id: z.string().max(400) }),
        body: z.discriminatedUnion("kind", [
          z.object({
            kind: z.literal("bounced"),
            permanent: z.boolean().default(true),
            error: z.string().max(500).optional(),
          }),
          z.object({ kind: z.literal("complained") }),
        ]),
        response: { 204: z.void(), ...problems(400, 401, 403, 404) },
      },
    },
    async (request, reply) => {
      await services.messages.feedback(request.workspace, request.params.id, request.body as Feedback)
      return reply.status(204).send()
    },
  )

  server.get(
    "/suppressions",
    {
      config: { access: keyAs("viewer") },
      schema: {
        summary: "Addresses that get no e-mail, newest first",
        querystring: z.object({ search: z.string().max(320).optional(), ...pageFields }),
        response: { 200: suppressionsBody, ...problems(400, 401) },
      },
    },
    async request =>
      services.suppressions.list(request.workspace, request.query as PageRequest & { search?: string }),
  )

  server.put(
    "/suppressions/:address",
    {
      config: { access: keyAs("editor") },
      schema: {
        summary: "Write to an address no more",
        params: z.object({ address: addressInput }),
        response: { 204: z.void(), ...problems(400, 401, 403) },
      },
    },
    async (request, reply) => {
      await services.suppressions.addByHand(request.workspace, request.params.address, BY_KEY)
      return reply.status(204).send()
    },
  )

  server.delete(
    "/suppressions/:address",
    {
      config: { access: keyAs("editor") },
      schema: {
        summary: "Take an address off the list, whatever put it there",
        params: z.object({ address: addressInput }),
        response: { 204: z.void(), ...problems(400, 401, 403, 404) },
      },
    },
    async (request, reply) => {
      await services.suppressions.remove(request.workspace, request.params.address)
      return reply.status(204).send()
    },
  )

  server.get(
    "/providers",
    {
      config: { access: keyAs("viewer") },
      schema: {
        summary: "How those do that messages are handed to, in the last hour",
        response: { 200: providersBody, ...problems(401) },
      },
    },
    async request => ({ items: await services.providers.list(request.workspace) }),
  )
}
