import {
  type Journey,
  type JsonObject,
  parseJourney,
  startWalk,
  type Walk,
  walkSend,
  walkSetTraits,
  walkTo,
} from "@viaggio/journey-model"
import { sql } from "drizzle-orm"
import * as fc from "fast-check"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { expectConserved } from "../../testing/conservation.ts"
import { type Running, startRunning } from "../../testing/running.ts"

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const start = Date.parse("2026-03-01T09:00:00.000Z")
const seed = 20_261_121

/** Two waits with look-backs, counts with and without condition and period, re-entry: what could differ. */
const journeys: Journey[] = [
  {
    name: "once, with look-backs to the entry",
    reentry: { mode: "once" },
    since: "entry",
  },
  {
    name: "again after a day, with look-backs to a node",
    reentry: { mode: "after-exit", cooldown: "P1D" },
    since: { node: "pause" },
  },
  { name: "always", reentry: { mode: "always" }, since: "arrival" },
].map(({ name, reentry, since }, i) => {
  const result = parseJourney({
    format: 1,
    key: `differs-${i}`,
    name,
    settings: { reentry },
    nodes: [
      { id: "in", type: "event-entry", version: 1, config: { event: "Start", maxAge: "P30D" } },
      { id: "pause", type: "delay", version: 1, config: { for: "PT6H" } },
      {
        id: "listen",
        type: "wait-for-event",
        version: 1,
        config: {
          branches: [
            {
              id: "dear",
              name: "Dear order",
              event: "Order",
              where: { kind: "property", path: "total", is: "at-least", value: 50 },
            },
            { id: "look", name: "A look", event: "View" },
          ],
          timeout: "P2D",
          since,
        },
      },
      {
        id: "how-often",
        type: "split",
        version: 1,
        config: {
          branches: [
            {
              id: "often",
              name: "Often",
              when: { kind: "event-count", event: "View", period: "P1D", atLeast: 2 },
            },
            {
              id: "dear-ones",
              name: "Dear ones",
              when: {
                kind: "event-count",
                event: "Order",
                atLeast: 1,
                where: { kind: "property", path: "total", is: "greater", value: 80 },
              },
            },
            {
              id: "never",
              name: "Never",
              when: { kind: "event-count", event: "Order", period: "since-entry", atMost: 0 },
            },
            {
              id: "vip",
              name: "Vip",
              when: { kind: "profile", path: "tier", is: "equals", value: "gold" },
            },
          ],
        },
      },
      {
        id: "mail",
        type: "email",
        version: 1,
        config: {
          purpose: "transactional",
          subject: "Hello {{ profile.tier | default: 'you' }}",
          html: "<p>{{ entry.properties.source }}</p>",
          tracking: { opens: false, clicks: false },
        },
      },
      { id: "out", type: "exit", version: 1, config: { reason: "out" } },
    ],
    edges: [
      { from: "in", outcome: "next", to: "pause" },
      { from: "pause", outcome: "next", to: "listen" },
      { from: "listen", outcome: "dear", to: "how-often" },
      { from: "listen", outcome: "look", to: "how-often" },
      { from: "listen", outcome: "timeout", to: "mail" },
      { from: "how-often", outcome: "often", to: "mail" },
      { from: "how-often", outcome: "dear-ones", to: "mail" },
      { from: "how-often", outcome: "vip", to: "mail" },
      { from: "how-often", outcome: "never", to: "out" },
      { from: "mail", outcome: "next", to: "out" },
    ],
  })
  if (!result.ok) throw new Error(result.problems.map(p => p.text).join(" "))
  return result.value
})

type Happening = { at: number; name: string; properties: JsonObject; traits?: JsonObject }

const happening = fc.record({
  // Multiples of three hours meet the journey's own instants often.
  at: fc.integer({ min: 0, max: 8 * 8 }).map(n => start + n * 3 * 60 * MINUTE),
  name: fc.constantFrom("Start", "Order", "View", "View", "Traits"),
  properties: fc.record({ total: fc.integer({ min: 1, max: 100 }) }, { requiredKeys: [] }),
})

const people: Happening[][] = fc
  .sample(fc.array(happening, { minLength: 2, maxLength: 14 }), {
    seed,
    numRuns: 40,
  })
  .map((list, i) =>
    list
      .map(h => ({
        ...h,
        properties: h.name === "Start" && i % 3 > 0 ? { ...h.properties, source: "ads" } : h.properties,
        ...(h.name === "Traits"
          ? { traits: { tier: i % 2 === 0 ? "gold" : "tin", email: `p${i}@example.com` } }
          : {}),
      }))
      .sort((a, b) => a.at - b.at),
  )

const end = start + 20 * DAY

let running: Running
beforeAll(async () => {
  running = await startRunning()
})
afterEach(async () => {
  expect(running.errors.splice(0)).toEqual([])
  await expectConserved(running)
})
afterAll(() => running.stop())

type Line = string

const walked = (journey: Journey, list: readonly Happening[]): Line[] => {
  const begun = startWalk({ journey, workspace: "w", profile: { id: "p", attributes: {} }, startAt: start })
  if (!begun.ok) throw new Error("the walk did not begin")
  let walk: Walk = begun.value
  for (const { at, name, properties, traits } of list) {
    walk = walkTo(walk, at)
    walk = traits ? walkSetTraits(walk, traits) : walkSend(walk, { name, properties })
  }
  walk = walkTo(walk, end)
  return walk.log
    .flatMap(entry =>
      entry.kind === "step"
        ? [
            `${entry.at} ${entry.visit} ${entry.node} ${entry.outcome ?? `(${entry.ended})`} ${entry.error ?? ""}`,
          ]
        : [],
    )
    .sort()
}

describe("the walk and the server", () => {
  it.each(journeys.map(j => [j.name, j] as const))(
    `give the same steps to the same customers: %s (seed ${seed})`,
    async (_name, journey) => {
      const sandbox = await running.sandbox(start)
      await running.publish(sandbox, journey)
      const instants = [...new Set(people.flat().map(h => h.at))].sort((a, b) => a - b)
      for (const at of instants) {
        await running.advance(sandbox, at)
        const calls = people.flatMap((list, i) =>
          list.flatMap((h, n) =>
            h.at !== at
              ? []
              : [
                  {
                    type: h.traits ? "identify" : "track",
                    userId: `p${i}`,
                    messageId: `${i}-${n}`,
                    event: h.name,
                    timestamp: new Date(at).toISOString(),
                    ...(h.traits ? { traits: h.traits } : { properties: h.properties }),
                  },
                ],
          ),
        )
        expect(await running.send(sandbox, calls)).toMatchObject({ accepted: calls.length })
      }
      await running.advance(sandbox, end)

      const served = await stepsOf(sandbox.id, journey)
      let steps = 0
      for (const [i, list] of people.entries()) {
        const expected = walked(journey, list)
        steps += expected.length
        expect({ person: i, steps: served.get(`p${i}`) ?? [] }).toEqual({ person: i, steps: expected })
      }
      expect(steps).toBeGreaterThan(100)
    },
    120_000,
  )
})

const stepsOf = async (workspace: number, journey: Journey): Promise<Map<string, Line[]>> => {
  const rows = await running.database.engine.execute<{
    user: string
    at: number
    visit: number
    node: number
    outcome: number
    error: string | null
  }>(
    sql`SELECT i.value AS user, (extract(epoch FROM s.left_at) * 1000)::float8 AS at, s.visit, s.node, s.outcome,
               s.note ->> 'error' AS error
        FROM step_log s JOIN enrollments e ON e.bucket = s.bucket AND e.id = s.enrollment_id
        JOIN identities i ON i.profile_bucket = e.bucket AND i.profile_id = e.profile_id AND i.kind = 1
        WHERE s.workspace_id = ${workspace}`,
  )
  const outcomes: Record<string, string[]> = {
    in: ["next"],
    pause: ["next"],
    listen: ["dear", "look", "timeout"],
    "how-often": ["often", "dear-ones", "never", "vip", "else"],
    mail: ["next", "suppressed", "failed"],
    out: [],
  }
  const lines = new Map<string, Line[]>()
  for (const row of rows) {
    const node = journey.nodes[row.node]!.id
    const outcome = row.outcome < 0 ? "(out)" : outcomes[node]![row.outcome]
    const line = `${row.at} ${row.visit} ${node} ${outcome} ${row.error ?? ""}`
    lines.set(row.user, [...(lines.get(row.user) ?? []), line])
  }
  for (const list of lines.values()) list.sort()
  return lines
}
