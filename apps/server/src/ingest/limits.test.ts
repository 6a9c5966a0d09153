import { afterAll, beforeAll, expect, it } from "vitest"
import { createTestServer, type TestServer, testAdminKey } from "../../testing/server.ts"

let server: TestServer
beforeAll(async () => {
  server = await createTestServer()
  const workspace = await server.services.workspaces.ensureDefault()
  await server.services.workspaces.update(workspace, { eventsPerSecond: 5 })
})
afterAll(() => server.stop())

const send = (url: string, payload: object, key = testAdminKey) =>
  server.app.inject({
    method: "POST",
    url,
    headers: { authorization: `Basic ${Buffer.from(`${key}:`).toString("base64")}` },
    payload,
  })
const batch = (count: number, more: object = {}) => ({
  batch: Array.from({ length: count }, (_, i) => ({ type: "track", userId: `u${i}`, event: "Seen" })),
  ...more,
})

it("tells a workspace that sends too much when to come again", async () => {
  expect((await send("/v1/batch", batch(30))).statusCode).toBe(200)
  const answer = await send("/v1/batch", batch(1))
  expect(answer.statusCode).toBe(429)
  expect(answer.headers["content-type"]).toContain("application/problem+json")
  expect(Number(answer.headers["retry-after"])).toBeGreaterThanOrEqual(3)
  expect(Number(answer.headers["retry-after"])).toBeLessThanOrEqual(5)
})

it("refuses a mode that is none, of an event and of a batch", async () => {
  const workspace = await server.services.workspaces.ensureDefault()
  const other = await server.services.workspaces.createBeside(workspace, {
    name: "Other",
    zone: "UTC",
    language: "en",
    sandbox: false,
  })
  const { key } = await server.services.keys.create(other, "write", "Door")
  const event = { type: "track", userId: "u", event: "Seen" }
  const mixed = await send("/v1/batch", { batch: [{ ...event, mode: "later" }, event] }, key)
  expect(mixed.json()).toMatchObject({ accepted: 1, rejected: [{ index: 0, field: "mode" }] })
  expect((await send("/v1/batch", { batch: [event], mode: "later" }, key)).statusCode).toBe(400)
})
