import { gzipSync } from "node:zlib"
import { Analytics } from "@segment/analytics-node"
import { sql } from "drizzle-orm"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { expectConserved } from "../../testing/conservation.ts"
import { welcome } from "../../testing/journeys.ts"
import { createTestServer, type TestServer, testAdminKey } from "../../testing/server.ts"
import { untilAnswer } from "../../testing/until.ts"

let server: TestServer
let url: string
beforeAll(async () => {
  server = await createTestServer()
  await server.engine.start()
  url = await server.app.listen({ port: 0, host: "127.0.0.1" })
})
afterEach(() =>
  expectConserved({
    database: server.database,
    engine: server.engine,
    workspaces: server.services.workspaces,
  }),
)
afterAll(async () => {
  await server.engine.stop()
  await server.stop()
})

const api = async (method: string, path: string, body?: unknown) => {
  const response = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${testAdminKey}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

const post = (path: string, body: string | Buffer, headers: Record<string, string> = {}) =>
  fetch(`${url}${path}`, {
    method: "POST",
    body,
    headers: {
      authorization: `Basic ${Buffer.from(`${testAdminKey}:`).toString("base64")}`,
      "content-type": "application/json",
      ...headers,
    },
  })

describe("the published Segment client, with another host", () => {
  it("brings a customer in, through and out, with the numbers to show for it", async () => {
    expect((await api("PUT", `/journeys/${welcome.key}`, welcome)).status).toBe(201)
    expect((await api("POST", `/journeys/${welcome.key}/publish`, {})).status).toBe(200)

    const analytics = new Analytics({ writeKey: testAdminKey, host: url, flushAt: 5 })
    const failures: unknown[] = []
    analytics.on("error", error => failures.push(error))
    const userId = "ada"
    analytics.page({ anonymousId: "device", name: "Home", properties: { path: "/" } })
    // The client may send what it holds in several requests at once; a visitor's past comes before the sign-up.
    await analytics.flush()
    analytics.identify({
      userId,
      anonymousId: "device",
      traits: { email: "ada@example.com", first_name: "Ada" },
    })
    analytics.track({ userId, event: "Account Created", properties: { plan: "free" } })
    analytics.group({ userId, groupId: "acme", traits: { name: "Acme" } })
    analytics.alias({ userId, previousId: "old-ada" })
    analytics.screen({ userId, name: "Start" })
    await analytics.flush()
    await untilAnswer(
      () => api("GET", `/profiles/${userId}`),
      ({ body }) => JSON.stringify(body.inside ?? []).includes("first-order"),
    )
    analytics.track({ userId, event: "Order Completed", properties: { total: 42.5 } })
    await analytics.closeAndFlush()
    expect(failures).toEqual([])

    const { body } = await untilAnswer(
      () => api("GET", `/journeys/${welcome.key}/stats`),
      answer => JSON.stringify(answer.body.totals ?? {}).includes('"bought":1'),
    )
    expect(body.totals).toEqual({ entered: 1, inside: 0, ended: { bought: 1 }, notAdmitted: {} })
    const messages = await untilAnswer(
      () => api("GET", `/messages?userId=${userId}&state=sent`),
      answer => (answer.body.items as unknown[]).length === 1,
    )
    expect(messages.body.items).toMatchObject([{ to: "ada@example.com", subject: "Welcome, Ada" }])
    const profile = await api("GET", `/profiles/${userId}`)
    expect(profile.body.identities).toEqual([
      { kind: "user_id", value: "ada" },
      { kind: "email", value: "ada@example.com" },
      { kind: "anonymous_id", value: "device" },
    ])
    const timeline = await api("GET", `/profiles/${userId}/timeline?limit=200`)
    const types = (timeline.body.items as { type?: string }[]).flatMap(item => item.type ?? [])
    expect(new Set(types)).toEqual(new Set(["page", "identify", "track", "group", "alias", "screen"]))
  })

  it("shows what it brought in the catalogue", async () => {
    await server.engine.catalogue.flush()
    const workspace = (await server.services.keys.accessOf(testAdminKey))!
    const { events, attributes } = await server.services.catalogue.list(workspace as never)
    expect(events.map(event => event.name).sort()).toEqual([
      "Account Created",
      "Order Completed",
      "Page Viewed",
      "Screen Viewed",
    ])
    expect(events.find(event => event.name === "Order Completed")!.properties).toMatchObject([
      { path: "total", type: "number", samples: [42.5] },
    ])
    expect(attributes.map(a => [a.path, a.type])).toEqual([
      ["email", "text"],
      ["first_name", "text"],
    ])
  })
})

describe("the answers of the door", () => {
  const track = (messageId: string, more: object = {}) => ({
    type: "track",
    userId: "u",
    event: "Seen",
    messageId,
    ...more,
  })

  it("keeps the good part of a batch and names the rest", async () => {
    const batch = [track("g1"), track("b1", { event: "" }), 7, track("g1"), track("g2")]
    const response = await post("/v1/batch", JSON.stringify({ batch }))
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({
      success: true,
      accepted: 2,
      duplicates: 1,
      rejected: [
        expect.objectContaining({ index: 1, messageId: "b1", field: "event" }),
        expect.objectContaining({ index: 2, field: "" }),
      ],
    })
  })

  it("takes gzip, and each call on a route of its own", async () => {
    const body = gzipSync(JSON.stringify({ batch: [track("zipped")] }))
    const zipped = await post("/v1/batch", body, { "content-encoding": "gzip" })
    expect(await zipped.json()).toMatchObject({ accepted: 1 })
    const single = await post(
      "/v1/track",
      JSON.stringify({ userId: "u", event: "Alone", messageId: "alone" }),
    )
    expect(await single.json()).toMatchObject({ accepted: 1, rejected: [] })
  })

  it("recognises the same request without message ids", async () => {
    const body = JSON.stringify({ batch: [{ type: "track", userId: "u", event: "Anonymous id" }] })
    expect(await (await post("/v1/batch", body)).json()).toMatchObject({ accepted: 1 })
    expect(await (await post("/v1/batch", body)).json()).toMatchObject({ accepted: 0, duplicates: 1 })
  })

  it.each<[string, number, string | Buffer, Record<string, string>]>([
    ["no JSON", 400, "{", {}],
    ["no batch", 400, "{}", {}],
    ["a list", 400, "[]", {}],
    ["no key", 401, '{"batch":[]}', { authorization: "" }],
    ["a wrong key", 401, '{"batch":[]}', { authorization: "Basic d3Jvbmc6" }],
    ["more than 500 kB", 413, JSON.stringify({ batch: ["x".repeat(520_000)] }), {}],
    ["more than 500 kB unpacked", 413, gzipSync("x".repeat(2_000_000)), { "content-encoding": "gzip" }],
  ])("refuses %s with %i", async (_name, status, body, headers) => {
    const response = await post("/v1/batch", body, headers)
    expect(response.status).toBe(status)
    expect(response.headers.get("content-type")).toContain("application/problem+json")
    expect(await response.json()).toMatchObject({
      status,
      title: expect.any(String),
      detail: expect.any(String),
    })
  })
})

describe("the unsubscribe link", () => {
  it("asks first, then notes it once, and the next marketing mail is suppressed", async () => {
    const { body } = await api("GET", "/messages?userId=ada")
    const [link] = /\/unsubscribe\/[\w.-]+/.exec((body.items as { html: string }[])[0]!.html)!
    const asked = await fetch(`${url}${link}`)
    expect(await asked.text()).toContain('<form method="post">')
    for (const _twice of [1, 2]) {
      const done = await fetch(`${url}${link}`, { method: "POST", body: "List-Unsubscribe=One-Click" })
      expect(done.status).toBe(200)
    }
    const profile = await untilAnswer(
      () => api("GET", "/profiles/ada"),
      answer => "unsubscribed" in (answer.body.attributes as object),
    )
    expect(profile.body.attributes).toMatchObject({ unsubscribed: true })
    const [counted] = await server.database.engine.execute<{ n: number }>(
      sql`SELECT count(*)::int AS n FROM events e JOIN event_names n ON n.id = e.name_id
          WHERE n.name = 'Email Unsubscribed'`,
    )
    expect(counted!.n).toBe(1)
    expect((await fetch(`${url}${link}x`)).status).toBe(404)
  })
})
