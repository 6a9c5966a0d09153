import { sql } from "drizzle-orm"
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { welcome } from "../../testing/journeys.ts"
import { type MailServer, type Mood, startMailServer } from "../../testing/mail-server.ts"
import { type Running, startRunning } from "../../testing/running.ts"
import type { Workspace } from "../workspaces/workspace.ts"

const PEOPLE = 12
const CONNECTIONS = 3

let mail: MailServer
let running: Running
let workspace: Workspace
beforeAll(async () => {
  mail = await startMailServer()
  running = await startRunning({ smtp: { url: mail.url, connections: CONNECTIONS, silenceMs: 300 } })
})
afterAll(async () => {
  await running.stop()
  await mail.close()
})
beforeEach(async () => {
  workspace = await running.live()
  await running.publish(workspace, welcome)
})
afterEach(() => {
  mail.received.splice(0)
  mail.answers.rcpt.clear()
  mail.answers.data.clear()
})

const signUp = (people: readonly string[]) =>
  running.send(
    workspace,
    people.flatMap(person => [
      { type: "identify", userId: person, traits: { email: `${person}@example.com` } },
      { type: "track", userId: person, event: "Account Created" },
    ]),
  )

const attemptsOf = async (): Promise<number[]> => {
  const rows = await running.database.engine.execute<{ attempts: number }>(
    sql`SELECT attempts FROM messages WHERE workspace_id = ${workspace.id} ORDER BY 1`,
  )
  return rows.map(row => row.attempts)
}

const people = Array.from({ length: PEOPLE }, (_, i) => `p${i}`)

describe("a mail server that misbehaves", () => {
  // Each mood holds for more connections than open the circuit.
  const moods: { mood: Mood; times: number; doubles: number }[] = [
    { mood: "too much", times: 6, doubles: 0 },
    { mood: "nonsense", times: 6, doubles: 0 },
    { mood: "silent", times: 6, doubles: 0 },
    { mood: "no entry", times: 6, doubles: 0 },
    { mood: "cuts in DATA", times: 6, doubles: 6 },
  ]
  it.each(moods)("loses nothing: $mood", async ({ mood, times, doubles }) => {
    mail.be(mood, times)
    await signUp(people)
    await running.settle()

    const ids = new Set(mail.received.map(m => m.messageId))
    expect(new Set(mail.received.map(m => m.to)).size).toBe(PEOPLE)
    expect(ids.size).toBe(PEOPLE)
    expect(mail.received.length - PEOPLE).toBeLessThanOrEqual(doubles)
    const { messages } = (await running.stats(workspace, "welcome-with-coupon")).nodes.welcome!
    expect(messages).toMatchObject({ queued: 0, sent: PEOPLE, refused: 0, bounced: 0 })
    // It was the server's fault each time, so no message used its tries up.
    expect(await attemptsOf()).toEqual(people.map(() => 1))
  })

  it("is asked again for the one message that it puts off", async () => {
    mail.answers.rcpt.set("p1@example.com", "450 4.2.0 Come back later")
    await signUp(["p0", "p1"])
    for (;;) {
      const [row] = await running.database.engine.execute<{ error: string | null }>(
        sql`SELECT error FROM messages WHERE workspace_id = ${workspace.id} AND error IS NOT NULL`,
      )
      if (row !== undefined) {
        expect(row.error).toContain("Come back later")
        break
      }
      await new Promise(setImmediate)
    }
    mail.answers.rcpt.clear()
    await running.settle()
    expect(mail.received.map(m => m.to).sort()).toEqual(["p0@example.com", "p1@example.com"])
    expect(await attemptsOf()).toEqual([1, 2])
  })

  it("refuses an address for good: the customer bounces and is written to no more", async () => {
    mail.answers.rcpt.set("gone@example.com", "550 5.1.1 No such user")
    mail.answers.data.set("spam@example.com", "554 5.7.1 Looks like spam")
    await signUp(["gone", "spam", "fine"])
    await running.settle()

    expect(mail.received.map(m => m.to)).toEqual(["fine@example.com"])
    const { messages } = (await running.stats(workspace, "welcome-with-coupon")).nodes.welcome!
    expect(messages).toMatchObject({ queued: 0, sent: 1, refused: 2, bounced: 1 })
    const eventsOf = async (id: string) =>
      (await running.engine.profiles.timeline(workspace, id, {})).items.flatMap(item =>
        item.kind === "event" && item.name.startsWith("Email") ? [[item.name, item.properties.node]] : [],
      )
    expect(await eventsOf("gone")).toEqual([["Email Bounced", "welcome"]])
    expect(await eventsOf("spam")).toEqual([["Email Refused", "welcome"]])
    expect((await running.engine.suppressions.list(workspace, {})).items).toMatchObject([
      { address: "gone@example.com", reason: "bounced", source: expect.stringMatching(/^message:/) },
    ])
    const { attributes } = await running.engine.profiles.get(workspace, "gone")
    expect(attributes.suppressed_email).toBe("gone@example.com")
  })

  it("is left alone by a process that stops, and is asked by the next one", async () => {
    mail.be("silent", 1_000)
    await signUp(people)
    const before = mail.connections()
    while (mail.connections() === before) await new Promise(setImmediate)
    await running.restart()
    mail.be("good", 0)
    await running.settle()
    expect(new Set(mail.received.map(m => m.to)).size).toBe(PEOPLE)
    const { items } = await running.engine.messages.list(workspace, { inDoubt: true })
    // A clean stop leaves nothing in doubt.
    expect(items).toEqual([])
  })

  it("holds up neither a sandbox nor its clock", async () => {
    mail.be("silent", 1_000)
    await signUp(people)
    const startAt = Date.parse("2026-01-01T00:00:00.000Z")
    const sandbox = await running.sandbox(startAt)
    await running.publish(sandbox, welcome)
    await running.send(sandbox, [
      { type: "identify", userId: "s", traits: { email: "s@example.com" } },
      { type: "track", userId: "s", event: "Account Created" },
    ])
    await running.advance(sandbox, startAt + 60_000)
    const { items } = await running.engine.messages.list(sandbox, {})
    expect(items).toMatchObject([{ state: "sent", to: "s@example.com" }])
    expect(mail.received.length).toBe(0)
    mail.be("good", 0)
    await running.settle()
    expect(mail.received.length).toBe(PEOPLE)
  })
})
