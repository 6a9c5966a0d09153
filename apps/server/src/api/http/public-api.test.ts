import { afterAll, beforeAll, expect, test } from "vitest"
import { welcome } from "../../../testing/journeys.ts"
import { createTestServer, type TestServer, testAdminKey } from "../../../testing/server.ts"

let server: TestServer
const key = welcome.key

beforeAll(async () => {
  server = await createTestServer()
  await server.engine.start()
})
afterAll(async () => {
  await server.engine.stop()
  await server.stop()
})

type Method = "GET" | "PUT" | "POST"
type Options = { body?: object | string; headers?: Record<string, string>; bearer?: string }

async function ask(
  method: Method,
  path: string,
  { body, headers = {}, bearer = testAdminKey }: Options = {},
) {
  const answer = await server.app.inject({
    method,
    url: `/api/v1${path}`,
    headers: {
      authorization: `Bearer ${bearer}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { payload: typeof body === "string" ? body : JSON.stringify(body) }),
  })
  return { status: answer.statusCode, headers: answer.headers, text: answer.body, json: parse(answer.body) }
}

function parse(text: string) {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A sandbox of its own, whose keys a test uses. */
async function sandbox(): Promise<{ apiKey: string; writeKey: string }> {
  const body = { name: "Box", zone: "Europe/Rome", sandbox: true, startAt: "2026-01-01T00:00:00.000Z" }
  return (await ask("POST", "/workspaces", { body })).json
}

function expectProblem(answer: Awaited<ReturnType<typeof ask>>, status: number, type: string) {
  expect(answer.status).toBe(status)
  expect(answer.headers["content-type"]).toBe("application/problem+json")
  expect(answer.json).toMatchObject({ type: `/problems/${type}`, status })
  expect(typeof answer.json.title).toBe("string")
  expect(answer.json.detail).toMatch(/\.$/)
}

test("PUT makes, keeps and guards a draft; GET answers its canonical text with the revision as ETag", async () => {
  const { apiKey: bearer } = await sandbox()
  const made = await ask("PUT", `/journeys/${key}`, { bearer, body: welcome })
  expect(made.status).toBe(201)
  expect(made.json).toEqual({ key, revision: 1, hash: expect.stringMatching(/^[0-9a-f]{64}$/), problems: [] })
  const changed = { ...welcome, name: "Changed" }
  const kept = await ask("PUT", `/journeys/${key}`, { bearer, body: changed, headers: { "if-match": '"1"' } })
  expect([kept.status, kept.json.revision, kept.headers.etag]).toEqual([200, 2, '"2"'])
  const stale = await ask("PUT", `/journeys/${key}`, {
    bearer,
    body: welcome,
    headers: { "if-match": '"1"' },
  })
  expectProblem(stale, 412, "stale")
  expect(stale.json.revision).toBe(2)
  const got = await ask("GET", `/journeys/${key}`, { bearer })
  expect([got.status, got.headers.etag]).toEqual([200, '"2"'])
  expect(got.text).toBe(`${JSON.stringify(changed, null, 2)}\n`)
})

test("PUT refuses what is no journey document, and a key that is not the address's", async () => {
  const { apiKey: bearer } = await sandbox()
  const none = await ask("PUT", `/journeys/${key}`, { bearer, body: { a: 1 } })
  expectProblem(none, 400, "invalid")
  expect(none.json.problems[0]).toMatchObject({ severity: "error", text: expect.any(String), values: {} })
  expectProblem(await ask("PUT", `/journeys/${key}`, { bearer, body: "{" }), 400, "invalid")
  expectProblem(await ask("PUT", "/journeys/other", { bearer, body: welcome }), 400, "invalid")
  expectProblem(await ask("PUT", "/journeys/Not%20a%20key", { bearer, body: welcome }), 400, "invalid")
})

test("publish answers the version, again the same, 412 for a stale revision and 422 with the problems", async () => {
  const { apiKey: bearer } = await sandbox()
  expectProblem(await ask("POST", `/journeys/${key}/publish`, { bearer }), 404, "not-found")
  await ask("PUT", `/journeys/${key}`, { bearer, body: welcome })
  const first = await ask("POST", `/journeys/${key}/publish`, { bearer, body: { revision: 1, note: "Go" } })
  expect([first.status, first.json.version]).toEqual([200, 1])
  expect(first.json.publishedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  expect((await ask("POST", `/journeys/${key}/publish`, { bearer })).json).toEqual(first.json)
  expectProblem(
    await ask("POST", `/journeys/${key}/publish`, { bearer, body: { revision: 9 } }),
    412,
    "stale",
  )
  const broken = { ...welcome, edges: welcome.edges.filter(edge => edge.from !== "start") }
  const saved = await ask("PUT", `/journeys/${key}`, { bearer, body: broken })
  expect([saved.status, saved.json.problems.length > 0]).toEqual([200, true])
  const refused = await ask("POST", `/journeys/${key}/publish`, { bearer })
  expectProblem(refused, 422, "unprocessable")
  expect(refused.json.problems).toContainEqual(expect.objectContaining({ node: "start", severity: "error" }))
  const version = await ask("GET", `/journeys/${key}?version=1`, { bearer })
  expect(version.json).toEqual(welcome)
  expectProblem(await ask("GET", `/journeys/${key}?version=2`, { bearer }), 404, "not-found")
})

test("one customer's way: events, the clock, counts, profile, timeline, message", async () => {
  const { apiKey: bearer, writeKey } = await sandbox()
  await ask("PUT", `/journeys/${key}`, { bearer, body: welcome })
  await ask("POST", `/journeys/${key}/publish`, { bearer })
  const at = "2026-01-01T00:00:00.000Z"
  const traits = { email: "ada@example.com", first_name: "Ada" }
  const batch = [
    { type: "identify", userId: "ada", messageId: "1", timestamp: at, traits },
    { type: "track", userId: "ada", messageId: "2", timestamp: at, event: "Account Created", properties: {} },
  ]
  const authorization = `Basic ${Buffer.from(`${writeKey}:`).toString("base64")}`
  const taken = await server.app.inject({
    method: "POST",
    url: "/v1/batch",
    headers: { authorization },
    payload: { batch },
  })
  expect([taken.statusCode, taken.json().accepted]).toEqual([200, 2])

  const moved = await ask("POST", "/clock/advance", { bearer, body: { by: "P4D" } })
  expect(moved.status).toBe(200)
  expect(moved.json).toMatchObject({ now: "2026-01-05T00:00:00.000Z", done: true, steps: expect.any(Number) })

  const stats = (await ask("GET", `/journeys/${key}/stats?version=all`, { bearer })).json
  expect(stats).toMatchObject({
    journey: key,
    version: "all",
    totals: { entered: 1, inside: 0, notAdmitted: {} },
  })
  expect(Object.keys(stats.nodes).sort()).toEqual(welcome.nodes.map(({ id }) => id).sort())
  expect(stats.nodes["first-order"].left).toEqual({ ordered: 0, timeout: 1 })

  const profile = (await ask("GET", "/profiles/ada", { bearer })).json
  expect(profile).toMatchObject({ attributes: traits, inside: [] })
  expect(profile.identities).toContainEqual({ kind: "user_id", value: "ada" })

  const timeline = (await ask("GET", "/profiles/ada/timeline", { bearer })).json.items
  expect(new Set(timeline.map((item: { kind: string }) => item.kind))).toEqual(
    new Set(["event", "step", "message"]),
  )
  const instants: string[] = timeline.map((item: { at: string }) => item.at)
  expect(instants).toEqual([...instants].sort().reverse())

  const messages = (await ask("GET", `/messages?journey=${key}&node=welcome&userId=ada`, { bearer })).json
    .items
  expect(messages).toMatchObject([
    { to: "ada@example.com", subject: "Welcome, Ada", state: "sent", userId: "ada" },
  ])
  expectProblem(await ask("GET", "/profiles/nobody", { bearer }), 404, "not-found")
  expectProblem(await ask("GET", "/messages?state=lost", { bearer }), 400, "invalid")
})

test("pause, resume and stop answer the new state; a stop is for good", async () => {
  const { apiKey: bearer } = await sandbox()
  await ask("PUT", `/journeys/${key}`, { bearer, body: welcome })
  expectProblem(await ask("POST", `/journeys/${key}/pause`, { bearer }), 409, "conflict")
  await ask("POST", `/journeys/${key}/publish`, { bearer })
  for (const [change, status] of [
    ["pause", "paused"],
    ["resume", "live"],
    ["stop", "stopped"],
  ]) {
    const answer = await ask("POST", `/journeys/${key}/${change}`, { bearer })
    expect([answer.status, answer.json]).toEqual([200, { status }])
  }
  expectProblem(await ask("POST", `/journeys/${key}/resume`, { bearer }), 409, "conflict")
})

test("the clock moves in a sandbox only, and only forward", async () => {
  const { apiKey: bearer } = await sandbox()
  const advance = (body: object, as = bearer) => ask("POST", "/clock/advance", { bearer: as, body })
  expectProblem(await advance({ by: "P1D" }, testAdminKey), 409, "conflict")
  expectProblem(await advance({ to: "2025-12-31T00:00:00.000Z" }), 422, "unprocessable")
  for (const body of [
    { by: "soon" },
    { to: "tomorrow" },
    {},
    { by: "P1D", to: "2027-01-01T00:00:00.000Z" },
  ]) {
    expectProblem(await advance(body), 400, "invalid")
  }
})

test("workspaces and keys are told once and open what they should", async () => {
  const { apiKey: bearer, writeKey } = await sandbox()
  const made = await ask("POST", "/keys", { bearer, body: { kind: "api", name: "Second" } })
  expect(made.status).toBe(201)
  expect((await ask("GET", "/messages", { bearer: made.json.key })).status).toBe(200)
  expectProblem(await ask("GET", "/messages", { bearer: writeKey }), 401, "unauthorized")
  expectProblem(await ask("POST", "/keys", { bearer, body: { kind: "root", name: "x" } }), 400, "invalid")
  expectProblem(await ask("POST", "/workspaces", { body: { name: "x", zone: "Mars/Base" } }), 400, "invalid")
  const early = { name: "x", zone: "UTC", startAt: "2026-01-01T00:00:00.000Z" }
  expectProblem(await ask("POST", "/workspaces", { body: early }), 400, "invalid")
})

test("a journey of another workspace is unknown", async () => {
  const [one, two] = [await sandbox(), await sandbox()]
  await ask("PUT", `/journeys/${key}`, { bearer: one.apiKey, body: welcome })
  expectProblem(await ask("GET", `/journeys/${key}`, { bearer: two.apiKey }), 404, "not-found")
})

test("every described route refuses a call without a key", async () => {
  const described = await server.app.inject({ url: "/api/v1/openapi.json" })
  const { openapi, paths } = described.json()
  expect(openapi).toMatch(/^3\./)
  const routes = Object.entries<object>(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map(method => ({
      path: path.replace("/api/v1", ""),
      method: method.toUpperCase() as Method,
    })),
  )
  expect(routes.length).toBe(22)
  for (const { path, method } of routes) {
    const concrete = path.replaceAll(/\{\w+\}/g, "some")
    const body = method === "GET" ? {} : { body: {} }
    expectProblem(await ask(method, concrete, { bearer: "nobody", ...body }), 401, "unauthorized")
  }
})

test("an address that does not exist is a problem too", async () => {
  expectProblem(await ask("GET", "/nothing"), 404, "not-found")
})
