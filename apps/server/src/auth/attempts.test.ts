import { sql } from "drizzle-orm"
import { afterEach, beforeEach, expect, test } from "vitest"
import {
  createTestServer,
  invite,
  signIn,
  signUpOwner,
  type TestServer,
  workspaceOf,
} from "../../testing/server.ts"
import { createAttempts } from "./attempts.ts"

let server: TestServer
let workspaceId: string
beforeEach(async () => {
  server = await createTestServer()
  workspaceId = (await signUpOwner(server)).workspaceId
})
afterEach(() => server.stop())

const attempt = (email: string, password: string, remoteAddress: string) =>
  server.app.inject({
    method: "POST",
    url: "/api/auth/sign-in/email",
    payload: { email, password },
    remoteAddress,
    // An address that the client claims for itself counts for nothing.
    headers: { "x-viaggio-address": "10.0.0.1" },
  })

/** As if that much time had gone by for all limits. */
const pass = (seconds: number) =>
  server.database.engine.execute(sql`
    update sign_in_limits set last_at = last_at - make_interval(secs => ${seconds}),
      open_at = open_at - make_interval(secs => ${seconds})`)

test("tries on one account are put off wherever they come from, with a wait that doubles", async () => {
  const waits: number[] = []
  for (let i = 0; i < 5; i++)
    expect((await attempt("ann@example.com", "a wrong password", `10.1.0.${i}`)).statusCode).toBe(401)
  for (let i = 0; i < 8; i++) {
    const answer = await attempt("Ann@Example.com ", "a long password", `10.2.0.${i}`)
    expect(answer.statusCode).toBe(429)
    const wait = Number(answer.headers["retry-after"])
    waits.push(wait)
    expect(answer.json()).toMatchObject({
      type: "/problems/too-many",
      detail: `Too many tries. Try again in ${wait} seconds.`,
    })
    await pass(wait)
    expect((await attempt("ann@example.com", "a wrong password", `10.3.0.${i}`)).statusCode).toBe(401)
  }
  expect(waits).toEqual([15, 30, 60, 120, 240, 480, 900, 900])
})

test("a right password starts anew, and a day of peace does", async () => {
  for (let i = 0; i < 4; i++) await attempt("ann@example.com", "a wrong password", "10.1.0.1")
  expect((await attempt("ann@example.com", "a long password", "10.1.0.1")).statusCode).toBe(200)
  for (let i = 0; i < 5; i++)
    expect((await attempt("ann@example.com", "a wrong password", "10.1.0.1")).statusCode).toBe(401)
  expect((await attempt("ann@example.com", "a long password", "10.1.0.1")).statusCode).toBe(429)
  await pass(2 * 86_400)
  for (let i = 0; i < 5; i++)
    expect((await attempt("ann@example.com", "a wrong password", "10.1.0.1")).statusCode).toBe(401)
})

test("an address that nobody has is put off the same way, so nothing is learned", async () => {
  const ask = async (email: string) => {
    const answers: unknown[] = []
    for (let i = 0; i < 7; i++) {
      const { statusCode, body } = await attempt(email, "a wrong password", `10.9.${email.length}.${i}`)
      answers.push([statusCode, body])
    }
    return answers
  }
  expect(await ask("nobody@example.com")).toEqual(await ask("ann@example.com"))
})

test("tries from one address are put off whatever the account, and other addresses are not", async () => {
  const statuses: number[] = []
  for (let i = 0; i < 32; i++)
    statuses.push((await attempt(`person${i}@example.com`, "a wrong password", "10.1.0.1")).statusCode)
  expect(statuses).toEqual([...Array(30).fill(401), 429, 429])
  expect((await attempt("ann@example.com", "a long password", "10.1.0.2")).statusCode).toBe(200)
})

test("tries at the same time over two processes get no more than tries in turn", async () => {
  const processes = [createAttempts(server.database.engine), createAttempts(server.database.engine)]
  const results = await Promise.allSettled(
    Array.from({ length: 40 }, (_, i) => processes[i % 2]!.begin("ann@example.com", `10.4.0.${i}`)),
  )
  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(5)
})

const call = (cookie: string, path: string, input?: object) =>
  server.app.inject({
    method: input === undefined ? "GET" : "POST",
    url: `/api/trpc/${path}`,
    headers: { cookie },
    ...(input === undefined ? {} : { payload: input }),
  })

test("a changed password ends every other session, and only the new one signs in", async () => {
  const here = await signIn(server, "ann@example.com", "a long password")
  const there = await signIn(server, "ann@example.com", "a long password")
  const change = (present: string) =>
    call(here, "account.changePassword", { present, next: "another long one" })
  const refused = await change("not the present one")
  expect([refused.statusCode, refused.json().error.data.problems[0].at]).toEqual([400, "/present"])
  expect((await change("a long password")).statusCode).toBe(200)
  expect((await call(here, "account.sessions")).json().result.data).toHaveLength(1)
  expect((await call(there, "account.sessions")).statusCode).toBe(401)
  expect((await attempt("ann@example.com", "a long password", "10.1.0.1")).statusCode).toBe(401)
  expect((await attempt("ann@example.com", "another long one", "10.1.0.1")).statusCode).toBe(200)
})

test("guessing the present password in an open session is put off as well, and says when to go on", async () => {
  const cookie = await signIn(server, "ann@example.com", "a long password")
  const guess = () =>
    call(cookie, "account.changePassword", { present: "a wrong password", next: "another long one" })
  for (let i = 0; i < 5; i++) expect((await guess()).statusCode).toBe(400)
  const late = await guess()
  expect([late.statusCode, late.headers["retry-after"]]).toEqual([429, "15"])
})

test("sessions are listed, ended one by one and all together, and are nobody else's", async () => {
  const cookies = [0, 1, 2].map(() => signIn(server, "ann@example.com", "a long password"))
  const [here, second] = await Promise.all(cookies)
  const workspace = await workspaceOf(server, workspaceId)
  const bob = await invite(server, workspace, "bob@example.com", "viewer")
  const list = async (cookie: string) => (await call(cookie, "account.sessions")).json().result.data
  const seen: { id: string; here: boolean }[] = await list(here!)
  expect(seen).toHaveLength(4)
  expect(seen.filter(session => session.here)).toHaveLength(1)
  expect(JSON.stringify(seen)).not.toContain(decodeURIComponent(here!).split("=")[1]!.split(".")[0])
  const secondId = (await list(second!)).find((session: { here: boolean }) => session.here).id
  expect((await call(bob.cookie, "account.endSession", { id: secondId })).statusCode).toBe(404)
  expect((await call(here!, "account.endSession", { id: secondId })).statusCode).toBe(200)
  expect((await call(second!, "account.sessions")).statusCode).toBe(401)
  expect((await call(here!, "account.endOtherSessions", {})).json().result.data).toEqual({ ended: 2 })
  expect(await list(here!)).toHaveLength(1)
  expect(await list(bob.cookie)).toHaveLength(1)
})
