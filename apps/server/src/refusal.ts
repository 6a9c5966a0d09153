import type { JsonObject, Problem } from "@viaggio/journey-model"

/** Why a service says no. Every kind has one HTTP status and one tRPC code (api/errors.ts). */
export const RefusalKind = {
  notFound: "not-found",
  conflict: "conflict",
  invalid: "invalid",
  forbidden: "forbidden",
  unauthorized: "unauthorized",
  stale: "stale",
  unprocessable: "unprocessable",
  unavailable: "unavailable",
  tooMany: "too-many",
} as const
export type RefusalKind = (typeof RefusalKind)[keyof typeof RefusalKind]

/** What a refusal carries beside its sentence: problems of a journey, the present revision, seconds to wait. */
export type RefusalExtra = {
  problems?: Problem[]
  revision?: number
  retryAfterSeconds?: number
  values?: JsonObject
}

/**
 * A service's answer "no", with a sentence for the caller, e.g.
 * `new Refusal("stale", "The draft is at revision 8.", { revision: 8 })`.
 */
export class Refusal extends Error {
  readonly kind: RefusalKind
  readonly extra: RefusalExtra

  constructor(kind: RefusalKind, detail: string, extra: RefusalExtra = {}) {
    super(detail)
    this.name = "Refusal"
    this.kind = kind
    this.extra = extra
  }
}
