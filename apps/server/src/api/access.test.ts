import { afterAll, beforeAll, describe, expect, test } from "vitest"
import {
  createTestServer,
  invite,
  signIn,
  signUpOwner,
  type TestServer,
  testAdminKey,
  testMetricsKey,
  workspaceOf,
} from "../../testing/server.ts"
import { joinAs } from "../workspaces/members-store.ts"
import { Role } from "../workspaces/roles.ts"
import type { Workspace } from "../workspaces/workspace.ts"
import { procedures } from "./router.ts"

/** `stranger`: an owner of another workspace. `adminKey` is the installation's; the others belong to the workspace that is asked about. */
const actors = ["nobody", "stranger", "viewer", "editor", "owner", "apiKey", "adminKey", "writeKey"] as const
type Actor = (typeof actors)[number]

/** What each actor gets: `in` is past the door, whatever the call then answers to its empty input. */
const open = "in in in in in in in in"
const signedIn = "401 in in in in 401 401 401"
const viewer = "401 404 in in in 401 401 401"
const editor = "401 404 403 in in 401 401 401"
const owner = "401 404 403 403 in 401 401 401"
/** An owner here, but of no more than this workspace. */
const administrator = "401 404 403 403 403 401 401 401"
const apiKey = "401 401 401 401 401 in in 401"
const ownerKey = "401 401 401 401 401 403 in 401"
const writeKey = "401 401 401 401 401 401 in in"
/** By a signature over the body, which none of them has. */
const signedOnly = "401 401 401 401 401 401 401 401"

const expected: Record<string, string> = {
  "session.get": open,
  "setup.check": open,
  "setup.complete": open,
  "account.sessions": signedIn,
  "account.endSession": signedIn,
  "account.endOtherSessions": signedIn,
  "account.changePassword": signedIn,
  "workspaces.create": owner,
  "workspaces.get": viewer,
  "workspaces.update": owner,
  "members.list": viewer,
  "members.changeRole": owner,
  "members.remove": owner,
  "members.leave": viewer,
  "invitations.list": owner,
  "invitations.create": owner,
  "invitations.resend": owner,
  "invitations.revoke": owner,
  "invitations.view": open,
  "invitations.accept": open,
  "keys.list": viewer,
  "keys.create": owner,
  "keys.revoke": owner,
  "webhooks.secret": owner,
  "webhooks.rotate": owner,
  "journeys.list": viewer,
  "journeys.get": viewer,
  "journeys.create": editor,
  "journeys.duplicate": editor,
  "journeys.remove": editor,
  "journeys.save": editor,
  "journeys.publish": editor,
  "journeys.pause": editor,
  "journeys.resume": editor,
  "journeys.stop": editor,
  "journeys.versions": viewer,
  "journeys.version": viewer,
  "journeys.stats": viewer,
  "journeys.customers": viewer,
  "journeys.impact": viewer,
  "sampleStore.get": viewer,
  "sampleStore.start": owner,
  "sampleStore.stop": editor,
  "simulation.rates": viewer,
  "simulation.sample": viewer,
  "catalogue.list": viewer,
  "customers.list": viewer,
  "customers.count": viewer,
  "customers.get": viewer,
  "customers.facts": viewer,
  "customers.timeline": viewer,
  "imports.list": viewer,
  "imports.get": viewer,
  "imports.preview": viewer,
  "imports.rows": viewer,
  "imports.check": editor,
  "imports.start": editor,
  "imports.cancel": editor,
  "imports.remove": editor,
  "imports.rejects": viewer,
  "messages.list": viewer,
  "messages.get": viewer,
  "messages.replay": editor,
  "messages.sendTest": editor,
  "messages.tests": viewer,
  "suppressions.list": viewer,
  "suppressions.add": editor,
  "suppressions.remove": editor,
  "providers.list": viewer,
  "providers.callback": owner,
  "clock.get": viewer,
  "clock.advance": editor,
  "setAside.list": viewer,
  "setAside.tryAgain": editor,
  "setAside.skip": editor,
  "status.get": editor,
  "status.reconcile": administrator,
  "status.release": administrator,

  "GET /*": open,
  "GET /healthz": open,
  "GET /readyz": open,
  "GET /metrics": open,
  "POST /api/auth/sign-in/email": open,
  "POST /api/auth/sign-out": open,
  "GET /api/trpc/:path": open,
  "POST /api/trpc/:path": open,
  "GET /api/live/journeys/:key": viewer,
  "POST /api/imports": editor,
  "GET /api/imports/:id/rejects.csv": editor,
  "GET /t/o/:token": open,
  "GET /t/c/:token": open,
  "GET /unsubscribe/:token": open,
  "POST /unsubscribe/:token": open,
  "POST /callbacks/mail/:workspace": signedOnly,
  "GET /api/v1/openapi.json": open,
  "GET /api/v1/journeys/:key": apiKey,
  "PUT /api/v1/journeys/:key": apiKey,
  "POST /api/v1/journeys/:key/publish": apiKey,
  "POST /api/v1/journeys/:key/pause": apiKey,
  "POST /api/v1/journeys/:key/resume": apiKey,
  "POST /api/v1/journeys/:key/stop": apiKey,
  "GET /api/v1/journeys/:key/stats": apiKey,
  "GET /api/v1/profiles/:userId": apiKey,
  "GET /api/v1/profiles/:userId/timeline": apiKey,
  "GET /api/v1/messages": apiKey,
  "POST /api/v1/messages/:id/replay": apiKey,
  "POST /api/v1/messages/:id/feedback": apiKey,
  "GET /api/v1/suppressions": apiKey,
  "PUT /api/v1/suppressions/:address": apiKey,
  "DELETE /api/v1/suppressions/:address": apiKey,
  "GET /api/v1/providers": apiKey,
  "POST /api/v1/clock/advance": apiKey,
  "GET /api/v1/set-aside": apiKey,
  "POST /api/v1/set-aside/:id/try-again": apiKey,
  "POST /api/v1/set-aside/:id/skip": apiKey,
  "POST /api/v1/workspaces": ownerKey,
  "POST /api/v1/keys": ownerKey,
  "OPTIONS /v1/*": open,
  "POST /v1/alias": writeKey,
  "POST /v1/batch": writeKey,
  "POST /v1/group": writeKey,
  "POST /v1/identify": writeKey,
  "POST /v1/import": writeKey,
  "POST /v1/page": writeKey,
  "POST /v1/screen": writeKey,
  "POST /v1/track": writeKey,
}

let server: TestServer
let first: Awaited<ReturnType<typeof signUpOwner>>
let workspace: Workspace
const cookies: Partial<Record<Actor, string>> = {}
const keys: Partial<Record<Actor, string>> = {}
const people: { userId: string; role: Role }[] = []

beforeAll(async () => {
  server = await createTestServer()
  first = await signUpOwner(server)
  const home = await workspaceOf(server, first.workspaceId)
  const [founder] = await server.services.members.list(home)
  const draft = { name: "Asked about", zone: "UTC", language: "en", sandbox: true }
  workspace = await server.services.workspaces.create(draft, founder!.userId)
  cookies.stranger = (await invite(server, home, "stranger@example.com", Role.owner)).cookie
  for (const role of [Role.viewer, Role.editor, Role.owner]) {
    const { cookie, userId } = await invite(server, workspace, `${role}@example.com`, role)
    cookies[role] = cookie
    people.push({ userId, role })
  }
  keys.apiKey = (await server.services.keys.create(workspace, "api", "Robot")).key
  keys.adminKey = testAdminKey
  keys.writeKey = (await server.services.keys.create(workspace, "write", "Shop")).key
})
afterAll(() => server.stop())

const calls = procedures.map(({ path, type }) => ({
  name: path,
  method: type === "query" ? "GET" : "POST",
  url: `/api/trpc/${path}`,
}))

const routes = () =>
  server.app.servedRoutes
    .filter(({ method }) => method !== "HEAD")
    .map(({ method, url }) => ({ name: `${method} ${url}`, method, url: url.replace(/:\w+|\*/g, "nothing") }))

async function ask(actor: Actor, { method, url }: { method: string; url: string }): Promise<string> {
  // Leaving is one of the calls: everybody is back for the next one.
  for (const { userId, role } of people) await joinAs(server.database.engine, workspace.id, userId, role)
  const key = keys[actor]
  const scheme = url.startsWith("/v1/")
    ? `Basic ${Buffer.from(`${key}:`).toString("base64")}`
    : `Bearer ${key}`
  const answer = await server.app.inject({
    method: method as "GET",
    url,
    headers: {
      "x-workspace": workspace.publicId,
      ...(cookies[actor] ? { cookie: cookies[actor] } : {}),
      ...(key ? { authorization: scheme } : {}),
    },
    ...(method === "GET"
      ? {}
      : { payload: url === "/v1/batch" || url === "/v1/import" ? { batch: [] } : {} }),
  })
  const isOutside = answer.statusCode === 404 && answer.body.includes("There is no such workspace")
  return isOutside || [401, 403].includes(answer.statusCode) ? String(answer.statusCode) : "in"
}

test("every procedure and route stands in the matrix, and nothing else does", () => {
  const found = [...calls, ...routes()].map(({ name }) => name)
  expect([...new Set(found)].sort()).toEqual(Object.keys(expected).sort())
})

test("what HEAD may see is what GET may", () => {
  const accessOf = (wanted: string, url: string) =>
    server.app.servedRoutes.find(route => route.method === wanted && route.url === url)?.access
  for (const { url } of server.app.servedRoutes.filter(({ method }) => method === "HEAD"))
    expect(accessOf("HEAD", url), url).toEqual(accessOf("GET", url))
})

describe("each call lets in whom the matrix says", () => {
  const isLast = (name: string) => name === "POST /api/auth/sign-out"
  const names = Object.keys(expected).sort((a, b) => Number(isLast(a)) - Number(isLast(b)))
  test.each(names)("%s", async name => {
    const call = [...calls, ...routes()].find(each => each.name === name)
    const answers: string[] = []
    for (const actor of actors) answers.push(await ask(actor, call!))
    expect(answers.join(" ")).toBe(expected[name])
  })
})

test("a route that does not say who may call it is not taken", async () => {
  const { default: fastify } = await import("fastify")
  const { guardRoutes } = await import("./guard.ts")
  const bare = fastify()
  guardRoutes(bare, server.services)
  expect(() => bare.get("/open", async () => "")).toThrow("GET /open does not say who may call it")
})

test("what concerns the whole installation is for owners of its first workspace, where they are owners too", async () => {
  const founder = await signIn(server, "ann@example.com", "a long password")
  const ask = (publicId: string) =>
    server.app.inject({
      method: "POST",
      url: "/api/trpc/status.reconcile",
      headers: { cookie: founder, "x-workspace": publicId },
      payload: {},
    })
  // Nothing is held: that is said to who may ask.
  expect((await ask(first.workspaceId)).json()).toMatchObject({ error: { data: { kind: "conflict" } } })
})

test("metrics are for programs on this machine, and for the holder of the key", async () => {
  const ask = async (options: object) => (await server.app.inject({ url: "/metrics", ...options })).statusCode
  const far = { remoteAddress: "203.0.113.7" }
  expect(await ask({})).toBe(200)
  expect(await ask({ remoteAddress: "::1" })).toBe(200)
  expect(await ask(far)).toBe(401)
  expect(await ask({ headers: { "x-forwarded-for": "203.0.113.7" } })).toBe(401)
  expect(await ask({ headers: { forwarded: "for=203.0.113.7" } })).toBe(401)
  const bearer = (key: string) => ({ ...far, headers: { authorization: `Bearer ${key}` } })
  expect(await ask(bearer(testMetricsKey))).toBe(200)
  expect(await ask(bearer(`${testMetricsKey}x`))).toBe(401)
  expect(await ask(bearer(testAdminKey))).toBe(401)
})

test("a foreign page's call is refused before anything else", async () => {
  const answer = await server.app.inject({
    method: "POST",
    url: "/api/trpc/journeys.create",
    payload: {},
    headers: { cookie: cookies.owner!, origin: "https://evil.example" },
  })
  expect(answer.statusCode).toBe(403)
  expect(answer.json()).toMatchObject({ detail: "This call came from the page of another site." })
})
