import { Readable } from "node:stream"
import { afterAll, beforeAll, expect, test } from "vitest"
import { welcome } from "../../testing/journeys.ts"
import { createTestServer, invite, signUpOwner, type TestServer, workspaceOf } from "../../testing/server.ts"
import type { Workspace } from "../workspaces/workspace.ts"
import { procedures } from "./router.ts"

let server: TestServer
let asker: { cookie: string; workspace: Workspace; apiKey: string }

/** What a call can name: in the other workspace such things exist, elsewhere nothing is called so. */
type Names = {
  journey: string
  customer: string
  message: string
  file: string
  key: string
  invitation: string
  user: string
}
let theirs: Names
const nobodys: Names = {
  journey: "no-such-journey",
  customer: "no-such-customer",
  message: "0199aa00-0000-7000-8000-000000000000",
  file: "0199aa00-0000-7000-8000-000000000003",
  key: "0199aa00-0000-7000-8000-000000000001",
  invitation: "0199aa00-0000-7000-8000-000000000002",
  user: "no-such-user",
}

beforeAll(async () => {
  server = await createTestServer()
  await server.engine.start()
  const { cookie, workspaceId } = await signUpOwner(server)
  const home = await workspaceOf(server, workspaceId)
  const { services } = server
  const { key: apiKey } = await services.keys.create(home, "api", "Home")
  asker = { cookie, workspace: home, apiKey }
  theirs = await fill(await services.workspaces.createBeside({ ...home, id: 0 }, draft))
})
afterAll(async () => {
  await server.engine.stop()
  await server.stop()
})

const startAt = Date.UTC(2026, 0, 1)
const draft = { name: "Theirs", zone: "UTC", language: "en", sandbox: true, startAt }

/** One of everything, made in a sandbox whose clock has let a customer get a message. */
async function fill(workspace: Workspace): Promise<Names> {
  const { services } = server
  await services.journeys.save(workspace, welcome.key, welcome, { create: true })
  await services.journeys.publish(workspace, welcome.key, {})
  const write = await services.keys.create(workspace, "write", "Shop")
  const at = new Date(startAt).toISOString()
  const answer = await server.app.inject({
    method: "POST",
    url: "/v1/batch",
    headers: { authorization: `Basic ${Buffer.from(`${write.key}:`).toString("base64")}` },
    payload: {
      batch: [
        {
          type: "identify",
          userId: "eve",
          messageId: "i",
          timestamp: at,
          traits: { email: "eve@example.com" },
        },
        {
          type: "track",
          userId: "eve",
          messageId: "t",
          timestamp: at,
          event: "Account Created",
          properties: {},
        },
      ],
    },
  })
  expect(answer.json()).toMatchObject({ accepted: 2 })
  await services.clock.advance(workspace, startAt + 3_600_000)
  const { items } = await services.messages.list(workspace, {})
  const bytes = Readable.from([Buffer.from("id,city\neve,Rome\n")])
  const file = await services.imports.upload(workspace, { name: "people.csv", by: "Eve", bytes })
  // The first member of a workspace that has none: its people cannot be copied from anywhere.
  const founder = await invite(server, asker.workspace, "founder@example.com", "viewer")
  const { joinAs } = await import("../workspaces/members-store.ts")
  await joinAs(server.database.engine, workspace.id, founder.userId, "owner")
  await services.members.remove(asker.workspace, founder.userId)
  const by = { id: founder.userId, name: "Eve", email: "founder@example.com", session: "" }
  const { id } = await services.invitations.create(workspace, by, "guest@example.com", "viewer")
  return {
    journey: welcome.key,
    customer: "eve",
    message: items[0]!.id,
    file: file.id,
    key: write.id,
    invitation: id,
    user: founder.userId,
  }
}

const mapping = { columns: [{ to: "identity", kind: "user_id" }, { to: "ignore" }] }

/** Inputs of every procedure of members that names a thing; the others can name nothing. */
const inputs: Record<string, (names: Names) => object> = {
  "members.changeRole": ({ user }) => ({ userId: user, role: "viewer" }),
  "members.remove": ({ user }) => ({ userId: user }),
  "invitations.resend": ({ invitation }) => ({ id: invitation }),
  "invitations.revoke": ({ invitation }) => ({ id: invitation }),
  "keys.revoke": ({ key }) => ({ id: key }),
  "journeys.get": ({ journey }) => ({ key: journey }),
  "journeys.duplicate": ({ journey }) => ({ key: journey }),
  "journeys.remove": ({ journey }) => ({ key: journey }),
  "journeys.save": ({ journey }) => ({ key: journey, document: { ...welcome, key: journey }, revision: 1 }),
  "journeys.publish": ({ journey }) => ({ key: journey, revision: 1 }),
  "journeys.pause": ({ journey }) => ({ key: journey }),
  "journeys.resume": ({ journey }) => ({ key: journey }),
  "journeys.stop": ({ journey }) => ({ key: journey }),
  "journeys.versions": ({ journey }) => ({ key: journey }),
  "journeys.version": ({ journey }) => ({ key: journey, number: 1 }),
  "journeys.stats": ({ journey }) => ({ key: journey }),
  "journeys.impact": ({ journey }) => ({ key: journey }),
  "journeys.customers": ({ journey }) => ({ key: journey, kind: "inside" }),
  "customers.get": ({ customer }) => ({ id: customer }),
  "customers.facts": ({ customer }) => ({ id: customer }),
  "customers.timeline": ({ customer }) => ({ id: customer }),
  "setAside.tryAgain": ({ customer }) => ({ id: customer }),
  "setAside.skip": ({ customer }) => ({ id: customer }),
  "imports.get": ({ file }) => ({ id: file }),
  "imports.preview": ({ file }) => ({ id: file }),
  "imports.rows": ({ file }) => ({ id: file, mapping }),
  "imports.check": ({ file }) => ({ id: file, mapping }),
  "imports.start": ({ file }) => ({ id: file, mapping }),
  "imports.cancel": ({ file }) => ({ id: file }),
  "imports.remove": ({ file }) => ({ id: file }),
  "imports.rejects": ({ file }) => ({ id: file }),
  "messages.get": ({ message }) => ({ id: message }),
  "messages.replay": ({ message }) => ({ id: message }),
  "messages.sendTest": ({ customer }) => ({ customer, content: { subject: "Hi", html: "<p>Hi</p>" } }),
  "suppressions.remove": ({ customer }) => ({ address: `${customer}@example.com` }),
}
const namesNothing = [
  "status.get",
  // These two are about the whole installation after a restore.
  "status.reconcile",
  "status.release",
  "setAside.list",
  "workspaces.create",
  "workspaces.get",
  "workspaces.update",
  "members.list",
  "members.leave",
  "invitations.list",
  "invitations.create",
  "keys.list",
  "keys.create",
  "webhooks.secret",
  "webhooks.rotate",
  "journeys.list",
  "journeys.create",
  "catalogue.list",
  "customers.list",
  "customers.count",
  "imports.list",
  "sampleStore.get",
  "sampleStore.start",
  "sampleStore.stop",
  "simulation.rates",
  "simulation.sample",
  "messages.list",
  "messages.tests",
  "suppressions.list",
  "suppressions.add",
  "providers.list",
  "providers.callback",
  "clock.get",
  "clock.advance",
]

test("every procedure of members is asked for the things of others, or can name none", () => {
  const ofMembers = procedures.filter(({ access }) => access.by === "member").map(({ path }) => path)
  expect([...Object.keys(inputs), ...namesNothing].sort()).toEqual(ofMembers.sort())
})

const blurred = (body: string, names: Names) =>
  Object.values(names).reduce((text, name) => text.replaceAll(name, "…"), body)

test.each(Object.keys(inputs))(
  "%s: what another workspace has is as unknown as what nobody has",
  async path => {
    const { type } = procedures.find(each => each.path === path)!
    const ask = async (names: Names) => {
      const input = inputs[path]!(names)
      const query = `?input=${encodeURIComponent(JSON.stringify(input))}`
      const answer = await server.app.inject({
        method: type === "query" ? "GET" : "POST",
        url: `/api/trpc/${path}${type === "query" ? query : ""}`,
        headers: { cookie: asker.cookie, "x-workspace": asker.workspace.publicId },
        ...(type === "query" ? {} : { payload: input }),
      })
      return [answer.statusCode, blurred(answer.body, names)]
    }
    const answer = await ask(theirs)
    expect(answer).toEqual(await ask(nobodys))
    expect(answer[0]).toBe(404)
  },
)

test.each([
  ["GET", "/journeys/$journey"],
  ["GET", "/journeys/$journey?version=1"],
  ["POST", "/journeys/$journey/publish"],
  ["POST", "/journeys/$journey/pause"],
  ["POST", "/journeys/$journey/resume"],
  ["POST", "/journeys/$journey/stop"],
  ["GET", "/journeys/$journey/stats"],
  ["GET", "/profiles/$customer"],
  ["GET", "/profiles/$customer/timeline"],
] as const)("%s %s answers the same for another workspace's as for nobody's", async (method, path) => {
  const ask = async (names: Names) => {
    const url = path.replace("$journey", names.journey).replace("$customer", names.customer)
    const headers = { authorization: `Bearer ${asker.apiKey}` }
    const answer = await server.app.inject({ method, url: `/api/v1${url}`, headers })
    return [answer.statusCode, blurred(answer.body, names)]
  }
  const answer = await ask(theirs)
  expect(answer).toEqual(await ask(nobodys))
  expect(answer[0]).toBe(404)
})

const odd = [
  "\0",
  "a\0b",
  "\ud800",
  "'; drop table users; --",
  "x".repeat(600),
  "",
  "__proto__",
  "../../etc",
  "٣",
]

test.each(Object.keys(inputs))("%s never fails at an odd name", async path => {
  const { type } = procedures.find(each => each.path === path)!
  for (const name of odd) {
    const names = Object.fromEntries(Object.keys(nobodys).map(key => [key, name])) as Names
    const input = inputs[path]!(names)
    const query = `?input=${encodeURIComponent(JSON.stringify(input))}`
    const answer = await server.app.inject({
      method: type === "query" ? "GET" : "POST",
      url: `/api/trpc/${path}${type === "query" ? query : ""}`,
      headers: { cookie: asker.cookie, "x-workspace": asker.workspace.publicId },
      ...(type === "query" ? {} : { payload: input }),
    })
    expect([400, 404], `${name}: ${answer.body}`).toContain(answer.statusCode)
  }
})

test.each([
  ["GET", "/journeys/$"],
  ["POST", "/journeys/$/publish"],
  ["GET", "/journeys/$/stats"],
  ["GET", "/profiles/$"],
  ["GET", "/profiles/$/timeline"],
  ["GET", "/profiles/eve/timeline?before=$"],
  ["GET", "/messages?before=$"],
  ["GET", "/messages?userId=$"],
  ["GET", "/messages?journey=$"],
  ["POST", "/messages/$/replay"],
  ["GET", "/suppressions?search=$"],
  ["DELETE", "/suppressions/$"],
] as const)("%s %s never fails at an odd name", async (method, path) => {
  for (const name of odd.filter(each => each !== "\ud800")) {
    const url = `/api/v1${path.replace("$", encodeURIComponent(name))}`
    const headers = { authorization: `Bearer ${asker.apiKey}` }
    const answer = await server.app.inject({ method, url, headers })
    expect(answer.statusCode, `${name}: ${answer.body}`).toBeLessThan(500)
  }
})

test("lists hold nothing of another workspace", async () => {
  const { services } = server
  expect(await services.journeys.list(asker.workspace)).toEqual([])
  expect((await services.profiles.list(asker.workspace, {})).items).toEqual([])
  expect((await services.messages.list(asker.workspace, {})).items).toEqual([])
  const ofCustomer = services.messages.list(asker.workspace, { userId: theirs.customer })
  await expect(ofCustomer).rejects.toMatchObject({ kind: "not-found" })
  expect((await services.invitations.list(asker.workspace)).map(({ id }) => id)).not.toContain(
    theirs.invitation,
  )
})

test("a workspace that one does not belong to is as unknown as none", async () => {
  const ask = async (workspace: string) => {
    const headers = { cookie: asker.cookie, "x-workspace": workspace }
    const answer = await server.app.inject({ url: "/api/trpc/workspaces.get", headers })
    return [answer.statusCode, answer.body]
  }
  const other = await server.services.workspaces.createBeside({ ...asker.workspace, id: 0 }, draft)
  expect(await ask(other.publicId)).toEqual(await ask("0199aa00-0000-7000-8000-000000000009"))
})
