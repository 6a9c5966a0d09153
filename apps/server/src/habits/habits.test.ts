import { type Journey, parseInstant, parseJourney } from "@viaggio/journey-model"
import { sql } from "drizzle-orm"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { welcome } from "../../testing/journeys.ts"
import { type Running, startRunning } from "../../testing/running.ts"
import { systemPorts } from "../ports.ts"
import type { Workspace } from "../workspaces/workspace.ts"
import { createHabits } from "./habits.ts"
import { createImpact } from "./impact.ts"
import { rateOf, usualRates } from "./rate.ts"

const start = parseInstant("2026-06-01T12:00:00Z")!
const hourMs = 3_600_000
const dayMs = 24 * hourMs
const at = (ms: number) => new Date(ms).toISOString()

let running: Running
let workspace: Workspace
const habits = () => createHabits({ db: running.database.analytics, ports: systemPorts() })
const impact = () => createImpact({ db: running.database.analytics, ports: systemPorts() })

/** A hundred customers: sixty sign up twenty days ago, of whom every second buys i hours later; the rest do nothing. */
beforeAll(async () => {
  running = await startRunning()
  workspace = await running.sandbox(start - 25 * dayMs)
  await running.publish(workspace, welcome)
  const signedUpAt = start - 20 * dayMs
  await running.advance(workspace, signedUpAt)
  const ids = Array.from({ length: 100 }, (_, i) => i)
  await running.send(
    workspace,
    ids.map(i => ({
      type: "identify",
      userId: `u${i}`,
      messageId: `i${i}`,
      traits: { country: i < 50 ? "IT" : "FR", secret: i, email: `u${i}@example.com` },
    })),
  )
  await running.send(
    workspace,
    ids.slice(0, 60).map(i => ({
      type: "track",
      event: "Account Created",
      userId: `u${i}`,
      messageId: `a${i}`,
      properties: { plan: i % 3 === 0 ? "free" : "paid" },
    })),
  )
  await running.advance(workspace, start)
  await running.send(
    workspace,
    ids
      .slice(0, 60)
      .filter(i => i % 2 === 0)
      .map(i => ({
        type: "track",
        event: "Order Completed",
        userId: `u${i}`,
        messageId: `o${i}`,
        timestamp: at(signedUpAt + (i + 1) * hourMs),
      })),
  )
  await running.settle()
  await running.database.engine.execute(
    sql`update messages set opened_at = sent_at + interval '2 hours' where ('x' || right(id::text, 2))::bit(8)::int % 2 = 0`,
  )
  workspace = (await running.workspaces.find(workspace.id))!
})
afterAll(() => running.stop())

describe("rates", () => {
  test("are what the last thirty days have shown", async () => {
    const rates = await habits().rates(workspace, { after: "Account Created", events: ["Order Completed"] })
    expect(rates).toMatchObject({ customers: 100, estimate: false })
    expect(rates.entry).toEqual({ known: true, perDay: 2, share30d: 0.6 })
    const { after, ...order } = rates.events["Order Completed"]!
    expect(order).toMatchObject({ known: true, share30d: 0.3, mean30d: 0.3 })
    expect(after).toMatchObject({ known: true, n: 60, share: 0.5 })
    expect(after.delaysMs[0]).toBe(hourMs)
    expect(after.delaysMs[10]).toBe(59 * hourMs)
    expect(after.delaysMs[5]).toBe(31 * hourMs)
    const [row] = await running.database.engine.execute<{ opened: number; sent: number }>(
      sql`select count(opened_at)::int as opened, count(*)::int as sent from messages`,
    )
    expect(rates.messages.opened).toMatchObject({ known: true, n: row!.sent, share: row!.opened / row!.sent })
    expect(rates.messages.opened.delaysMs).toEqual(Array(11).fill(2 * hourMs))
    expect(rates.messages.clicked).toMatchObject({
      known: true,
      share: 0,
      delaysMs: usualRates.clicked.delaysMs,
    })
  })

  test("are usual ones where nothing is known", async () => {
    const rates = await habits().rates(workspace, { after: "Never", events: ["Also Never"] })
    expect(rates.entry.known).toBe(false)
    expect(rates.events["Also Never"]).toMatchObject({
      known: false,
      after: { known: false, n: 0, share: 0.3 },
    })
  })

  test("rise from the shortest delay to the longest, and few occasions prove nothing", () => {
    for (const rate of Object.values(usualRates)) {
      expect(rate.delaysMs).toHaveLength(11)
      expect(rate.delaysMs).toEqual([...rate.delaysMs].sort((a, b) => a - b))
    }
    expect(rateOf(19, Array(19).fill(1), usualRates.opened)).toEqual({ ...usualRates.opened, n: 19 })
    expect(rateOf(20, [5, 1, 4, 2, 3], usualRates.opened)).toMatchObject({ known: true, share: 0.25 })
  })
})

test("a sample holds what was asked for, and nothing that says who it is", async () => {
  const asked = { most: 60, attributes: ["country"], events: ["Order Completed"] }
  const { of, customers } = await habits().sample(workspace, asked)
  expect(of).toBe(100)
  expect(customers.length).toBeGreaterThan(30)
  expect(customers.length).toBeLessThanOrEqual(60)
  for (const { attributes, digest, ...rest } of customers) {
    expect(rest).toEqual({})
    expect(Object.keys(attributes)).toEqual(["country"])
    expect(Object.keys(digest).every(name => name === "Order Completed")).toBe(true)
  }
  const all = await habits().sample(workspace, { ...asked, most: 20_000 })
  expect(all.customers.filter(({ digest }) => digest["Order Completed"]?.count === 1)).toHaveLength(30)
  expect(await habits().sample(workspace, asked)).toEqual({ of, customers })
})

describe("the impact of a draft", () => {
  const draft = (key: string, entry: object, reentry: object = { mode: "once" }): Journey => {
    const parsed = parseJourney({
      ...welcome,
      key,
      settings: { reentry },
      nodes: welcome.nodes.map(node =>
        node.id === "start" ? { ...node, config: { ...node.config, ...entry } } : node,
      ),
    })
    if (!parsed.ok) throw new Error("no journey")
    return parsed.value
  }
  const free = { where: { kind: "property", path: "plan", is: "equals", value: "free" } }
  const italian = { audience: { kind: "profile", path: "country", is: "equals", value: "IT" } }
  const buyers = { audience: { kind: "event-count", event: "Order Completed", atLeast: 1 } }
  const table: [about: string, draft: Journey, entering: number, turnedAway: object][] = [
    ["all", draft("fresh", {}), 60, { where: 0, audience: 0, reentry: 0 }],
    ["by the event's properties", draft("fresh", free), 20, { where: 40, audience: 0, reentry: 0 }],
    ["by the customer", draft("fresh", { ...free, ...italian }), 17, { where: 40, audience: 3, reentry: 0 }],
    ["by what had happened by then", draft("fresh", buyers), 30, { where: 0, audience: 30, reentry: 0 }],
    [
      "of a journey that has let them in lately",
      draft(welcome.key, {}),
      60,
      { where: 0, audience: 0, reentry: 0 },
    ],
    ["always", draft(welcome.key, {}, { mode: "always" }), 60, { where: 0, audience: 0, reentry: 0 }],
  ]
  test.each(table)("%s", async (_, journey, entering, turnedAway) => {
    expect(await impact().of(workspace, journey)).toEqual({
      event: "Account Created",
      days: 30,
      events: 60,
      customers: 60,
      wouldEnter: { events: entering, customers: entering },
      turnedAway,
      estimate: false,
      share: 1,
    })
  })

  test("once, where all have been in before these days", async () => {
    const later = { ...workspace, clockNow: start + 11 * dayMs }
    await running.database.engine.execute(
      sql`update events set occurred_at = occurred_at + interval '15 days' where message_id like 'a%'`,
    )
    expect(await impact().of(later, draft(welcome.key, {}))).toMatchObject({
      events: 60,
      wouldEnter: { events: 0 },
      turnedAway: { reentry: 60 },
    })
  })

  test("that cannot run, and one whose event nobody sent", async () => {
    const broken = { ...welcome, edges: [] }
    expect(await impact().of(workspace, broken)).toMatchObject({ event: null, events: 0 })
    expect(await impact().of(workspace, draft("fresh", { event: "Never" }))).toMatchObject({
      event: "Never",
      events: 0,
    })
  })
})
