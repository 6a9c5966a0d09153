import {
  compile,
  type Journey,
  type Program,
  startWalk,
  type Walk,
  type WebhookStub,
  walkSend,
  walkSetTraits,
  walkTo,
} from "@viaggio/journey-model"
import { sql } from "drizzle-orm"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { expectConserved } from "../../testing/conservation.ts"
import { type Case, casesOf, END, START } from "../../testing/differential/cases.ts"
import { interpret, type Tuple } from "../../testing/differential/reference.ts"
import { type Running, startRunning } from "../../testing/running.ts"
import type { Workspace } from "../workspaces/workspace.ts"
import { endOfCode } from "./measures.ts"

/** A seed under which the sides once differed is added here and stays. */
const seed = 20_261_121

const succeeds: WebhookStub = { outcome: "succeeded", body: { lead: { id: 7 } } }

/**
 * `as it happens`: the clock moves from instant to instant, and things arrive when they happen; waits end at the
 * very instant of events. `told afterwards`: everything arrives at once, when the clock is long past it.
 */
const groups: { name: string; cases: Case[]; stub: WebhookStub; afterwards: boolean }[] = [
  {
    name: "as it happens, calls succeed",
    cases: casesOf(seed, 0, 100),
    stub: succeeds,
    afterwards: false,
  },
  {
    name: "as it happens, calls fail",
    cases: casesOf(seed, 100, 100),
    stub: { outcome: "failed" },
    afterwards: false,
  },
  {
    name: "told afterwards",
    cases: casesOf(seed, 200, 100, { spread: true }),
    stub: succeeds,
    afterwards: true,
  },
]

const walked = (
  journey: Journey,
  who: { workspace: string; profile: string },
  happenings: Case["customers"][number]["happenings"],
  stub: WebhookStub,
): Tuple[] => {
  const { workspace, profile } = who
  const begun = startWalk({
    journey,
    workspace,
    profile: { id: profile, attributes: {} },
    startAt: START,
    stub,
  })
  if (!begun.ok) throw new Error("the walk did not begin")
  let walk: Walk = begun.value
  for (const { at, name, properties, messageId, traits } of happenings) {
    walk = walkTo(walk, at)
    walk = traits ? walkSetTraits(walk, traits) : walkSend(walk, { name, properties, messageId })
  }
  return walkTo(walk, END).log.flatMap(entry =>
    entry.kind !== "step"
      ? []
      : [
          {
            enrollment: entry.enrollment,
            visit: entry.visit,
            node: entry.node,
            way: entry.outcome ?? `(${entry.ended})`,
            arrivedAt: entry.arrivedAt,
            leftAt: entry.at,
          },
        ],
  )
}

const programOf = (journey: Journey): Program => {
  const compiled = compile(journey)
  if (!compiled.ok) throw new Error(`${journey.key} does not compile`)
  return compiled.value
}

const inOrder = (tuples: readonly Tuple[]): Tuple[] =>
  [...tuples].sort((a, b) =>
    a.enrollment < b.enrollment ? -1 : a.enrollment > b.enrollment ? 1 : a.visit - b.visit,
  )

describe(`the walk and a second interpreter (seed ${seed})`, () => {
  it.each(groups)("give the same steps: $name", ({ cases, stub }) => {
    const ways = new Map<string, number>()
    for (const { number, journey, customers } of cases) {
      const types = new Map(journey.nodes.map(node => [node.id, node.type]))
      for (const { id, happenings } of customers) {
        const who = { workspace: "w", profile: id }
        const found = walked(journey, who, happenings, stub)
        for (const { node, way } of found) {
          const key = `${types.get(node)} ${way}`
          ways.set(key, (ways.get(key) ?? 0) + 1)
        }
        expect({ number, id, steps: inOrder(found) }).toEqual({
          number,
          id,
          steps: inOrder(interpret(journey, who, happenings, END, stub)),
        })
      }
    }
    // What no case goes through, no case can tell apart.
    const wanted = [
      "event-entry next",
      "delay next",
      "wait-for-event timeout",
      "wait-for-event b1",
      "wait-for-event b2",
      "split b1",
      "split else",
      "random-split b1",
      "random-split b2",
      "email next",
      "email suppressed",
      "email failed",
      `webhook ${stub.outcome}`,
      "webhook failed",
      "update-profile next",
      "exit (lost)",
    ]
    expect(wanted.filter(way => (ways.get(way) ?? 0) < 5)).toEqual([])
  })
})

describe(`the server and a second interpreter (seed ${seed})`, () => {
  let running: Running
  beforeAll(async () => {
    running = await startRunning()
  })
  afterAll(() => running.stop())

  it.each(groups)(
    "give the same steps: $name",
    async ({ cases, stub, afterwards }) => {
      const sandbox = await running.sandbox(START)
      await running.workspaces.update(sandbox, { webhookStub: stub })
      for (const { journey } of cases) await running.publish(sandbox, journey)
      if (afterwards) await running.advance(sandbox, END)
      const all = cases.flatMap(({ customers }) => customers)
      const instants = new Set(all.flatMap(({ happenings }) => happenings.map(({ at }) => at)))
      const moments = afterwards ? [END] : [...instants].sort((a, b) => a - b)
      for (const moment of moments) {
        await running.advance(sandbox, moment)
        const calls = all.flatMap(({ id, happenings }) =>
          happenings
            .filter(({ at }) => afterwards || at === moment)
            .map(({ at, name, properties, messageId, traits }) => ({
              type: traits ? "identify" : "track",
              userId: id,
              messageId,
              event: name,
              timestamp: new Date(at).toISOString(),
              ...(traits ? { traits } : { properties }),
            })),
        )
        expect(await running.send(sandbox, calls)).toMatchObject({ accepted: calls.length })
      }
      await running.advance(sandbox, END + (afterwards ? 1 : 0))

      const served = await servedTo(running, sandbox, cases)
      let steps = 0
      for (const { number, journey, customers } of cases) {
        for (const { id, happenings } of customers) {
          const { profile, tuples } = served.get(id)!
          const who = { workspace: sandbox.publicId, profile }
          const expected = inOrder(interpret(journey, who, happenings, END, stub))
          steps += expected.length
          expect({ number, id, steps: inOrder(tuples) }).toEqual({ number, id, steps: expected })
          expect(inOrder(walked(journey, who, happenings, stub))).toEqual(expected)
        }
      }
      expect(steps).toBeGreaterThan(500)
      expect(running.errors.splice(0)).toEqual([])
      await expectConserved(running)
    },
    120_000,
  )
})

/** What the server did, by customer: the profile, and every step. */
const servedTo = async (
  running: Running,
  { id: workspace }: Workspace,
  cases: readonly Case[],
): Promise<Map<string, { profile: string; tuples: Tuple[] }>> => {
  const { engine: db } = running.database
  const people = await db.execute<{ user: string; profile: string }>(
    sql`SELECT value AS user, profile_id::text AS profile FROM identities
        WHERE workspace_id = ${workspace} AND kind = 1`,
  )
  const rows = await db.execute<{
    profile: string
    key: string
    enrollment: string
    visit: number
    node: number
    outcome: number
    arrived: number
    left: number
  }>(
    sql`SELECT e.profile_id::text AS profile, j.key, replace(s.enrollment_id::text, '-', '') AS enrollment, s.visit,
               s.node, s.outcome, (extract(epoch FROM s.arrived_at) * 1000)::float8 AS arrived,
               (extract(epoch FROM s.left_at) * 1000)::float8 AS left
        FROM step_log s JOIN enrollments e ON e.bucket = s.bucket AND e.id = s.enrollment_id
        JOIN journey_versions v ON v.id = s.version_id JOIN journeys j ON j.id = v.journey_id
        WHERE s.workspace_id = ${workspace}`,
  )
  const programs = new Map(cases.map(({ journey }) => [journey.key, programOf(journey)]))
  const served = new Map(people.map(({ user, profile }) => [user, { profile, tuples: [] as Tuple[] }]))
  const byProfile = new Map([...served.values()].map(one => [one.profile, one]))
  for (const { profile, key, enrollment, visit, node, outcome, arrived, left } of rows) {
    const program = programs.get(key)!
    const { id, outcomes } = program.nodes[node]!
    const way = outcome < 0 ? `(${endOfCode(program.nodes[node], outcome)})` : outcomes[outcome]!
    byProfile
      .get(profile)!
      .tuples.push({ enrollment, visit, node: id, way, arrivedAt: arrived, leftAt: left })
  }
  return served
}
