import { draw, hashId, parseJourney } from "@viaggio/journey-model"
import { sql } from "drizzle-orm"
import { afterAll, afterEach, beforeAll, expect, it } from "vitest"
import { expectConserved } from "../../testing/conservation.ts"
import { welcome } from "../../testing/journeys.ts"
import { type Running, startRunning } from "../../testing/running.ts"
import type { Workspace } from "../workspaces/workspace.ts"

const DAY = 24 * 3_600_000
const start = Date.parse("2026-03-01T09:00:00.000Z")

let running: Running
beforeAll(async () => {
  running = await startRunning()
})
afterEach(async () => {
  await expectConserved(running)
  expect(running.errors.splice(0)).toEqual([])
})
afterAll(() => running.stop())

const at = (offset: number) => new Date(start + offset).toISOString()

const visit = (anonymousId: string, event: string, offset: number, more: object = {}) => ({
  type: "track",
  anonymousId,
  event,
  timestamp: at(offset),
  messageId: `${anonymousId}-${event}-${offset}`,
  ...more,
})

const identitiesAt = async (workspace: Workspace) =>
  running.database.engine.execute<{ value: string; profile_id: string; gone: boolean }>(sql`
    SELECT i.value, i.profile_id, p.merged_into IS NOT NULL AS gone
    FROM identities i LEFT JOIN profiles p ON p.bucket = i.profile_bucket AND p.id = i.profile_id
    WHERE i.workspace_id = ${workspace.id} ORDER BY i.value`)

const onePerson = async (workspace: Workspace) =>
  new Set((await identitiesAt(workspace)).map(row => row.profile_id)).size === 1

it("makes a visitor and a known customer one person with one past", async () => {
  const sandbox = await running.sandbox(start + DAY)
  await running.publish(sandbox, welcome)
  await running.send(sandbox, [
    { type: "identify", userId: "ann", traits: { email: "ann@example.com", plan: "free" }, timestamp: at(0) },
    visit("device", "Product Viewed", 1_000),
    visit("device", "Product Viewed", 2_000),
  ])
  await running.settle()
  await running.send(sandbox, [visit("device", "Signed In", 3_000, { userId: "ann" })])
  await running.settle()
  expect(await onePerson(sandbox)).toBe(true)
  expect((await identitiesAt(sandbox)).every(row => !row.gone)).toBe(true)
  const profile = await running.engine.profiles.get(sandbox, "ann")
  expect(profile.attributes).toMatchObject({ email: "ann@example.com", plan: "free" })
  expect(profile.identities.map(i => i.kind).sort()).toEqual(["anonymous_id", "email", "user_id"])
  const { items } = await running.engine.profiles.timeline(sandbox, "ann", {})
  expect(items.map(item => (item.kind === "event" ? item.name : item.kind)).reverse()).toEqual([
    "$identify",
    "Product Viewed",
    "Product Viewed",
    "Signed In",
    "merge",
  ])
})

it("ends the later of two enrollments, and once stays once", async () => {
  const sandbox = await running.sandbox(start + DAY)
  await running.publish(sandbox, welcome)
  await running.send(sandbox, [
    {
      type: "identify",
      userId: "bob",
      traits: { email: "bob@example.com" },
      timestamp: at(0),
      messageId: "b0",
    },
    { type: "track", userId: "bob", event: "Account Created", timestamp: at(1_000), messageId: "b1" },
    visit("phone", "Account Created", 2_000),
  ])
  await running.settle()
  expect((await running.stats(sandbox, welcome.key)).totals).toMatchObject({ entered: 2, inside: 2 })
  await running.send(sandbox, [visit("phone", "Signed In", 3_000, { userId: "bob" })])
  await running.settle()
  const { totals, nodes } = await running.stats(sandbox, welcome.key)
  expect(totals).toMatchObject({ entered: 2, inside: 1, ended: { merged: 1 } })
  expect(nodes["first-order"]).toMatchObject({ ended: { merged: 1 } })
  await running.send(sandbox, [
    visit("phone", "Account Created", 4_000),
    visit("phone", "Account Created", 2_000),
    visit("phone", "Order Completed", 5_000),
  ])
  await running.settle()
  expect((await running.stats(sandbox, welcome.key)).totals).toMatchObject({
    entered: 2,
    inside: 0,
    notAdmitted: { reentry: 1 },
  })
})

it("counts what was done under the other profile, before and after the merge", async () => {
  const sandbox = await running.sandbox(start + DAY)
  await running.publish(sandbox, welcome)
  await running.send(sandbox, [
    {
      type: "identify",
      userId: "cid",
      traits: { email: "cid@example.com" },
      timestamp: at(0),
      messageId: "c0",
    },
    { type: "track", userId: "cid", event: "Account Created", timestamp: at(1_000), messageId: "c1" },
    visit("laptop", "Product Viewed", 2_000),
  ])
  await running.settle()
  await running.send(sandbox, [visit("laptop", "Signed In", 3_000, { userId: "cid" })])
  await running.advance(sandbox, start + 5 * DAY)
  const { nodes } = await running.stats(sandbox, welcome.key)
  expect(nodes.interested).toMatchObject({ left: { browsing: 1, else: 0 } })
})

it("follows chains, and passes on what still reaches a tombstone", async () => {
  const sandbox = await running.sandbox(start + DAY)
  await running.publish(sandbox, welcome)
  const devices = ["d1", "d2", "d3", "d4", "d5"]
  await running.send(
    sandbox,
    devices.map((d, i) => visit(d, "Product Viewed", i)),
  )
  await running.settle()
  await running.send(
    sandbox,
    devices.slice(1).map((d, i) => ({
      type: "track",
      anonymousId: d,
      event: "Linked",
      timestamp: at(1_000 + i),
      context: { externalIds: [{ type: "loyalty_card", id: "card-7" }] },
    })),
  )
  await running.send(
    sandbox,
    devices.map((d, i) => visit(d, "Still There", 2_000 + i)),
  )
  await running.send(sandbox, [
    {
      type: "identify",
      userId: "eve",
      anonymousId: "d1",
      traits: { email: "eve@example.com" },
      context: { externalIds: [{ type: "loyalty_card", id: "card-7" }] },
    },
  ])
  await running.send(
    sandbox,
    devices.map((d, i) => visit(d, "Later", 3_000 + i)),
  )
  await running.settle()
  expect(await onePerson(sandbox)).toBe(true)
  const [counted] = await running.database.engine.execute<{
    names: number
    events: number
    people: number
  }>(sql`
    SELECT count(*)::int AS names, sum(d.count)::int AS events, count(DISTINCT d.profile_id)::int AS people
    FROM profile_events d JOIN event_names n ON n.id = d.name_id WHERE n.workspace_id = ${sandbox.id}`)
  expect(counted).toMatchObject({ events: 5 + 4 + 5 + 5, people: 1 })
  const { items } = await running.engine.profiles.timeline(sandbox, "eve", { limit: 100 })
  const names = items.flatMap(item => (item.kind === "event" ? [item.name] : []))
  expect(names.filter(name => name === "Product Viewed")).toHaveLength(5)
  expect(names.filter(name => name === "Later")).toHaveLength(5)
})

it("finds an identity that was linked to a tombstone at the last moment", async () => {
  const sandbox = await running.sandbox(start + DAY)
  await running.publish(sandbox, welcome)
  await running.send(sandbox, [
    {
      type: "identify",
      userId: "dee",
      traits: { email: "dee@example.com" },
      timestamp: at(0),
      messageId: "d0",
    },
    visit("watch", "Product Viewed", 1),
  ])
  await running.settle()
  await running.send(sandbox, [visit("watch", "Signed In", 2, { userId: "dee" })])
  await running.settle()
  // A door that read who "watch" was before the merge, and links a new identifier afterwards.
  await running.database.engine.execute(sql`
    INSERT INTO identities (slot, workspace_id, kind, value, profile_bucket, profile_id, since)
    SELECT identity_slot(${sandbox.id}, 5::smallint, 'late'), ${sandbox.id}, 5, 'late', bucket, id, now()
    FROM profiles WHERE workspace_id = ${sandbox.id} AND merged_into IS NOT NULL`)
  await running.send(sandbox, [visit("late", "Product Viewed", 3)])
  await running.settle()
  expect(await onePerson(sandbox)).toBe(true)
})

it("never makes two known customers one", async () => {
  const sandbox = await running.sandbox(start + DAY)
  await running.publish(sandbox, welcome)
  await running.send(sandbox, [
    { type: "identify", userId: "one", traits: { email: "family@example.com" }, timestamp: at(0) },
    { type: "identify", userId: "two", traits: { email: "family@example.com" }, timestamp: at(1) },
    visit("tablet", "Signed In", 2, { userId: "one" }),
    visit("tablet", "Signed In", 3, { userId: "two" }),
  ])
  await running.settle()
  const [one, two] = await Promise.all([
    running.engine.profiles.get(sandbox, "one"),
    running.engine.profiles.get(sandbox, "two"),
  ])
  expect(one!.id).not.toBe(two!.id)
  expect(two!.identities).toContainEqual({ kind: "anonymous_id", value: "tablet" })
  const states = await running.database.engine.execute(
    sql`SELECT state FROM merges WHERE workspace_id = ${sandbox.id}`,
  )
  expect([...states]).toEqual([{ state: "refused" }])
})

it("leaves the draws of an enrollment as they were before the merge", async () => {
  const sandbox = await running.sandbox(start)
  const result = parseJourney({
    format: 1,
    key: "halves",
    name: "Halves",
    settings: { reentry: { mode: "always" } },
    nodes: [
      { id: "in", type: "event-entry", config: { event: "Came", maxAge: "P30D" } },
      { id: "pause", type: "delay", config: { for: "P1D" } },
      {
        id: "half",
        type: "random-split",
        config: {
          branches: [
            { id: "a", share: 0.5 },
            { id: "b", share: 0.5 },
          ],
        },
      },
    ],
    edges: [
      { from: "in", outcome: "next", to: "pause" },
      { from: "pause", outcome: "next", to: "half" },
    ],
  })
  if (!result.ok) throw new Error("no journey")
  await running.publish(sandbox, result.value)
  // Half of them would go another way by the survivor's id; that all twelve would not is one in four thousand.
  const people = Array.from({ length: 12 }, (_, n) => ({ user: `half-${n}`, device: `tablet-${n}` }))
  await running.send(
    sandbox,
    people.map(({ user }) => ({
      type: "identify",
      userId: user,
      traits: {},
      timestamp: at(0),
      messageId: user,
    })),
  )
  await running.send(
    sandbox,
    people.map(({ device }) => visit(device, "Came", 0)),
  )
  await running.settle()
  const before = new Map((await identitiesAt(sandbox)).map(row => [row.value, row.profile_id]))
  await running.send(
    sandbox,
    people.map(({ user, device }) => visit(device, "Signed In", 0, { userId: user })),
  )
  await running.settle()
  await running.advance(sandbox, start + DAY)
  const rows = await running.database.engine.execute<{ id: string; outcome: number }>(sql`
    SELECT replace(s.enrollment_id::text, '-', '') AS id, s.outcome FROM step_log s
    JOIN journey_versions v ON v.id = s.version_id JOIN journeys j ON j.id = v.journey_id
    WHERE s.workspace_id = ${sandbox.id} AND j.key = 'halves' AND s.node = 2`)
  const taken = new Map(rows.map(row => [row.id, row.outcome]))
  const expected = people.map(({ device }) => {
    const profile = before.get(device)!
    return {
      id: hashId(sandbox.publicId, "halves", profile, `${device}-Came-0`),
      outcome: draw(profile, "half", "halves") < 0.5 ? 0 : 1,
    }
  })
  expect(expected.map(({ id }) => ({ id, outcome: taken.get(id) }))).toEqual(expected)
  expect((await identitiesAt(sandbox)).some(row => row.profile_id !== before.get(row.value))).toBe(true)
})
