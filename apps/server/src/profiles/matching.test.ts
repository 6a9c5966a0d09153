import { type Condition, parseInstant } from "@viaggio/journey-model"
import { sql } from "drizzle-orm"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { welcome } from "../../testing/journeys.ts"
import { type Running, startRunning } from "../../testing/running.ts"
import type { Workspace } from "../workspaces/workspace.ts"
import { survey } from "./survey.ts"

const start = parseInstant("2026-06-01T12:00:00Z")!
const dayMs = 86_400_000
const at = (ms: number) => new Date(ms).toISOString()

let running: Running
let workspace: Workspace

/** Forty customers: every second is Italian, every fourth has bought, some of them lately. */
beforeAll(async () => {
  running = await startRunning()
  workspace = await running.sandbox(start - 10 * dayMs)
  await running.publish(workspace, welcome)
  const people = Array.from({ length: 40 }, (_, i) => `u${i}`)
  const calls = people.flatMap((userId, i) => [
    {
      type: "identify",
      userId,
      messageId: `i${i}`,
      context: { library: { name: "shop" } },
      traits: {
        country: i % 2 === 0 ? "IT" : "FR",
        first_name: `Person ${i}`,
        ...(i % 5 === 0 ? {} : { email: `u${i}@example.com` }),
        ...(i % 7 === 1 ? { unsubscribed: true } : {}),
      },
    },
    ...(i % 4 === 0
      ? [
          {
            type: "track",
            event: "Bought",
            userId,
            messageId: `b${i}`,
            properties: { total: i },
            timestamp: at(start - (i % 8 === 0 ? 20 : 12) * dayMs),
          },
        ]
      : []),
  ])
  expect(await running.send(workspace, calls)).toMatchObject({ accepted: 50, rejected: 0 })
  await running.advance(workspace, start)
  await running.send(workspace, [
    { type: "track", event: "Account Created", userId: "u3", messageId: "entry" },
  ])
  await running.settle()
  workspace = (await running.workspaces.find(workspace.id))!
})
afterAll(() => running.stop())

const italian: Condition = { kind: "profile", path: "country", is: "equals", value: "IT" }
const lately: Condition = { kind: "event-count", event: "Bought", period: "P15D", atLeast: 1 }
const dear: Condition = {
  kind: "event-count",
  event: "Bought",
  where: { kind: "property", path: "total", is: "at-least", value: 20 },
  atLeast: 1,
}

describe("a condition is asked of everybody", () => {
  const table: [about: string, condition: Condition, count: number][] = [
    ["a value", italian, 20],
    ["what is not so", { kind: "not", of: italian }, 20],
    ["a count of events, ever", { kind: "event-count", event: "Bought", atLeast: 1 }, 10],
    ["never", { kind: "event-count", event: "Bought", atMost: 0 }, 30],
    ["an event that nobody ever sent", { kind: "event-count", event: "Fled", atMost: 0 }, 40],
    ["a period", lately, 5],
    ["properties of events", dear, 5],
    [
      "the first time",
      { kind: "event-time", event: "Bought", which: "first", is: "within-last", value: "P15D" },
      5,
    ],
    ["all of it", { kind: "all", of: [italian, lately, dear] }, 3],
  ]
  test.each(table)("%s", async (_, condition, count) => {
    const answer = await running.engine.matching.count(workspace, condition)
    expect(answer).toMatchObject({ count, of: 40, estimate: false, share: 1 })
    expect(answer.sample).toHaveLength(Math.min(3, count))
    const ids = answer.sample.map(({ id }) => id)
    const { items } = await running.engine.profiles.list(workspace, { condition, limit: 200 })
    expect(items).toHaveLength(count)
    expect(items.map(({ id }) => id)).toEqual(expect.arrayContaining(ids))
  })

  test("what only the inside of a journey knows is not counted", async () => {
    const entry: Condition = { kind: "entry", path: "total", is: "exists" }
    const byReference: Condition = {
      kind: "profile",
      path: "x",
      is: "equals",
      value: { ref: "entry.properties.total" },
    }
    const since: Condition = { kind: "event-count", event: "Bought", period: "since-entry", atLeast: 1 }
    for (const condition of [entry, byReference, since, { kind: "not", of: entry } as Condition]) {
      expect(await running.engine.matching.count(workspace, condition)).toMatchObject({ count: null })
      expect((await running.engine.profiles.list(workspace, { condition })).items).toEqual([])
    }
  })

  test("nobody of another workspace is counted", async () => {
    const other = await running.sandbox(start)
    expect(await running.engine.matching.count(other, { kind: "all", of: [] })).toMatchObject({
      count: 0,
      of: 0,
    })
  })
})

test("a survey that runs out of time says how much it has seen", async () => {
  let clock = 0
  const buckets = Array.from({ length: 32 }, (_, i) => i)
  const { parts, share } = await survey({ buckets, budgetMs: 10, monotonicMs: () => clock }, async bucket => {
    clock += 2
    return bucket
  })
  expect(parts.length).toBeGreaterThanOrEqual(5)
  expect(parts.length).toBeLessThan(10)
  expect(share).toBe(parts.length / 32)
})

describe("a list of customers", () => {
  const list = async (filter: object) => (await running.engine.profiles.list(workspace, filter)).items

  test("by consent", async () => {
    expect(await list({ consent: "no-address" })).toHaveLength(8)
    expect(await list({ consent: "unsubscribed" })).toHaveLength(5)
    expect(await list({ consent: "subscribed" })).toHaveLength(27)
    expect(await list({ consent: "suppressed" })).toEqual([])
  })

  test("by the journey that they are inside of", async () => {
    expect((await list({ inside: welcome.key })).map(({ userId }) => userId)).toEqual(["u3"])
    await expect(list({ inside: "no-such" })).rejects.toMatchObject({ kind: "not-found" })
  })

  test("page by page, with a condition too, without a gap or a double", async () => {
    for (const filter of [{ condition: italian }, {}]) {
      const seen: string[] = []
      let before: string | undefined
      do {
        const page = await running.engine.profiles.list(workspace, {
          ...filter,
          limit: 7,
          ...(before === undefined ? {} : { before }),
        })
        seen.push(...page.items.map(({ id }) => id))
        before = page.next
      } while (before !== undefined)
      expect(new Set(seen).size).toBe(seen.length)
      expect(seen).toHaveLength("condition" in filter ? 20 : 40)
    }
  })
})

test("a profile says who said each value, and whether mail may go to it", async () => {
  const { values, consent } = await running.engine.profiles.get(workspace, "u1")
  expect(values.country).toMatchObject({ source: { kind: "event", messageId: "i1", via: "shop" } })
  expect(consent).toEqual({ email: "unsubscribed", reasons: [] })
  await running.engine.suppressions.addByHand(workspace, "u2@example.com", "Ann")
  await running.settle()
  expect((await running.engine.profiles.get(workspace, "u2")).consent).toMatchObject({
    email: "suppressed",
    reasons: [{ reason: "by-hand", source: "Ann" }],
  })
})

test("the facts of a customer hold the newest event of a name", async () => {
  const facts = await running.engine.profiles.facts(workspace, "u4", "Bought")
  expect(facts).toMatchObject({ userId: "u4", name: "Person 4", entry: { name: "Bought", messageId: "b4" } })
  expect(facts.attributes).toMatchObject({ country: "IT" })
  expect(await running.engine.profiles.facts(workspace, "u1", "Bought")).not.toHaveProperty("entry")
  expect(await running.engine.profiles.facts(workspace, "u1", "Never sent")).not.toHaveProperty("entry")
  const [names] = await running.database.engine.execute<{ n: number }>(
    sql`select count(*)::int as n from event_names where name = 'Never sent'`,
  )
  expect(names!.n).toBe(0)
})
