import { afterAll, beforeAll, expect, it } from "vitest"
import { welcome } from "../../testing/journeys.ts"
import { createTestServer, type TestServer } from "../../testing/server.ts"
import type { MessageItem } from "../answers.ts"
import type { Workspace } from "../workspaces/workspace.ts"
import { createMessageLinks } from "./links.ts"
import { noteHits } from "./tracking-store.ts"

let server: TestServer
let workspace: Workspace
let message: MessageItem
let token: (kind: "open" | "click", target?: string) => string
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
  message = (await services.messages.list(workspace, {})).items[0]!
  const unsubscribe = /unsubscribe\/(\d+)\./.exec(message.html)!
  const place = { bucket: Number(unsubscribe[1]), id: message.id }
  const links = createMessageLinks("", await linkSecret())
  token = (kind, target = "") => (kind === "open" ? links.open(place) : links.click(place, target))
})
afterAll(async () => {
  await server.engine.stop()
  await server.stop()
})

const linkSecret = async (): Promise<string> => {
  const [row] = await server.database.engine.execute<{ secret: string }>(
    "SELECT hash_secret AS secret FROM installation",
  )
  return row!.secret
}
const ask = (url: string, method: "GET" | "HEAD" = "GET") => server.app.inject({ method, url })

it("hands out the image, and the way on however long it is", async () => {
  const image = await ask(token("open"))
  expect(image.headers["content-type"]).toBe("image/gif")
  const target = `https://shop.example/?${"a".repeat(500)}`
  const head = await ask(token("click", "https://shop.example/checked"), "HEAD")
  expect([head.statusCode, head.headers.location]).toEqual([302, "https://shop.example/checked"])
  const answer = await ask(token("click", target))
  expect([answer.statusCode, answer.headers.location]).toEqual([302, target])
  expect(answer.headers["cache-control"]).toBe("no-store")
  const { openedAt, clickedAt } = await server.services.messages.get(workspace, message.id)
  expect([typeof openedAt, typeof clickedAt]).toEqual(["string", "string"])
  await server.services.clock.advance(workspace, startAt + 2_000)
  const { items } = await server.services.profiles.timeline(workspace, "eve", {})
  const clicks = items.filter(item => item.kind === "event" && item.name === "Email Clicked")
  expect(clicks).toMatchObject([{ properties: { link: target } }])
})

it("leads nowhere by a link of somebody else", async () => {
  const bent = token("click", "https://shop.example/").replace(/.$/, last => (last === "A" ? "Q" : "A"))
  expect((await ask(bent)).statusCode).toBe(404)
  expect((await ask("/t/c/")).statusCode).toBe(404)
  expect((await ask("/t/o/nonsense")).statusCode).toBe(404)
})

it("notes each thing once, whoever is first", async () => {
  const [, bucket] = /unsubscribe\/(\d+)\./.exec(message.html)!
  const hit = {
    buckets: [Number(bucket)],
    ids: [message.id],
    bounced: [0],
    opened: [0],
    clicked: [0],
    unsubscribed: [1],
  }
  const all = await Promise.all(Array.from({ length: 4 }, () => noteHits(server.database.engine, hit)))
  expect(all.flat()).toHaveLength(1)
  const counts = await server.services.stats.journey(workspace, welcome.key, "all")
  expect(counts.nodes.welcome!.messages).toMatchObject({ unsubscribed: 1 })
})
