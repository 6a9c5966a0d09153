import { afterAll, beforeAll, expect, test } from "vitest"
import { createTestServer, signUpOwner, type TestServer } from "../../testing/server.ts"
import { appRouter } from "./router.ts"
import { Caller } from "./trpc.ts"

type Definition = { type: "query" | "mutation" | "subscription"; meta?: { caller: Caller } }
const procedures = Object.entries(appRouter._def.procedures).map(([path, procedure]) => {
  const { type, meta } = (procedure as unknown as { _def: Definition })._def
  return { path, type, caller: meta?.caller }
})

let server: TestServer
let cookie: string
let otherWorkspace: string

beforeAll(async () => {
  server = await createTestServer()
  cookie = (await signUpOwner(server)).cookie
  const draft = { name: "Other", zone: "UTC", language: "en", sandbox: false }
  // Made beside a workspace that has no members, so nobody belongs to it.
  const nobodys = { ...(await server.services.workspaces.ensureDefault()), id: 0 }
  otherWorkspace = (await server.services.workspaces.createBeside(nobodys, draft)).publicId
})
afterAll(() => server.stop())

function call(path: string, type: string, headers: Record<string, string>) {
  return server.app.inject({
    method: type === "query" ? "GET" : "POST",
    url: `/api/trpc/${path}`,
    headers,
    ...(type === "query" ? {} : { payload: {} }),
  })
}

test("every procedure names who may call it", () => {
  expect(procedures.length).toBeGreaterThan(25)
  expect(procedures.filter(({ caller }) => caller === undefined)).toEqual([])
})

test("only these are for anybody", () => {
  const open = procedures.filter(({ caller }) => caller === Caller.anyone).map(({ path }) => path)
  expect(open.sort()).toEqual(["session.get", "setup.complete"])
})

test.each(procedures.filter(({ caller }) => caller !== Caller.anyone))(
  "$path refuses nobody",
  async ({ path, type }) => {
    expect((await call(path, type, { "x-workspace": otherWorkspace })).statusCode).toBe(401)
  },
)

test.each(procedures.filter(({ caller }) => caller === Caller.member))(
  "$path refuses people of another workspace, and a header that is missing",
  async ({ path, type }) => {
    expect((await call(path, type, { cookie, "x-workspace": otherWorkspace })).statusCode).toBe(403)
    expect((await call(path, type, { cookie })).statusCode).toBe(403)
  },
)

test("a foreign page's call is refused before anything else", async () => {
  const answer = await call("journeys.create", "mutation", { cookie, origin: "https://evil.example" })
  expect(answer.statusCode).toBe(403)
  expect(answer.json()).toMatchObject({ detail: "This call came from the page of another site." })
})

test("live counts refuse nobody and another workspace", async () => {
  const ask = (headers: Record<string, string>) =>
    server.app.inject({ url: `/api/live/journeys/welcome?workspace=${otherWorkspace}`, headers })
  expect((await ask({})).statusCode).toBe(401)
  expect((await ask({ cookie })).statusCode).toBe(403)
})
