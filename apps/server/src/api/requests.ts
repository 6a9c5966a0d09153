import type { FastifyRequest } from "fastify"
import { addressHeader } from "../auth/sign-in.ts"
import { Refusal } from "../refusal.ts"

/** Headers as the web's own type, with the client's address; several values of one name are joined as HTTP says. */
export function headersOf(request: FastifyRequest): Headers {
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(", ") : value)
  }
  headers.set(addressHeader, request.ip)
  return headers
}

/** The session's cookie is SameSite=Lax; a page of a sister domain is same-site all the same. */
export function refuseForeignOrigin(request: FastifyRequest): void {
  const { origin } = request.headers
  if (request.method !== "POST" || origin === undefined) return
  const own = new URL(`${request.protocol}://${request.host}`)
  if (!URL.canParse(origin) || new URL(origin).host !== own.host) {
    throw new Refusal("forbidden", "This call came from the page of another site.")
  }
}
