import type { FastifyError, FastifyInstance, FastifyReply } from "fastify"
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod"
import { Refusal } from "../refusal.ts"
import { kindOfStatus, toProblemBody } from "./errors.ts"

/** Answers every error as RFC 9457 `application/problem+json`; our own faults say nothing of the inside. */
export function answerProblems(server: FastifyInstance): void {
  server.setErrorHandler(async (error, request, reply) => {
    const refusal = asRefusal(error)
    if (refusal !== undefined) return sendRefusal(reply, refusal)
    const status = (error as FastifyError).statusCode ?? 500
    if (status < 500) {
      return sendProblem(reply, {
        type: "about:blank",
        title: "Bad request",
        status,
        detail: (error as Error).message,
      })
    }
    request.log.error({ err: error }, "request failed")
    const detail = `The server failed. Its log has more under request ${request.id}.`
    return sendProblem(reply, { type: "about:blank", title: "Server error", status: 500, detail })
  })
}

type ProblemBody = { type: string; title: string; status: number; detail: string }

function asRefusal(error: unknown): Refusal | undefined {
  if (error instanceof Refusal) return error
  if (hasZodFastifySchemaValidationErrors(error)) {
    const lines = error.validation.map(
      ({ instancePath, message }) => `${error.validationContext}${instancePath} ${message}`,
    )
    return new Refusal("invalid", `${lines.join("; ")}.`)
  }
  const kind = kindOfStatus((error as FastifyError).statusCode ?? 500)
  return kind === undefined || kind === "unavailable"
    ? undefined
    : new Refusal(kind, (error as Error).message)
}

function sendRefusal(reply: FastifyReply, refusal: Refusal): FastifyReply {
  const { kind, extra } = refusal
  if (kind === "too-many" || kind === "unavailable")
    reply.header("retry-after", String(extra.retryAfterSeconds ?? 2))
  if (kind === "unauthorized") reply.header("www-authenticate", "Bearer")
  return sendProblem(reply, toProblemBody(refusal))
}

function sendProblem(reply: FastifyReply, body: ProblemBody): FastifyReply {
  return reply.status(body.status).type("application/problem+json").serializer(JSON.stringify).send(body)
}
