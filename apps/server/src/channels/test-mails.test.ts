import { afterAll, beforeAll, expect, test } from "vitest"
import { type MailServer, startMailServer } from "../../testing/mail-server.ts"
import { type Running, startRunning } from "../../testing/running.ts"
import { createAccountMailer } from "../auth/account-mail.ts"
import { systemPorts } from "../ports.ts"
import type { Workspace } from "../workspaces/workspace.ts"
import { createTestMails, type TestOrder } from "./test-mails.ts"

let running: Running
let mailServer: MailServer
let live: Workspace
const ann = { name: "Ann", email: "ann@shop.example" }

beforeAll(async () => {
  running = await startRunning()
  mailServer = await startMailServer()
  live = await running.live()
  await running.send(live, [
    {
      type: "identify",
      userId: "u1",
      messageId: "i1",
      traits: { first_name: "Eva <3", email: "eva@example.com" },
    },
  ])
  await running.settle()
})
afterAll(async () => {
  await mailServer.close()
  await running.stop()
})

const testMails = (mail?: ReturnType<typeof createAccountMailer>) =>
  createTestMails({
    db: running.database.engine,
    ports: systemPorts(),
    profiles: running.engine.profiles,
    publicUrl: "https://journeys.example.com",
    ...(mail ? { mail } : {}),
  })

const order: TestOrder = {
  content: {
    subject: "Hello {{ profile.first_name | default: 'friend' }}",
    preheader: "Cart {{ entry.properties.cart }}",
    html: '<p>Dear {{ profile.first_name }}</p><a href="{{ links.unsubscribe }}">no more</a><a href="https://shop.example">shop</a>',
  },
  journey: "welcome",
  node: "mail",
  customer: "u1",
  entry: { name: "Cart Left", at: "2026-06-01T12:00:00.000Z", properties: { cart: "c7" } },
}

test("a draft goes to the member by SMTP, filled for the customer, with nothing that counts", async () => {
  const tests = testMails(createAccountMailer(mailServer.url))
  expect(await tests.send(live, ann, order)).toMatchObject({
    to: ann.email,
    via: "smtp",
    subject: "[Test] Hello Eva <3",
    state: "sent",
  })
  const [mail] = mailServer.received
  expect(mail!.to).toBe(ann.email)
  // Long lines are broken in transport.
  const text = mail!.text.replaceAll(/=\r?\n/g, "")
  expect(text).toContain("Dear Eva &lt;3")
  expect(text).toContain("Cart c7")
  expect(text).toContain("https://shop.example")
  expect(text).toContain("/unsubscribe/test")
  expect(text).not.toContain("List-Unsubscribe")
  expect((await running.engine.messages.list(live, {})).items).toEqual([])
  expect((await running.engine.profiles.timeline(live, "u1", {})).items.map(({ kind }) => kind)).toEqual([
    "event",
  ])
})

test("in a sandbox, and without a mail server, it goes into the mailbox", async () => {
  const sandbox = await running.sandbox(Date.UTC(2026, 5, 1))
  const { customer: _, ...nobody } = order
  const tests = testMails(createAccountMailer(mailServer.url))
  const before = mailServer.received.length
  expect(await tests.send(sandbox, ann, nobody)).toMatchObject({
    via: "mailbox",
    subject: "[Test] Hello friend",
  })
  expect(await testMails().send(live, ann, order)).toMatchObject({ via: "mailbox" })
  expect(mailServer.received).toHaveLength(before)
  const [noted] = await tests.list(sandbox)
  expect(noted).toMatchObject({ to: ann.email, by: "Ann", journey: "welcome", node: "mail", state: "sent" })
  expect(await tests.list(sandbox)).toHaveLength(1)
})

test("what cannot be made or sent is said, and noted", async () => {
  const tests = testMails(createAccountMailer(mailServer.url))
  const broken = { ...order, content: { subject: "{{ nobody.knows }}", html: "<p>{% if %}" } }
  await expect(tests.send(live, ann, broken)).rejects.toMatchObject({ kind: "unprocessable" })
  await expect(tests.send(live, ann, { ...order, customer: "nobody" })).rejects.toMatchObject({
    kind: "not-found",
  })
  mailServer.answers.rcpt.set(ann.email, "550 5.1.1 No such user.")
  await expect(tests.send(live, ann, order)).rejects.toMatchObject({ kind: "unavailable" })
  const [noted] = await tests.list(live)
  expect(noted).toMatchObject({ state: "refused", error: expect.stringContaining("No such user") })
})
