import type { FastifyError, FastifyInstance, FastifyReply } from "fastify"
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod"
import { Refusal } from "../refusal.ts"
import { kindOfStatus, refusalOfStorage, toProblemBody } from "./errors.ts"
import { InputPlace, refuseInput } from "./input-problems.ts"

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
        detail: sentenceOf(error),
      })
    }
    request.log.error({ err: error }, "request failed")
    const detail = `The server failed. Its log has more under request ${request.id}.`
    return sendProblem(reply, { type: "about:blank", title: "Server error", status: 500, detail })
  })
}

/** What Fastify finds wrong with a request, in our words. */
const sentences: Record<string, string> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "Send the body as application/json.",
  FST_ERR_CTP_BODY_TOO_LARGE: "The body is too large: send less at once.",
  FST_ERR_CTP_EMPTY_JSON_BODY: "The body is empty: send a JSON object.",
  FST_ERR_CTP_INVALID_JSON_BODY: "The body is not JSON.",
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: "The body is not as long as its content-length says.",
  FST_ERR_BAD_URL: "The address is not well-formed.",
}

function sentenceOf(error: unknown): string {
  return sentences[(error as FastifyError).code ?? ""] ?? (error as Error).message
}

/** Fastify's words for the parts of a request. */
const places: Record<string, InputPlace> = {
  body: InputPlace.body,
  querystring: InputPlace.query,
  params: InputPlace.path,
  headers: InputPlace.headers,
}

type ProblemBody = { type: string; title: string; status: number; detail: string }

function asRefusal(error: unknown): Refusal | undefined {
  if (error instanceof Refusal) return error
  if (hasZodFastifySchemaValidationErrors(error)) {
    const place = places[error.validationContext ?? "body"] ?? InputPlace.body
    const issues = error.validation.map(({ instancePath, message, params, keyword }) => ({
      ...params,
      code: keyword,
      message,
      path: instancePath
        .split("/")
        .slice(1)
        .filter(part => part !== ""),
    }))
    return refuseInput(issues as unknown as Parameters<typeof refuseInput>[0], place)
  }
  const unstorable = refusalOfStorage(error)
  if (unstorable !== undefined) return unstorable
  const kind = kindOfStatus((error as FastifyError).statusCode ?? 500)
  return kind === undefined || kind === "unavailable" ? undefined : new Refusal(kind, sentenceOf(error))
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
