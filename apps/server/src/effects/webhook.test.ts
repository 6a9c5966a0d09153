import { createHmac } from "node:crypto"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { type ClaimedRow, ErrorClass, type SendContext, type SendResult } from "./handler.ts"
import { createHttpCaller, type HttpCaller, type Resolve } from "./http-call.ts"
import { isPrivateAddress } from "./private-address.ts"
import { toSecret } from "./standard-webhooks.ts"
import { createWebhookHandler } from "./webhook.ts"

type Seen = { method: string; url: string; headers: IncomingMessage["headers"]; body: string }

/** A service on the web that does as it is told: what it answers by the first part of the path. */
const answers: { [path: string]: (seen: Seen, answer: ServerResponse) => void } = {
  "/ok": (_, answer) => json(answer, 201, { lead: { id: "l-7" } }),
  "/ok-once": (_, answer) => answer.writeHead(200, { connection: "close" }).end("{}"),
  "/empty": (_, answer) => answer.writeHead(204).end(),
  "/text": (_, answer) => answer.writeHead(200, { "content-type": "text/html" }).end("<p>hello"),
  "/huge": (_, answer) => answer.writeHead(200).end(`{"lead":{"id":"${"x".repeat(300_000)}"}}`),
  "/endless": (_, answer) => {
    const more = () => void (answer.destroyed || answer.write("x".repeat(65_536), () => setImmediate(more)))
    answer.writeHead(200)
    more()
  },
  "/bad": (_, answer) => json(answer, 422, { why: "no" }),
  "/broken": (_, answer) => json(answer, 500, {}),
  "/busy": (_, answer) => answer.writeHead(429, { "retry-after": "7" }).end(),
  "/busy-until": (_, answer) =>
    answer.writeHead(503, { "retry-after": new Date(now + 90_000).toUTCString() }).end(),
  "/hang": () => {},
  "/slow-body": (_, answer) => void answer.writeHead(200).write("{"),
  "/cut": (_, answer) => {
    answer.writeHead(200, { "content-length": "100" }).write("{")
    setImmediate(() => answer.destroy())
  },
  "/loop": (_, answer) => answer.writeHead(307, { location: "/loop" }).end(),
  "/kept": (_, answer) => answer.writeHead(307, { location: "/ok" }).end(),
  "/other": (_, answer) => answer.writeHead(302, { location: "/ok" }).end(),
  "/away": (_, answer) => answer.writeHead(308, { location: `http://other.example:${port}/ok` }).end(),
  "/to-metadata": (_, answer) =>
    answer.writeHead(302, { location: "http://169.254.169.254/latest/meta-data" }).end(),
  "/to-mapped": (_, answer) => answer.writeHead(302, { location: "http://[::ffff:10.0.0.1]/" }).end(),
  "/to-inside": (_, answer) => answer.writeHead(302, { location: `http://inside.example:${port}/ok` }).end(),
  "/to-file": (_, answer) => answer.writeHead(302, { location: "file:///etc/passwd" }).end(),
}
const json = (answer: ServerResponse, status: number, body: unknown) =>
  answer.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body))

const now = Date.parse("2026-11-21T10:00:00.000Z")
const secrets = [toSecret(new Uint8Array(24).fill(1)), toSecret(new Uint8Array(24).fill(2))]
const seen: Seen[] = []
let port = 0
const server = createServer((request, answer) => {
  let body = ""
  request.on("data", part => {
    body += part
  })
  request.on("end", () => {
    const one = { method: request.method ?? "", url: request.url ?? "", headers: request.headers, body }
    seen.push(one)
    const found = answers[one.url]
    if (found) found(one, answer)
    else answer.writeHead(404).end()
  })
})

/** Tests own no public address, so where they need one it is this machine's. */
const isInside = (address: string) => address !== "127.0.0.1" && isPrivateAddress(address)
const here = new Set(["crm.example", "other.example"])
const resolve: Resolve = async host => {
  if (here.has(host)) return [{ address: "127.0.0.1", family: 4 }]
  if (host === "inside.example") return [{ address: "10.0.0.5", family: 4 }]
  if (host === "mixed.example")
    return [
      { address: "93.184.216.34", family: 4 },
      { address: "::ffff:192.168.0.1", family: 6 },
    ]
  throw Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: "ENOTFOUND" })
}

let open: HttpCaller
let guarded: HttpCaller
beforeAll(async () => {
  await new Promise<void>(done => server.listen(0, "127.0.0.1", done))
  port = (server.address() as AddressInfo).port
  open = createHttpCaller({ allowPrivate: true, resolve })
  guarded = createHttpCaller({ allowPrivate: false, resolve })
})
afterEach(() => {
  seen.length = 0
})
afterAll(() => {
  open.close()
  guarded.close()
  server.closeAllConnections()
  server.close()
})

const rowOf = (url: string, more: object = {}): ClaimedRow => ({
  bucket: 1,
  id: "0190aaaa-bbbb-7ccc-8ddd-eeeeffff0000",
  workspace_id: 1,
  version_id: 1,
  node: 1,
  profile_id: "p",
  channel: 1,
  attempts: 1,
  recipient: url,
  frozen: {
    request: {
      method: "POST",
      url,
      headers: { "x-source": "viaggio", authorization: "Bearer t" },
      body: { n: 42 },
    },
    timeoutMs: 400,
    attempts: 5,
    save: [{ from: "/lead/id", to: "lead_id" }],
    ...more,
  },
  queued_at: now,
})

const contextOf = (sandbox = false): SendContext => ({
  workspace: { id: 1, sandbox, name: "Shop", settings: {} },
  published: undefined,
  deadline: 10_000,
})

const send = (
  path: string,
  { caller = open, host = "crm.example", context = contextOf(), frozen = {} } = {},
) =>
  createWebhookHandler({
    ports: { now: () => now, monotonicMs: () => 0 },
    caller,
    secretsOf: async () => secrets,
  }).send(rowOf(`http://${host}:${port}${path}`, frozen), context)

describe("a call", () => {
  it("is signed as Standard Webhooks says, with both secrets while one is being changed", async () => {
    expect(await send("/ok")).toEqual({ kind: "sent", answer: { status: 201, values: { lead_id: "l-7" } } })
    const { headers, body, method } = seen[0]!
    expect({ method, body, source: headers["x-source"], type: headers["content-type"] }).toEqual({
      method: "POST",
      body: '{"n":42}',
      source: "viaggio",
      type: "application/json",
    })
    const id = "0190aaaabbbb7ccc8dddeeeeffff0000"
    expect(headers["webhook-id"]).toBe(id)
    expect(headers["webhook-timestamp"]).toBe(String(now / 1_000))
    const expected = secrets.map(secret => {
      const key = Buffer.from(secret.slice("whsec_".length), "base64")
      return `v1,${createHmac("sha256", key)
        .update(`${id}.${now / 1_000}.${body}`)
        .digest("base64")}`
    })
    expect(headers["webhook-signature"]).toBe(expected.join(" "))
  })
  it("without a body signs the empty text", async () => {
    const url = `http://crm.example:${port}/ok`
    await send("/ok", { frozen: { request: { method: "GET", url, headers: {} } } })
    const { headers } = seen[0]!
    const key = Buffer.from(secrets[0]!.slice("whsec_".length), "base64")
    const text = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.`
    const expected = createHmac("sha256", key).update(text).digest("base64")
    expect(String(headers["webhook-signature"]).split(" ")[0]).toBe(`v1,${expected}`)
    expect(headers["content-type"]).toBeUndefined()
  })
})

const table: [name: string, path: string, expected: Partial<SendResult>][] = [
  ["no body in the answer", "/empty", { kind: "sent", answer: { status: 204, values: {} } }],
  ["an answer that is not JSON", "/text", { kind: "sent", answer: { status: 200, values: {} } }],
  ["an answer of more than 256 kB", "/huge", { kind: "sent", answer: { status: 200, values: {} } }],
  ["an answer that never ends", "/endless", { kind: "sent", answer: { status: 200, values: {} } }],
  ["a refusal", "/bad", { kind: "refused", answer: { status: 422 }, class: ErrorClass.permanent }],
  ["nobody there", "/nothing", { kind: "refused", answer: { status: 404 } }],
  ["a fault of the service", "/broken", { kind: "later", overload: true, answer: { status: 500 } }],
  ["too many calls", "/busy", { kind: "later", overload: true, retryAfterMs: 7_000 }],
  ["busy until an instant", "/busy-until", { kind: "later", retryAfterMs: 90_000 }],
  ["no answer in time", "/hang", { kind: "later", class: ErrorClass.timeout, overload: true }],
  ["half an answer in time", "/slow-body", { kind: "later", class: ErrorClass.timeout }],
  ["an answer that breaks off", "/cut", { kind: "later", class: ErrorClass.network }],
  ["redirects without an end", "/loop", { kind: "refused", class: ErrorClass.permanent }],
  ["a redirect to a file", "/to-file", { kind: "refused", class: ErrorClass.permanent }],
]
describe("what a service does with it", () => {
  it.each(table)("%s", async (_, path, expected) => {
    expect(await send(path)).toMatchObject(expected)
  })
  it("is followed at most three times", async () => {
    await send("/loop")
    expect(seen.length).toBe(4)
  })
  it("a name that is not known, or a port where nobody listens, is worth another try", async () => {
    expect(await send("/ok", { host: "nowhere.example" })).toMatchObject({
      kind: "later",
      class: ErrorClass.network,
    })
    const closed = rowOf("http://crm.example:1/ok")
    const handler = createWebhookHandler({
      ports: { now: () => now, monotonicMs: () => 0 },
      caller: open,
      secretsOf: async () => secrets,
    })
    expect(await handler.send(closed, contextOf())).toMatchObject({
      kind: "later",
      class: ErrorClass.network,
    })
  })
})

describe("a redirect", () => {
  it("by 307 asks the same again", async () => {
    expect(await send("/kept")).toMatchObject({ kind: "sent" })
    expect(seen.map(({ method, url, body }) => [method, url, body])).toEqual([
      ["POST", "/kept", '{"n":42}'],
      ["POST", "/ok", '{"n":42}'],
    ])
  })
  it("by 302 becomes a GET, as everywhere", async () => {
    expect(await send("/other")).toMatchObject({ kind: "sent" })
    expect(seen.map(({ method, body }) => [method, body])).toEqual([
      ["POST", '{"n":42}'],
      ["GET", ""],
    ])
  })
  it("to another host takes no headers of the author's along", async () => {
    expect(await send("/away")).toMatchObject({ kind: "sent" })
    const [first, second] = seen
    expect(first?.headers.authorization).toBe("Bearer t")
    expect(second?.headers).toMatchObject({ host: `other.example:${port}`, "webhook-id": expect.any(String) })
    expect(second?.headers.authorization).toBeUndefined()
    expect(second?.headers["x-source"]).toBeUndefined()
  })
})

describe("addresses inside the network", () => {
  const refused = { kind: "refused", class: ErrorClass.permanent }
  it.each(["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "017700000001"])(
    "are refused as they are written: %s",
    async host => {
      expect(await send("/ok", { caller: guarded, host })).toMatchObject(refused)
      expect(seen).toEqual([])
    },
  )
  it.each(["crm.example", "inside.example", "mixed.example"])("are refused behind a name: %s", async host => {
    expect(await send("/ok", { caller: guarded, host })).toMatchObject(refused)
    expect(seen).toEqual([])
  })
  it.each(["/to-metadata", "/to-mapped", "/to-inside"])("are refused after a redirect: %s", async path => {
    const caller = createHttpCaller({ allowPrivate: false, resolve, isInside })
    expect(await send(path, { caller })).toMatchObject(refused)
    expect(seen.length).toBe(1)
    caller.close()
  })
  it("are refused when a name leads elsewhere the next time it is asked", async () => {
    const leadsTo = ["127.0.0.1", "10.0.0.5"]
    let asked = 0
    const caller = createHttpCaller({
      allowPrivate: false,
      isInside,
      resolve: async () => [{ address: leadsTo[asked++] ?? "10.0.0.5", family: 4 }],
    })
    // Looked up once, and what was looked at is what the socket goes to.
    expect(await send("/ok-once", { caller })).toMatchObject({ kind: "sent" })
    expect(asked).toBe(1)
    expect(await send("/ok-once", { caller })).toMatchObject(refused)
    expect(seen.length).toBe(1)
    caller.close()
  })
  it("are called when the operator allows it", async () => {
    expect(await send("/ok", { host: "127.0.0.1" })).toMatchObject({ kind: "sent" })
  })
})

describe("in a sandbox", () => {
  it("nothing is called: the stub answers", async () => {
    expect(await send("/ok", { context: contextOf(true) })).toEqual({
      kind: "sent",
      answer: { status: 200, values: {} },
    })
    expect(seen).toEqual([])
  })
})

it("is not tried without time left", async () => {
  expect(await send("/ok", { context: { ...contextOf(), deadline: -1 } })).toEqual({ kind: "not tried" })
  expect(seen).toEqual([])
})
