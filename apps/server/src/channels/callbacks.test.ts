import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { welcome } from "../../testing/journeys.ts"
import { createTestServer, type TestServer } from "../../testing/server.ts"
import { signatureHeaders } from "../effects/standard-webhooks.ts"
import type { Workspace } from "../workspaces/workspace.ts"

let server: TestServer
let workspace: Workspace
let messageId: string
const startAt = Date.UTC(2026, 0, 1)

beforeAll(async () => {
  server = await createTestServer()
  await server.engine.start()
  const { services, engine } = server
  const draft = { name: "Shop", zone: "UTC", language: "en", sandbox: true, startAt }
  workspace = await services.workspaces.createBeside({ id: 0 } as Workspace, draft)
  await services.journeys.save(workspace, welcome.key, welcome, { create: true })
  await services.journeys.publish(workspace, welcome.key, {})
  engine.redefined()
  const write = await services.keys.create(workspace, "write", "Shop")
  await server.app.inject({
    method: "POST",
    url: "/v1/batch",
    headers: { authorization: `Basic ${Buffer.from(`${write.key}:`).toString("base64")}` },
    payload: {
      batch: [
        { type: "identify", userId: "eve", messageId: "i", traits: { email: "eve@example.com" } },
        { type: "track", userId: "eve", messageId: "t", event: "Account Created" },
      ],
    },
  })
  await services.clock.advance(workspace, startAt + 1_000)
  messageId = `<${(await services.messages.list(workspace, {})).items[0]!.id}@shop.example>`
})
afterAll(async () => {
  await server.engine.stop()
  await server.stop()
})

const post = (body: string, options: { secret?: string; at?: number; to?: string; svix?: boolean } = {}) => {
  const own = server.services.callbacks.show(workspace)
  const { secret = own.secret, at = server.ports.now(), to = new URL(own.url).pathname } = options
  const signed = signatureHeaders([secret], { id: "msg_1", at, body })
  const headers = options.svix
    ? Object.fromEntries(
        Object.entries(signed).map(([name, value]) => [name.replace("webhook", "svix"), value]),
      )
    : signed
  return server.app.inject({
    method: "POST",
    url: to,
    headers: { "content-type": "application/json", ...headers },
    payload: body,
  })
}

describe("a mail provider's callback", () => {
  it("is refused without a fresh signature of this workspace", async () => {
    const body = JSON.stringify({ messageId, kind: "bounced" })
    const other = await server.services.workspaces.createBeside(workspace, {
      name: "Other",
      zone: "UTC",
      language: "en",
      sandbox: false,
    })
    const { secret } = server.services.callbacks.show(other)
    const now = server.ports.now()
    const answers = await Promise.all([
      post(body, { secret }),
      post(body, { at: now - 6 * 60_000 }),
      post(body, { at: now + 6 * 60_000 }),
      post(body, { to: "/callbacks/mail/0199aa00-0000-7000-8000-000000000000" }),
      post(body, { to: "/callbacks/mail/nonsense" }),
    ])
    expect(answers.map(answer => answer.statusCode)).toEqual([401, 401, 401, 401, 401])
    expect(await server.services.messages.list(workspace, {})).not.toMatchObject({
      items: [{ bouncedAt: expect.anything() }],
    })
  })

  it("is told what it should look like", async () => {
    for (const body of ["not json", '{"kind":"opened"}', '[{"kind":"bounced"}]'])
      expect((await post(body)).statusCode).toBe(400)
  })

  it("is noted, one or many, whatever else it names", async () => {
    const unknown = { messageId: "<0199aa00-0000-7000-8000-000000000000@shop.example>", kind: "bounced" }
    const bounced = { messageId, kind: "bounced", permanent: true, error: "mailbox gone" }
    expect((await post(JSON.stringify([unknown, bounced]), { svix: true })).statusCode).toBe(204)
    expect((await post(JSON.stringify({ messageId, kind: "complained" }))).statusCode).toBe(204)
    const { items } = await server.services.suppressions.list(workspace, {})
    expect(items.map(item => [item.address, item.reason]).sort()).toEqual([
      ["eve@example.com", "bounced"],
      ["eve@example.com", "complained"],
    ])
    expect((await server.services.messages.list(workspace, {})).items).toMatchObject([
      { bouncedAt: expect.any(String), unsubscribedAt: expect.any(String) },
    ])
  })
})
