import type { z } from "zod"
import { appRouter, procedures } from "../src/api/router.ts"
import type { Dice } from "../testing/dice.ts"
import { welcome } from "../testing/journeys.ts"
import { type TestServer, testAdminKey } from "../testing/server.ts"
import { junk, junkText, spoil, toText } from "./junk.ts"
import type { Fed, Target } from "./run.ts"

/** Calls after which the session or the workspace of the run would be gone. */
const spared = new Set([
  "account.endSession",
  "account.endOtherSessions",
  "account.changePassword",
  "members.leave",
  "members.remove",
  "members.changeRole",
])

/** What inputs are called in procedures and routes, with values that often fit. */
const known: Record<string, (dice: Dice) => unknown> = {
  key: dice => dice.pick(["welcome-with-coupon", "other"]),
  name: () => "Somebody",
  email: dice => `p${dice.between(0, 40)}@example.com`,
  address: dice => `p${dice.between(0, 40)}@example.com`,
  document: dice => spoil(dice, welcome),
  revision: dice => dice.between(1, 9),
  version: dice => dice.pick(["all", 1, 2]),
  number: dice => dice.between(1, 3),
  limit: dice => dice.between(1, 200),
  before: dice =>
    dice.pick([Buffer.from('["2026-11-21T18:44:00.000Z","x"]').toString("base64url"), junkText(dice)]),
  search: dice => dice.pick(["ada", "%", "_", "\\", junkText(dice)]),
  id: dice => dice.pick(["018f0000-0000-7000-8000-000000000000", `u${dice.between(0, 40)}`]),
  userId: dice => `u${dice.between(0, 40)}`,
  role: dice => dice.pick(["viewer", "editor", "owner"]),
  zone: () => "Europe/Rome",
  language: () => "en",
  sandbox: dice => dice.next() < 0.5,
  to: () => "2026-12-01T00:00:00.000Z",
  by: () => "P1D",
  kind: dice => dice.pick(["api", "write"]),
  state: dice => dice.pick(["queued", "sent", "refused"]),
}

/** The fields of a zod object, where the schema is one. */
const fieldsOf = (schema: unknown): string[] => {
  const shape =
    (schema as { shape?: object })?.shape ??
    (schema as { def?: { innerType?: { shape?: object } } })?.def?.innerType?.shape
  return shape === undefined ? [] : Object.keys(shape)
}

const inputOf = (dice: Dice, fields: readonly string[]): unknown => {
  if (dice.next() < 0.1) return junk(dice)
  const good: Record<string, unknown> = {}
  for (const field of fields) if (dice.next() < 0.8) good[field] = known[field]?.(dice) ?? junk(dice)
  return spoil(dice, good, 0.2)
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : (JSON.stringify(value) ?? ""))

/** Half a character has no form in a URL. */
const inUrl = (text: string): string => encodeURIComponent(Buffer.from(text).toString())

/** Ours or the caller's fault: never 500, and a 503 only where the service is away, which it is not here. */
const judged = (what: string, { statusCode, body }: { statusCode: number; body: string }): Fed => ({
  outcome: statusCode,
  ...(statusCode >= 500 ? { wrong: `${what}: ${statusCode} ${body}` } : {}),
})

/** Every procedure of the router, with inputs made from the names of its fields. */
export const procedureTarget = (
  server: TestServer,
  session: { cookie: string; workspaceId: string },
): Target => {
  const all = procedures.filter(({ path }) => !spared.has(path))
  const inputs = (path: string): unknown => {
    const procedure = (
      appRouter._def.procedures as unknown as Record<string, { _def: { inputs: z.ZodType[] } }>
    )[path]!
    return procedure._def.inputs[0]
  }
  return {
    name: "procedures",
    share: 15,
    async feed(dice) {
      const { path, type } = dice.pick(all)
      const input = toText(dice, inputOf(dice, fieldsOf(inputs(path)))).toString("utf8")
      const answer = await server.app.inject({
        method: type === "query" ? "GET" : "POST",
        url: `/api/trpc/${path}${type === "query" ? `?input=${inUrl(input)}` : ""}`,
        headers: {
          cookie: session.cookie,
          "x-workspace": dice.next() < 0.95 ? session.workspaceId : inUrl(junkText(dice)),
          "content-type": "application/json",
        },
        ...(type === "query" ? {} : { payload: input }),
      })
      return judged(`${path} ${input.slice(0, 800)}`, answer)
    },
  }
}

/** Every other route that Fastify serves, with junk for parameters, query and body. */
export const routeTarget = (server: TestServer, session: { cookie: string; workspaceId: string }): Target => {
  const all = server.app.servedRoutes.filter(
    ({ method, url }) =>
      method !== "HEAD" &&
      !url.startsWith("/v1/") &&
      !url.startsWith("/api/trpc") &&
      // An open stream does not end; a sign-out would end the run.
      !url.startsWith("/api/live") &&
      url !== "/api/auth/sign-out",
  )
  return {
    name: "routes",
    share: 15,
    async feed(dice) {
      const { method, url } = dice.pick(all)
      const part = (name: string) =>
        inUrl(textOf(dice.next() < 0.5 ? (known[name]?.(dice) ?? junkText(dice)) : junkText(dice)))
      const path = url.replace(/:(\w+)/g, (_, name) => part(name)).replace("*", part("path"))
      const query = Object.keys(known)
        .filter(() => dice.next() < 0.15)
        .map(name => `${name}=${part(name)}`)
        .join("&")
      const body = toText(
        dice,
        url.endsWith("/journeys/:key") ? spoil(dice, welcome) : inputOf(dice, Object.keys(known)),
      )
      const answer = await server.app.inject({
        method: method as "GET",
        url: query === "" ? path : `${path}?${query}`,
        headers: {
          ...(dice.next() < 0.9 ? { authorization: `Bearer ${testAdminKey}` } : {}),
          ...(dice.next() < 0.3 ? { cookie: session.cookie, "x-workspace": session.workspaceId } : {}),
          ...(dice.next() < 0.2 ? { "if-match": dice.pick(['"1"', '"99999999999"', "*", "x"]) } : {}),
          ...(method === "GET"
            ? {}
            : { "content-type": dice.pick(["application/json", "application/json", "text/plain"]) }),
        },
        ...(method === "GET" ? {} : { payload: body }),
      })
      return judged(`${method} ${path}?${query} ${body.toString("utf8").slice(0, 500)}`, answer)
    },
  }
}
