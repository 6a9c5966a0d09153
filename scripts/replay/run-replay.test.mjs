import { once } from "node:events"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { createServer } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeEach, expect, test } from "vitest"
import { runReplay } from "./run-replay.mjs"

/** A server that keeps what it was told and answers as the HTTP API says; `answers` overrides single answers. */
const calls = []
let answers = []
const server = createServer(async (request, response) => {
  let text = ""
  for await (const chunk of request) text += chunk
  const call = {
    path: `${request.method} ${request.url}`,
    key: request.headers.authorization,
    body: JSON.parse(text || "null"),
  }
  calls.push(call)
  const index = answers.findIndex(answer => call.path.endsWith(answer.path))
  const {
    status = 200,
    headers = {},
    body,
  } = index === -1 ? { body: ordinary(call) } : answers.splice(index, 1)[0]
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body))
})

function ordinary({ path, body }) {
  if (path.endsWith("/workspaces")) return { id: "w", apiKey: "api", writeKey: "write" }
  if (path.endsWith("/batch"))
    return { success: true, accepted: body.batch.length, duplicates: 0, rejected: [] }
  if (path.endsWith("/stats")) return { journey: "post-purchase" }
  return {}
}

const folder = mkdtempSync(join(tmpdir(), "viaggio-replay-test-"))
const file = join(folder, "shop.csv")
writeFileSync(
  file,
  `InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
1,X,A,1,2011-06-01 10:00:00,2.50,7,France
2,X,A,1,2011-06-01 10:00:00,2.50,,France
C3,X,A,-1,2011-06-02 10:00:00,2.50,7,France
4,X,LOST,-1,2011-06-02 11:00:00,0,,France
`,
)
await once(server.listen(0, "127.0.0.1"), "listening")
const url = `http://127.0.0.1:${server.address().port}/`
const run = () => runReplay({ file, url, key: "admin", journey: { key: "post-purchase" } })

beforeEach(() => {
  calls.length = 0
  answers = []
})
afterAll(() => {
  server.close()
  rmSync(folder, { recursive: true })
})

const basic = `Basic ${Buffer.from("write:").toString("base64")}`

test("opens a sandbox, publishes, then moves the clock before it sends what happened", async () => {
  const { report, stats } = await run()
  expect(calls.map(({ path, key }) => [path, key])).toEqual([
    ["POST /api/v1/workspaces", "Bearer admin"],
    ["PUT /api/v1/journeys/post-purchase", "Bearer api"],
    ["POST /api/v1/journeys/post-purchase/publish", "Bearer api"],
    ["POST /api/v1/clock/advance", "Bearer api"],
    ["POST /v1/batch", basic],
    ["POST /api/v1/clock/advance", "Bearer api"],
    ["POST /v1/batch", basic],
    ["POST /api/v1/clock/advance", "Bearer api"],
    ["POST /api/v1/clock/advance", "Bearer api"],
    ["GET /api/v1/journeys/post-purchase/stats", "Bearer api"],
  ])
  expect(calls[0].body).toMatchObject({ sandbox: true, startAt: "2011-06-01T08:59:00.000Z" })
  const moves = calls.filter(({ path }) => path.endsWith("advance")).map(({ body }) => body.to)
  const midnight = "2011-06-03T00:00:00.000Z"
  expect(moves).toEqual([
    "2011-06-01T09:00:00.000Z",
    "2011-06-02T09:00:00.000Z",
    "2011-06-02T10:00:00.000Z",
    midnight,
  ])
  expect(calls[4].body.batch.map(({ messageId }) => messageId)).toEqual(["identify:7", "order:1", "order:2"])
  expect(report).toMatchObject({
    invoices: 4,
    accepted: 4,
    sent: { identify: 1, "Order Completed": 2, "Order Refunded": 1 },
  })
  expect(Object.values(report.skipped)).toEqual([1])
  expect(stats).toEqual({ journey: "post-purchase" })
})

test("calls again while the clock is not done and when the server is busy", async () => {
  answers = [
    { path: "/clock/advance", body: { done: false } },
    { path: "/v1/batch", status: 503, headers: { "retry-after": "0.01" }, body: {} },
  ]
  const { report } = await run()
  expect(calls.filter(({ path }) => path.endsWith("advance"))).toHaveLength(5)
  expect(calls.filter(({ path }) => path.endsWith("batch"))).toHaveLength(3)
  expect(report.accepted).toBe(4)
})

test("names each event that the door rejected", async () => {
  const rejected = [{ index: 1, field: "event", text: "is missing" }]
  answers = [{ path: "/v1/batch", body: { success: true, accepted: 2, duplicates: 0, rejected } }]
  const { report } = await run()
  expect(report.rejected).toEqual([{ messageId: "order:1", index: 1, field: "event", text: "is missing" }])
})

test("stops with what the server said when it refuses", async () => {
  answers = [{ path: "/publish", status: 422, body: { detail: "no sender" } }]
  await expect(run()).rejects.toThrow(/publish answered 422: .*no sender/)
})
