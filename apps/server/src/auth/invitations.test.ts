import { once } from "node:events"
import { sql } from "drizzle-orm"
import { SMTPServer } from "smtp-server"
import { afterEach, beforeEach, expect, test } from "vitest"
import {
  createTestServer,
  invite,
  signIn,
  signUpOwner,
  type TestServer,
  workspaceOf,
} from "../../testing/server.ts"
import type { Workspace } from "../workspaces/workspace.ts"
import { createAccountMailer } from "./account-mail.ts"
import { createInvitations, type Invitations } from "./invitations.ts"
import type { User } from "./sign-in.ts"

let server: TestServer
let workspace: Workspace
let ann: User
let invitations: Invitations
beforeEach(async () => {
  server = await createTestServer()
  workspace = await workspaceOf(server, (await signUpOwner(server)).workspaceId)
  const [member] = await server.services.members.list(workspace)
  ann = { id: member!.userId, name: "Ann", email: "ann@example.com", session: "" }
  invitations = server.services.invitations
})
afterEach(() => server.stop())

const tokenOf = ({ link }: { link: string }) => new URL(link).hash.slice(1)
const account = { name: "Bob", password: "bob's long password" }
const roles = async () =>
  Object.fromEntries((await server.services.members.list(workspace)).map(({ email, role }) => [email, role]))

test("a link makes an account that signs in, once", async () => {
  const made = await invitations.create(workspace, ann, "Bob@Example.com", "editor")
  expect(made.mailed).toBe(false)
  const token = tokenOf(made)
  expect(await invitations.view(token)).toMatchObject({
    workspace: "Shop",
    email: "bob@example.com",
    role: "editor",
    invitedBy: "Ann",
    hasAccount: false,
  })
  await expect(invitations.accept(token, undefined, undefined)).rejects.toMatchObject({ kind: "invalid" })
  expect(await invitations.accept(token, undefined, account)).toEqual({ workspaceId: workspace.publicId })
  expect(await roles()).toEqual({ "ann@example.com": "owner", "bob@example.com": "editor" })
  expect(await signIn(server, "bob@example.com", account.password)).toContain("session_token")
  await expect(invitations.view(token)).rejects.toMatchObject({ kind: "not-found" })
  await expect(invitations.accept(token, undefined, account)).rejects.toMatchObject({ kind: "not-found" })
  expect(await invitations.list(workspace)).toEqual([])
})

test("two who open the same link at once make one account", async () => {
  const token = tokenOf(await invitations.create(workspace, ann, "bob@example.com", "viewer"))
  const results = await Promise.allSettled([
    invitations.accept(token, undefined, account),
    invitations.accept(token, undefined, account),
  ])
  expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"])
  const [row] = await server.database.engine.execute(sql`select count(*)::int as users from users`)
  expect(row).toEqual({ users: 2 })
})

test("whose address has an account joins signed in as it, and nobody else by the same link", async () => {
  const other = await server.services.workspaces.create(
    { name: "Other", zone: "UTC", language: "en", sandbox: false },
    ann.id,
  )
  const { userId } = await invite(server, other, "bob@example.com", "viewer")
  const token = tokenOf(await invitations.create(workspace, ann, "bob@example.com", "editor"))
  expect((await invitations.view(token)).hasAccount).toBe(true)
  await expect(invitations.accept(token, undefined, account)).rejects.toMatchObject({ kind: "unauthorized" })
  await expect(invitations.accept(token, ann, undefined)).rejects.toMatchObject({ kind: "unauthorized" })
  const bob = { id: userId, name: "Bob", email: "bob@example.com", session: "" }
  await invitations.accept(token, bob, undefined)
  expect(await roles()).toMatchObject({ "bob@example.com": "editor" })
})

test("a link ends by taking it back, by sending it again, by inviting again, and after seven days", async () => {
  const works = (made: { link: string }) =>
    invitations.view(tokenOf(made)).then(
      () => true,
      () => false,
    )
  const first = await invitations.create(workspace, ann, "bob@example.com", "viewer")
  const second = await invitations.resend(workspace, ann, first.id)
  expect([await works(first), await works(second), second.id]).toEqual([false, true, first.id])
  const third = await invitations.create(workspace, ann, "bob@example.com", "owner")
  expect([await works(second), await works(third)]).toEqual([false, true])
  expect(await invitations.list(workspace)).toMatchObject([{ email: "bob@example.com", role: "owner" }])
  await server.database.engine.execute(sql`update invitations set expires_at = now() - interval '1 second'`)
  expect(await works(third)).toBe(false)
  const fourth = await invitations.resend(workspace, ann, first.id)
  expect(await works(fourth)).toBe(true)
  await invitations.revoke(workspace, first.id)
  expect(await works(fourth)).toBe(false)
  await expect(invitations.revoke(workspace, first.id)).rejects.toMatchObject({ kind: "not-found" })
  await expect(invitations.resend(workspace, ann, first.id)).rejects.toMatchObject({ kind: "not-found" })
})

test("who is in already is not invited, and a link never lowers a role", async () => {
  await expect(invitations.create(workspace, ann, "ANN@example.com", "viewer")).rejects.toMatchObject({
    kind: "conflict",
  })
  const token = tokenOf(await invitations.create(workspace, ann, "bob@example.com", "viewer"))
  const { userId } = await invite(server, workspace, "carl@example.com", "editor")
  await server.database.engine.execute(sql`update users set email = 'bob@example.com' where id = ${userId}`)
  const bob = { id: userId, name: "Bob", email: "bob@example.com", session: "" }
  await invitations.accept(token, bob, undefined)
  expect(await roles()).toMatchObject({ "bob@example.com": "editor" })
})

test("only the hash of a link is kept", async () => {
  const made = await invitations.create(workspace, ann, "bob@example.com", "viewer")
  const [row] = await server.database.engine.execute<{ all: string }>(
    sql`select i::text as all from invitations i`,
  )
  expect(row!.all).not.toContain(tokenOf(made))
})

test("the last owner stays an owner, also when two of two step down at once", async () => {
  const { members } = server.services
  const refused = { kind: "conflict" }
  await expect(members.changeRole(workspace, ann.id, "editor")).rejects.toMatchObject(refused)
  await expect(members.remove(workspace, ann.id)).rejects.toMatchObject(refused)
  const bob = await invite(server, workspace, "bob@example.com", "owner")
  const results = await Promise.allSettled([
    members.changeRole(workspace, ann.id, "viewer"),
    members.remove(workspace, bob.userId),
  ])
  expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"])
  expect(Object.values(await roles())).toContain("owner")
})

test("who is removed is out at once", async () => {
  const bob = await invite(server, workspace, "bob@example.com", "editor")
  const ask = () =>
    server.app.inject({
      url: "/api/trpc/journeys.list",
      headers: { cookie: bob.cookie, "x-workspace": workspace.publicId },
    })
  expect((await ask()).statusCode).toBe(200)
  await server.services.members.remove(workspace, bob.userId)
  expect((await ask()).statusCode).toBe(404)
})

test("the mail brings the link, from the workspace's sender and in its language; a lost one is told", async () => {
  const mails: string[] = []
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onData(stream, _session, done) {
      let text = ""
      stream
        .on("data", chunk => (text += chunk))
        .on("end", () => {
          mails.push(text)
          done()
        })
    },
  })
  smtp.listen(0, "127.0.0.1")
  await once(smtp.server, "listening")
  const { port } = smtp.server.address() as { port: number }
  const errors: unknown[] = []
  const mailing = createInvitations({
    db: server.database.engine,
    ports: server.ports,
    signIn: server.services.signIn,
    publicUrl: "https://journeys.example.com",
    mail: createAccountMailer(`smtp://127.0.0.1:${port}`),
    onError: error => errors.push(error),
  })
  const italian = {
    ...workspace,
    language: "it",
    settings: { sender: { name: "Aurora", email: "ciao@aurora.example" } },
  }
  const made = await mailing.create(italian, { ...ann, name: "<Ann>" }, "bob@example.com", "viewer")
  expect(made.mailed).toBe(true)
  const mail = mails[0]!.replace(/=\r\n/g, "").replaceAll("=3D", "=")
  expect(mail).toContain("From: Aurora <ciao@aurora.example>")
  expect(mail).toContain(made.link)
  expect(mail).toContain("&lt;Ann>")
  expect(mail).toContain("Apri l'invito")
  expect((await mailing.list(workspace))[0]!.mailedAt).not.toBeNull()
  await new Promise<void>(resolve => smtp.close(resolve))
  const lost = await mailing.resend(workspace, ann, made.id)
  expect([lost.mailed, errors.length]).toEqual([false, 1])
  expect((await mailing.list(workspace))[0]!.mailedAt).toBeNull()
})
