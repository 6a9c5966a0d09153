import { type Journey, parseJourney } from "@viaggio/journey-model"
import { sql } from "drizzle-orm"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { type MailServer, startMailServer } from "../../testing/mail-server.ts"
import { type Running, startRunning } from "../../testing/running.ts"
import { until } from "../../testing/until.ts"
import type { Workspace } from "../workspaces/workspace.ts"

let mail: MailServer
let running: Running
let workspace: Workspace
beforeAll(async () => {
  mail = await startMailServer()
  running = await startRunning({ smtp: { url: mail.url, connections: 3, perSecond: 100 } })
  workspace = await running.live()
  await running.publish(workspace, twoMails)
})
afterAll(async () => {
  await running.stop()
  await mail.close()
})

const email = (subject: string) => ({
  purpose: "transactional",
  subject,
  html: "<p>Hello</p>",
  tracking: { opens: false, clicks: false },
})

const parsed = parseJourney({
  format: 1,
  key: "two-mails",
  name: "Two mails",
  settings: { reentry: { mode: "once" } },
  nodes: [
    { id: "start", type: "event-entry", version: 1, config: { event: "Ordered" } },
    { id: "first", type: "email", version: 1, config: email("First") },
    { id: "pause", type: "delay", version: 1, config: { for: "PT1S" } },
    { id: "second", type: "email", version: 1, config: email("Second") },
    { id: "done", type: "exit", version: 1, config: { reason: "done" } },
  ],
  edges: [
    { from: "start", outcome: "next", to: "first" },
    { from: "first", outcome: "next", to: "pause" },
    { from: "pause", outcome: "next", to: "second" },
    { from: "second", outcome: "next", to: "done" },
  ],
})
const twoMails = (parsed as { value: Journey }).value

const order = (person: string) =>
  running.send(workspace, [
    { type: "identify", userId: person, traits: { email: `${person}@example.com` } },
    { type: "track", userId: person, event: "Ordered" },
  ])

const messages = async () => [
  ...(await running.database.engine.execute<{ node: number; attempts: number; state: number; age: number }>(
    sql`SELECT node::int, attempts::int, state::int FROM messages WHERE workspace_id = ${workspace.id} ORDER BY queued_at`,
  )),
]

describe("the dispatcher", () => {
  it("lets a person's later message wait for the earlier one", async () => {
    mail.answers.rcpt.set("jo@example.com", "450 4.2.0 Not now")
    await order("jo")
    for (;;) {
      const [first, second] = await messages()
      // The later one is there, and the earlier one has been tried since.
      if (second !== undefined && first!.attempts >= 3) break
      await new Promise(setImmediate)
    }
    expect((await messages()).map(m => [m.attempts > 0, m.state < 2])).toEqual([
      [true, true],
      [false, true],
    ])
    mail.answers.rcpt.clear()
    await running.settle()
    const subjects = mail.received.map(m => /^Subject: (.*)\r$/m.exec(m.text)?.[1])
    expect(subjects).toEqual(["First", "Second"])
    expect((await messages())[1]).toMatchObject({ attempts: 1, state: 2 })
  })

  it("does not let it wait for longer than ten minutes", async () => {
    mail.received.splice(0)
    mail.answers.rcpt.set("kim@example.com", "450 4.2.0 Not now")
    await order("kim")
    for (;;) {
      const aged = await running.database.engine.execute(
        sql`UPDATE messages SET added_at = added_at - interval '11 minutes', recipient = 'kim.work@example.com'
            WHERE workspace_id = ${workspace.id} AND node = 3 AND state < 2 RETURNING id`,
      )
      if (aged.length > 0) break
      await new Promise(setImmediate)
    }
    while (mail.received.length === 0) await new Promise(setImmediate)
    expect(mail.received).toMatchObject([{ to: "kim.work@example.com" }])
    mail.answers.rcpt.clear()
    await running.settle()
  })

  it("tells how the provider does, and to those only who use it", async () => {
    await running.restart()
    const [provider, ...others] = await running.engine.providers.list(workspace)
    expect(others).toEqual([])
    expect(provider).toMatchObject({
      provider: "smtp",
      circuit: "closed",
      queued: 0,
      perSecond: 100,
      sent: 4,
      refused: 0,
      inDoubt: 0,
      lastError: expect.stringContaining("Not now"),
    })
    expect(provider!.later).toBeGreaterThanOrEqual(3)
    expect(provider!.errors).toEqual({ temporary: provider!.later })
    expect(provider!.latencyP95Ms).toBeGreaterThanOrEqual(provider!.latencyP50Ms!)
    expect(provider!.minutes.reduce((sum, minute) => sum + minute.sent, 0)).toBe(4)
    expect(await running.engine.providers.list(await running.live())).toEqual([])
  })
})

describe("a worker that died", () => {
  it("leaves what it had only claimed to the next at once, and what it was sending until its claim ends", async () => {
    const db = running.database.engine
    await running.engine.stop()
    const idle = await startRunning({ idle: true, on: running.database, smtp: { url: mail.url } })
    await idle.engine.start({ dispatch: false })
    const orders = ["claimed", "sending"].flatMap(person => [
      { type: "identify", userId: person, traits: { email: `${person}@example.com` } },
      { type: "track", userId: person, event: "Ordered" },
    ])
    await idle.send(workspace, orders)
    const open = async () => [
      ...(await db.execute<{ recipient: string; state: number }>(
        sql`SELECT recipient, state::int FROM messages WHERE is_open AND node = 1 ORDER BY recipient`,
      )),
    ]
    await until(async () => (await open()).length === 2)
    await idle.engine.stop()
    await db.execute(sql`
      UPDATE messages SET claim = gen_random_uuid(), claim_until = clock_timestamp() + interval '2 minutes',
                          state = CASE recipient WHEN 'sending@example.com' THEN 1 ELSE 0 END WHERE is_open`)
    await db.execute(
      sql`UPDATE buckets SET owner = 17, lease_end = clock_timestamp() + interval '15 seconds'`,
    )
    await running.restart()
    await until(async () => (await open()).length === 1)
    expect(await open()).toEqual([{ recipient: "sending@example.com", state: 1 }])
    await db.execute(sql`UPDATE messages SET claim_until = clock_timestamp() WHERE is_open`)
    await running.settle()
  })
})
