import { type JourneyStats, parseInstant } from "@viaggio/journey-model"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { welcome } from "../../testing/journeys.ts"
import { type Running, startRunning } from "../../testing/running.ts"
import type { Workspace } from "../workspaces/workspace.ts"
import type { Behind, NumberAsked } from "./behind.ts"

const start = parseInstant("2026-06-01T12:00:00Z")!
const hourMs = 3_600_000
const at = (ms: number) => new Date(ms).toISOString()

let running: Running
let workspace: Workspace
const { key } = welcome

/** Thirty customers on their way through two versions: some without an address, some buy, two turn out to be one. */
beforeAll(async () => {
  running = await startRunning()
  workspace = await running.sandbox(start)
  await running.publish(workspace, welcome)
  await enter(0, 20)
  const slower = welcome.nodes.map(node =>
    node.id === "first-order" ? { ...node, config: { ...node.config, timeout: "P5D" } } : node,
  )
  await running.advance(workspace, start + hourMs)
  expect(await running.publish(workspace, { ...welcome, nodes: slower })).toBe(2)
  await enter(20, 30)
  await running.send(
    workspace,
    [1, 2, 3, 22].map(i => ({
      type: "track",
      event: "Order Completed",
      userId: `u${i}`,
      messageId: `o${i}`,
    })),
  )
  await running.send(workspace, [
    { type: "track", event: "Product Viewed", userId: "u4", messageId: "v4" },
    { type: "track", event: "Product Viewed", userId: "u5", messageId: "v5" },
  ])
  await running.advance(workspace, start + 80 * hourMs)
  // An anonymous customer's card turns out to be u25's.
  await running.send(workspace, [
    {
      type: "identify",
      anonymousId: "a1",
      messageId: "a1",
      context: { externalIds: [{ type: "loyalty_card", id: "c1" }] },
    },
    { type: "track", event: "Account Created", anonymousId: "a1", messageId: "ea1" },
  ])
  await running.settle()
  await running.send(workspace, [
    {
      type: "identify",
      userId: "u25",
      messageId: "m25",
      context: { externalIds: [{ type: "loyalty_card", id: "c1" }] },
    },
  ])
  await running.settle()
})
afterAll(() => running.stop())

const enter = async (from: number, to: number) => {
  for (let i = from; i < to; i += 1) {
    const traits = i % 6 === 5 ? {} : { email: `u${i}@example.com`, name: `Person ${i}` }
    await running.send(workspace, [
      { type: "identify", userId: `u${i}`, messageId: `i${i}`, traits },
      { type: "track", event: "Account Created", userId: `u${i}`, messageId: `e${i}` },
    ])
  }
  await running.settle()
}

const open = async (asked: object): Promise<Behind[]> => {
  const items: Behind[] = []
  let before: string | undefined
  do {
    const page = await running.engine.behind.customers(workspace, {
      key,
      version: "all",
      limit: 4,
      ...asked,
      ...(before === undefined ? {} : { before }),
    } as NumberAsked)
    items.push(...page.items)
    before = page.next
  } while (before !== undefined)
  return items
}

/** Every number of an answer, with how it is asked for. */
const numbersOf = ({ nodes, totals }: JourneyStats): [asked: Record<string, unknown>, n: number][] => [
  [{ kind: "inside" }, totals.inside],
  [{ kind: "entered" }, totals.entered],
  ...Object.entries(totals.ended).map(([reason, n]): [Record<string, unknown>, number] => [
    { kind: "ended", reason },
    n,
  ]),
  ...Object.entries(nodes).flatMap(([node, counts]): [Record<string, unknown>, number][] => [
    [{ kind: "inside", node }, counts.inside],
    [{ kind: "failed", node }, counts.failed],
    ...Object.entries(counts.left).map(([outcome, n]): [Record<string, unknown>, number] => [
      { kind: "outcome", node, outcome },
      n,
    ]),
    ...Object.entries(counts.ended).map(([reason, n]): [Record<string, unknown>, number] => [
      { kind: "ended", node, reason },
      n,
    ]),
    ...Object.entries(counts.messages ?? {}).map(([state, n]): [Record<string, unknown>, number] => [
      { kind: "messages", node, state },
      n,
    ]),
  ]),
]

describe("as many customers stand behind a number as it says", () => {
  test.each(["all", 1, 2] as const)("of version %s", async version => {
    const stats = (await running.engine.stats.journey(workspace, key, version)) as unknown as JourneyStats
    const numbers = numbersOf(stats)
    expect(numbers.filter(([, n]) => n > 0).length).toBeGreaterThan(9)
    for (const [asked, n] of numbers)
      expect(await open({ ...asked, version }), JSON.stringify(asked)).toHaveLength(n)
  })
})

test("who comes in last stands first, with when they go on", async () => {
  const inside = await open({ kind: "inside", node: "first-order" })
  const times = inside.map(item => item.at)
  expect(times).toEqual([...times].sort().reverse())
  expect(inside.every(item => item.wakeAt! > item.at && item.version === 2)).toBe(true)
})

test("an outcome says why, and leads to the customer and the message", async () => {
  const [suppressed] = await open({ kind: "outcome", node: "welcome", outcome: "suppressed" })
  expect(suppressed).toMatchObject({
    node: "welcome",
    outcome: "suppressed",
    because: { leaf: "profile.email" },
  })
  const sent = await open({ kind: "messages", node: "welcome", state: "sent" })
  const message = await running.engine.messages.get(workspace, sent[0]!.messageId!)
  expect(message.to).toBe(sent[0]!.email)
  expect(await running.engine.profiles.get(workspace, sent[0]!.id)).toMatchObject({ id: sent[0]!.id })
})

test("steps of somebody who became another lead to that one", async () => {
  const merged = await open({ kind: "outcome", node: "start", outcome: "next" })
  expect(merged.filter(({ userId }) => userId === "u25")).toHaveLength(2)
})

test("more than a thousand are not shown, and that is said", async () => {
  const crowd = await running.sandbox(start)
  await running.publish(crowd, welcome)
  const calls = Array.from({ length: 1_010 }, (_, i) => ({
    type: "track",
    event: "Account Created",
    userId: `c${i}`,
    messageId: `c${i}`,
    timestamp: at(start),
  }))
  await running.send(crowd, calls)
  await running.settle()
  const ids = new Set<string>()
  let before: string | undefined
  let capped: true | undefined
  do {
    const page = await running.engine.behind.customers(crowd, {
      key,
      version: "all",
      kind: "entered",
      limit: 200,
      ...(before === undefined ? {} : { before }),
    })
    for (const { id } of page.items) ids.add(id)
    before = page.next
    capped = page.capped
  } while (before !== undefined)
  expect(ids.size).toBe(1_000)
  expect(capped).toBe(true)
})

test("a node that no version has, and a cursor that is none", async () => {
  await expect(open({ kind: "inside", node: "nowhere" })).rejects.toMatchObject({ kind: "not-found" })
  expect(await open({ kind: "inside", before: "x_y_z" })).not.toEqual([])
})
