import { afterAll, beforeAll, expect, test, vi } from "vitest"
import { createTestServer, type TestServer, testAdminKey } from "../testing/server.ts"

let server: TestServer
beforeAll(async () => {
  server = await createTestServer()
})
afterAll(() => server.stop())

const get = (url: string) => server.app.inject({ url })

test("health and readiness", async () => {
  expect((await get("/healthz")).json()).toEqual({ status: "ok" })
  const ready = await get("/readyz")
  expect({ status: ready.statusCode, body: ready.json() }).toEqual({ status: 200, body: { status: "ready" } })
})

test("metrics tell what waits, and requests by route, not by address", async () => {
  await get("/api/v1/journeys/one")
  const { body, headers } = await get("/metrics")
  expect(headers["content-type"]).toContain("text/plain")
  expect(body).toContain("viaggio_database_up 1")
  expect(body).toContain("viaggio_dead_letters 0")
  expect(body).toContain("viaggio_timers_due 0")
  expect(body).toContain('route="/api/v1/journeys/:key",status="401"')
  expect(body).not.toContain("/journeys/one")
})

test("metrics are read anew: an event that nobody works yet waits in its bucket", async () => {
  const answer = await server.app.inject({
    method: "POST",
    url: "/v1/track",
    headers: { authorization: `Basic ${Buffer.from(`${testAdminKey}:`).toString("base64")}` },
    payload: { userId: "u", event: "Seen", messageId: "m" },
  })
  expect(answer.json()).toMatchObject({ accepted: 1 })
  await vi.waitFor(
    async () =>
      expect((await get("/metrics")).body).toMatch(/^viaggio_bucket_lag_events\{bucket="\d+"\} 1$/m),
    5_000,
  )
})

test("every answer carries a policy without inline scripts", async () => {
  for (const url of ["/healthz", "/nothing", "/api/v1/openapi.json", "/api/trpc/session.get"]) {
    const { headers } = await get(url)
    const policy = String(headers["content-security-policy"])
    expect(policy).toContain("script-src 'self';")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(headers["x-content-type-options"]).toBe("nosniff")
  }
})

test("addresses of programs never answer with the page", async () => {
  for (const url of ["/api/nothing", "/v1/nothing", "/api/v1/nothing", "/assets/index-old.js"]) {
    const answer = await get(url)
    expect([answer.statusCode, answer.headers["content-type"]]).toEqual([404, "application/problem+json"])
  }
})

test("a fault says nothing of the inside", async () => {
  const answer = await server.app.inject({ method: "POST", url: "/api/trpc/setup.complete", payload: "{" })
  expect(answer.statusCode).toBeLessThan(500)
  expect(answer.body).not.toMatch(/node_modules|\.ts:|stack/)
})
