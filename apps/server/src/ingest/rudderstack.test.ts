import { createServer, type IncomingHttpHeaders, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { buffer } from "node:stream/consumers"
import { gunzipSync } from "node:zlib"
import Analytics from "@rudderstack/rudder-sdk-node"
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest"
import { expectConserved } from "../../testing/conservation.ts"
import { welcome } from "../../testing/journeys.ts"
import { createTestServer, type TestServer, testAdminKey } from "../../testing/server.ts"
import { untilAnswer } from "../../testing/until.ts"

/** What the way to the door does to one request: nothing, an answer of its own, or the loss of the door's answer. */
type Hazard = "none" | { status: number; headers: Record<string, string> } | "answer lost"
type Passed = {
  headers: IncomingHttpHeaders
  body: { batch: Record<string, unknown>[]; sentAt?: string }
  answer: object
}

let server: TestServer
let way: Server
let wayUrl: string
let hazards: Hazard[] = []
let passed: Passed[] = []

beforeAll(async () => {
  server = await createTestServer()
  await server.engine.start()
  const url = await server.app.listen({ port: 0, host: "127.0.0.1" })
  way = createServer(async (request, reply) => {
    const body = await buffer(request)
    const hazard = hazards.shift() ?? "none"
    if (typeof hazard === "object") return reply.writeHead(hazard.status, hazard.headers).end()
    const { host: _, connection: __, ...headers } = request.headers
    const answer = await fetch(`${url}${request.url}`, {
      method: "POST",
      headers: headers as Record<string, string>,
      body,
    })
    const text = await answer.text()
    passed.push({
      headers: request.headers,
      body: JSON.parse(String(headers["content-encoding"] === "gzip" ? gunzipSync(body) : body)),
      answer: JSON.parse(text),
    })
    if (hazard === "answer lost") request.socket.destroy()
    else reply.writeHead(answer.status).end(text)
  })
  await new Promise<void>(resolve => way.listen(0, "127.0.0.1", resolve))
  wayUrl = `http://127.0.0.1:${(way.address() as AddressInfo).port}`
})
afterEach(() => {
  hazards = []
  passed = []
  return expectConserved({
    database: server.database,
    engine: server.engine,
    workspaces: server.services.workspaces,
  })
})
afterAll(async () => {
  await new Promise(resolve => way.close(resolve))
  await server.engine.stop()
  await server.stop()
})

const failures: unknown[] = []
const client = (options: object = {}) =>
  new Analytics(testAdminKey, {
    dataPlaneUrl: wayUrl,
    flushAt: 50,
    logLevel: "none",
    errorHandler: error => failures.push(error),
    ...options,
  })

const api = async (method: string, path: string, body?: unknown) => {
  const answer = await server.app.inject({
    method: method as "GET",
    url: `/api/v1${path}`,
    headers: { authorization: `Bearer ${testAdminKey}` },
    ...(body === undefined ? {} : { payload: body as object }),
  })
  return { status: answer.statusCode, body: answer.json() as Record<string, unknown> }
}

describe("the published RudderStack client, with another host", () => {
  it("brings a customer in, through and out, packed with gzip", async () => {
    expect((await api("PUT", `/journeys/${welcome.key}`, welcome)).status).toBe(201)
    expect((await api("POST", `/journeys/${welcome.key}/publish`)).status).toBe(200)
    const analytics = client()
    const userId = "grace"
    // Its first event leaves alone and at once, all later ones by its queue.
    analytics.page({ anonymousId: "tablet", name: "Home", properties: { path: "/" } })
    await analytics.flush()
    analytics.identify({
      userId,
      anonymousId: "tablet",
      traits: {
        email: "grace@example.com",
        first_name: "Grace",
        since: new Date("2026-01-02T03:04:05.678Z"),
      },
    })
    analytics.track({ userId, event: "Account Created", properties: { plan: "free" } })
    analytics.group({ userId, groupId: "navy", traits: { name: "Navy" } })
    analytics.alias({ userId, previousId: "old-grace" })
    analytics.screen({ userId, name: "Start" })
    await analytics.flush()
    await untilAnswer(
      () => api("GET", `/profiles/${userId}`),
      ({ body }) => JSON.stringify(body.inside ?? []).includes("first-order"),
    )
    analytics.track({ userId, event: "Order Completed", properties: { total: 42.5 } })
    await analytics.flush()

    const { body } = await untilAnswer(
      () => api("GET", `/journeys/${welcome.key}/stats`),
      answer => JSON.stringify(answer.body.totals ?? {}).includes('"bought":1'),
    )
    expect(body.totals).toEqual({ entered: 1, inside: 0, ended: { bought: 1 }, notAdmitted: {} })
    const profile = await api("GET", `/profiles/${userId}`)
    expect(profile.body).toMatchObject({
      attributes: { email: "grace@example.com", first_name: "Grace", since: "2026-01-02T03:04:05.678Z" },
      identities: [
        { kind: "user_id", value: "grace" },
        { kind: "email", value: "grace@example.com" },
        { kind: "anonymous_id", value: "tablet" },
      ],
    })
    const timeline = await api("GET", `/profiles/${userId}/timeline?limit=200`)
    const types = (timeline.body.items as { type?: string }[]).flatMap(item => item.type ?? [])
    expect(new Set(types)).toEqual(new Set(["page", "identify", "track", "group", "alias", "screen"]))
    expect(passed.map(({ body }) => body.batch.length)).toEqual([1, 5, 1])
    expect(passed.every(({ headers }) => headers["content-encoding"] === "gzip")).toBe(true)
    expect(passed[1]!.body.batch[0]).toMatchObject({
      channel: "server",
      originalTimestamp: expect.any(String),
    })
    expect(failures).toEqual([])
  })

  it("sends again what got no answer, and nothing is there twice", async () => {
    const analytics = client({ axiosRetryConfig: { retryDelay: () => 1 } })
    hazards = [{ status: 503, headers: { "retry-after": "0" } }, "answer lost", { status: 429, headers: {} }]
    analytics.track({ userId: "again", event: "Seen", properties: { n: 1 } })
    await analytics.flush()
    expect(passed.map(({ answer }) => answer)).toMatchObject([
      { accepted: 1, duplicates: 0 },
      { accepted: 0, duplicates: 1 },
    ])
    expect(failures).toEqual([])
  })

  it("loses no good event to a bad one beside it", async () => {
    const analytics = client()
    analytics.track({ userId: "first", event: "Seen" })
    await analytics.flush()
    analytics.track({ userId: "null", event: "Seen" })
    analytics.track({ userId: "good", event: "Seen" })
    await analytics.flush()
    expect(passed.at(-1)!.answer).toMatchObject({
      accepted: 1,
      rejected: [expect.objectContaining({ index: 0, field: "userId" })],
    })
    expect(failures).toEqual([])
  })
})

describe("what it sends and Segment's client does not", () => {
  it("traits in two places, of which one is kept: 20 kB of them are within what it and we allow", async () => {
    const analytics = client()
    analytics.identify({ userId: "long", traits: { story: "x".repeat(20_000) } })
    await analytics.flush()
    expect(passed[0]!.body.batch[0]).toMatchObject({
      traits: { story: expect.any(String) },
      context: { traits: { story: expect.any(String) } },
    })
    expect(passed[0]!.answer).toMatchObject({ accepted: 1, rejected: [] })
    const { body } = await untilAnswer(
      () => api("GET", "/profiles/long"),
      answer => answer.status === 200,
    )
    expect(body.attributes).toEqual({ story: "x".repeat(20_000) })
  })

  it("the customer's card under a name of its own", async () => {
    const analytics = client()
    const context = { externalId: [{ type: "loyalty_card", id: "4711" }] }
    analytics.track({ userId: "holder", event: "Seen", context })
    await analytics.flush()
    const { body } = await untilAnswer(
      () => api("GET", "/profiles/holder"),
      answer => answer.status === 200,
    )
    expect(body.identities).toContainEqual({ kind: "loyalty_card", value: "4711" })
  })

  it("ids that are numbers as the text of their JSON", async () => {
    const analytics = client()
    analytics.track({ userId: 4_200 as never, event: "Seen" })
    await analytics.flush()
    const { status } = await untilAnswer(
      () => api("GET", "/profiles/4200"),
      answer => answer.status === 200,
    )
    expect(status).toBe(200)
  })

  it("the time of sending, by which a clock that is two hours ahead is put right", async () => {
    const analytics = client()
    const now = Date.now()
    vi.useFakeTimers({ toFake: ["Date"], now: now + 2 * 3_600_000 })
    analytics.track({ userId: "ahead", event: "Seen", timestamp: new Date(Date.now() - 600_000) })
    await analytics.flush()
    vi.useRealTimers()
    const { body } = await untilAnswer(
      () => api("GET", "/profiles/ahead/timeline"),
      answer => (answer.body.items as unknown[] | undefined)?.length === 1,
    )
    const [event] = body.items as [{ at: string }]
    expect(Math.abs(Date.parse(event.at) - (now - 600_000))).toBeLessThan(30_000)
  })
})
