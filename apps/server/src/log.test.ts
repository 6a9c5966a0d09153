import { Writable } from "node:stream"
import { sql } from "drizzle-orm"
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest"
import { createTestServer, signUpOwner, type TestServer, workspaceOf } from "../testing/server.ts"
import { createLog } from "./log.ts"
import type { Workspace } from "./workspaces/workspace.ts"

type Line = Record<string, unknown> & { msg: string }

const secret = "anna.rossi@example.com"
let server: TestServer
let workspace: Workspace
let cookie: string
let lines: Line[] = []
const to = new Writable({
  write(chunk: Buffer, _encoding, done) {
    lines.push(
      ...chunk
        .toString()
        .split("\n")
        .filter(Boolean)
        .map(text => JSON.parse(text) as Line),
    )
    done()
  },
})
beforeAll(async () => {
  server = await createTestServer({ log: createLog("debug", to) })
  const owner = await signUpOwner(server)
  cookie = owner.cookie
  workspace = await workspaceOf(server, owner.workspaceId)
})
beforeEach(() => {
  lines = []
})
afterAll(async () => {
  await server.engine.stop()
  await server.stop()
})

const all = () => JSON.stringify(lines)

test("a request keeps the name that it brings, in its answer and in every line about it", async () => {
  const { headers } = await server.app.inject({ url: "/healthz", headers: { "x-request-id": "shop-42" } })
  expect(headers["x-request-id"]).toBe("shop-42")
  expect(lines.length).toBeGreaterThan(0)
  for (const line of lines) expect(line.request).toBe("shop-42")
  const unnamed = await server.app.inject({ url: "/healthz", headers: { "x-request-id": "a b\u00e9" } })
  expect(unnamed.headers["x-request-id"]).toMatch(/^[0-9a-f-]{36}$/)
})

test("requests are told by route: no address, no query, no header", async () => {
  await server.app.inject({
    url: `/api/v1/profiles/${encodeURIComponent(secret)}?email=${secret}`,
    headers: { authorization: `Bearer ${secret}`, cookie },
  })
  expect(lines.map(line => line.req)).toContainEqual({ method: "GET", route: "/api/v1/profiles/:userId" })
  expect(all()).not.toContain("anna")
  expect(all()).not.toContain(cookie.split("=")[1])
})

test("an error of the database is told by its statement and code, without the values", () => {
  const log = createLog("info", to)
  const inner = Object.assign(new Error(`duplicate key value violates unique constraint "users_email"`), {
    code: "23505",
    detail: `Key (email)=(${secret}) already exists.`,
    constraint_name: "users_email",
    parameters: [secret],
  })
  const outer = new Error(`Failed query: insert into users\n  (email) values ($1)\nparams: ${secret}`, {
    cause: inner,
  })
  log.error({ err: outer, bucket: 7 }, "a batch failed")
  expect(lines[0]).toMatchObject({
    msg: "a batch failed",
    bucket: 7,
    err: {
      type: "Error",
      message: "Failed query: insert into users (email) values ($1)",
      code: "23505",
      cause: { code: "23505", constraint: "users_email" },
    },
  })
  expect((lines[0]!.err as { stack: string }).stack).toMatch(/^at /)
  expect(all()).not.toContain("anna")
})

test("a customer who is set aside is named by id, with workspace, bucket and version; their data is not", async () => {
  await server.engine.start()
  const { key } = await server.services.keys.create(workspace, "write", "Shop")
  const answer = await server.app.inject({
    method: "POST",
    url: "/v1/batch",
    headers: { authorization: `Basic ${Buffer.from(`${key}:`).toString("base64")}` },
    payload: { batch: [{ type: "identify", userId: secret, traits: { email: secret, name: "Anna Rossi" } }] },
  })
  expect(answer.json()).toMatchObject({ accepted: 1 })
  await vi.waitFor(() => expect(lines.some(line => line.msg === "worked")).toBe(true), 10_000)
  const worked = lines.find(line => line.msg === "worked")!
  expect(worked).toMatchObject({ level: 20, events: 1, bucket: expect.any(Number), ms: expect.any(Number) })
  // Whatever breaks at the next event of this customer breaks on what the customer is.
  await server.database.engine.execute(sql`
    create function refuse() returns trigger language plpgsql as
    $$ begin raise exception 'invalid value "%"', new.attributes using errcode = '22023'; end $$`)
  await server.database.engine.execute(
    sql`create trigger refuse before insert or update on profiles for each row execute function refuse()`,
  )
  await server.app.inject({
    method: "POST",
    url: "/v1/batch",
    headers: { authorization: `Basic ${Buffer.from(`${key}:`).toString("base64")}` },
    payload: { batch: [{ type: "identify", userId: secret, traits: { city: "Sesto" } }] },
  })
  await vi.waitFor(
    () => expect(lines.some(line => line.msg === "a customer was set aside")).toBe(true),
    10_000,
  )
  const aside = lines.find(line => line.msg === "a customer was set aside")!
  expect(aside).toMatchObject({
    level: 40,
    workspace: workspace.id,
    bucket: expect.any(Number),
    profile: expect.stringMatching(/^[0-9a-f-]{36}$/),
    versions: [],
    error: expect.stringContaining("invalid value …"),
  })
  for (const word of ["anna", "Anna", "Rossi", "Sesto", key]) expect(all()).not.toContain(word)
})

test("below the chosen level nothing is written", () => {
  const log = createLog("error", to)
  log.warn("not this")
  log.error("this")
  expect(lines.map(line => line.msg)).toEqual(["this"])
})
