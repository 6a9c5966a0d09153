import { TRPCError } from "@trpc/server"
import { Refusal, type RefusalKind } from "../refusal.ts"

type TrpcCode = ConstructorParameters<typeof TRPCError>[0]["code"]

/** One row per kind of refusal: its HTTP status, its title (also the end of its problem type), its tRPC code. */
const answers: Record<RefusalKind, { status: number; title: string; code: TrpcCode }> = {
  "not-found": { status: 404, title: "Not found", code: "NOT_FOUND" },
  conflict: { status: 409, title: "Conflict", code: "CONFLICT" },
  invalid: { status: 400, title: "Invalid request", code: "BAD_REQUEST" },
  forbidden: { status: 403, title: "Forbidden", code: "FORBIDDEN" },
  unauthorized: { status: 401, title: "Not signed in", code: "UNAUTHORIZED" },
  stale: { status: 412, title: "Changed meanwhile", code: "CONFLICT" },
  unprocessable: { status: 422, title: "Cannot be done", code: "UNPROCESSABLE_CONTENT" },
  unavailable: { status: 503, title: "Not available", code: "SERVICE_UNAVAILABLE" },
  "too-many": { status: 429, title: "Too many requests", code: "TOO_MANY_REQUESTS" },
}

export function toTrpcError(refusal: Refusal): TRPCError {
  return new TRPCError({ code: answers[refusal.kind].code, message: refusal.message, cause: refusal })
}

/** RFC 9457 body of a refusal, e.g. `{ type: "/problems/stale", title, status: 412, detail, revision: 8 }`. */
export function toProblemBody(refusal: Refusal) {
  const { status, title } = answers[refusal.kind]
  const { problems, revision } = refusal.extra
  return {
    type: `/problems/${refusal.kind}`,
    title,
    status,
    detail: refusal.message,
    ...(problems ? { problems } : {}),
    ...(revision === undefined ? {} : { revision }),
  }
}

/** The refusal that a status of Fastify or its plugins stands for; undefined for our own faults. */
export function kindOfStatus(status: number): RefusalKind | undefined {
  const kinds = Object.keys(answers) as RefusalKind[]
  return kinds.find(kind => answers[kind].status === status)
}

/** SQLSTATEs of texts that PostgreSQL cannot hold, U+0000 above all. */
const unstorable = new Set(["22021", "22P05"])

/** The refusal that an error of the database stands for, when the caller's text is the reason. */
export function refusalOfStorage(error: unknown): Refusal | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (unstorable.has(String((at as { code?: unknown }).code)))
      return new Refusal("invalid", "A text holds a character that cannot be stored (U+0000): remove it.")
  }
  return undefined
}
