import { sql } from "drizzle-orm"
import { afterEach, beforeEach, expect, test } from "vitest"
import { createTestServer, signIn, signUpOwner, type TestServer } from "../../testing/server.ts"

let server: TestServer
beforeEach(async () => {
  server = await createTestServer()
})
afterEach(() => server.stop())

const details = (token: string) => ({
  token,
  name: "Ann",
  email: "ann@example.com",
  password: "a long password",
  workspace: { name: "Shop", zone: "Europe/Rome", language: "it" },
})

async function session(
  cookie: string,
): Promise<{ user: unknown; setUp: boolean; workspaces: { name: string }[] }> {
  const answer = await server.app.inject({ url: "/api/trpc/session.get", headers: { cookie } })
  return answer.json().result.data
}

test("the set-up makes an owner who can sign in, and names the workspace of the administrator's key", async () => {
  const { cookie, workspaceId } = await signUpOwner(server)
  const found = await session(cookie)
  expect(found).toMatchObject({ user: { name: "Ann", email: "ann@example.com" }, setUp: true })
  expect(found.workspaces).toEqual([
    { id: workspaceId, name: "Shop", zone: "Europe/Rome", language: "en", sandbox: false, role: "owner" },
  ])
})

test("a set-up link works once, also for two people at the same time", async () => {
  const token = (await server.services.setUp.issueToken())!
  const results = await Promise.allSettled([
    server.services.setUp.complete(details(token)),
    server.services.setUp.complete(details(token)),
  ])
  expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"])
  expect(await server.services.setUp.issueToken()).toBeUndefined()
})

test("a newer link ends the older one, and a wrong one is nothing", async () => {
  const older = (await server.services.setUp.issueToken())!
  await server.services.setUp.issueToken()
  await expect(server.services.setUp.complete(details(older))).rejects.toMatchObject({ kind: "forbidden" })
  await expect(server.services.setUp.complete(details("guess"))).rejects.toMatchObject({ kind: "forbidden" })
})

test("the session's cookie cannot be read by scripts or sent by foreign pages", async () => {
  await signUpOwner(server)
  const payload = { email: "ann@example.com", password: "a long password" }
  const answer = await server.app.inject({ method: "POST", url: "/api/auth/sign-in/email", payload })
  expect(answer.cookies).toMatchObject([
    { name: "viaggio.session_token", httpOnly: true, sameSite: "Lax", path: "/" },
  ])
})

test("wrong words, foreign origins and signing up are refused", async () => {
  await signUpOwner(server)
  const ask = (url: string, payload: object, headers = {}) =>
    server.app.inject({ method: "POST", url: `/api/auth/${url}`, payload, headers })
  const right = { email: "ann@example.com", password: "a long password" }
  expect((await ask("sign-in/email", { ...right, password: "a wrong password" })).statusCode).toBe(401)
  const eve = { ...right, name: "Eve", email: "eve@example.com" }
  expect((await ask("sign-up/email", eve)).statusCode).toBe(404)
  const foreign = { origin: "https://evil.example", cookie: "viaggio.session_token=x" }
  expect((await ask("sign-in/email", right, foreign)).statusCode).toBe(403)
})

test("signing out ends the session on the server", async () => {
  const { cookie } = await signUpOwner(server)
  const headers = { cookie, origin: "http://localhost" }
  await server.app.inject({ method: "POST", url: "/api/auth/sign-out", payload: {}, headers })
  expect((await session(cookie)).user).toBeNull()
})

test("a password is kept as a hash only", async () => {
  await signUpOwner(server)
  const [row] = await server.database.engine.execute<{ password: string }>(sql`select password from accounts`)
  expect(row!.password).not.toContain("a long password")
  expect(await signIn(server, "ann@example.com", "a long password")).toContain("viaggio.session_token=")
})

test("behind https the cookie is Secure, and only https pages get it", async () => {
  const https = await createTestServer({ publicUrl: "https://journeys.example.com" })
  await signUpOwner(https).catch(() => {})
  const payload = { email: "ann@example.com", password: "a long password" }
  const answer = await https.app.inject({ method: "POST", url: "/api/auth/sign-in/email", payload })
  expect(answer.cookies).toMatchObject([
    { name: "__Secure-viaggio.session_token", httpOnly: true, secure: true, sameSite: "Lax" },
  ])
  expect(answer.headers["strict-transport-security"]).toContain("max-age")
  await https.stop()
})

test("a wrong set-up link is known before the form is sent", async () => {
  const check = async (token: string) => {
    const input = encodeURIComponent(JSON.stringify({ token }))
    return (await server.app.inject({ url: `/api/trpc/setup.check?input=${input}` })).json().result.data
  }
  const token = (await server.services.setUp.issueToken())!
  expect(await check("guess")).toEqual({ valid: false })
  expect(await check(token)).toEqual({ valid: true })
  await server.services.setUp.complete(details(token))
  expect(await check(token)).toEqual({ valid: false })
})
