import { afterAll, beforeAll, expect, it } from "vitest"
import { type Running, startRunning } from "../../testing/running.ts"
import { identitiesSchema } from "./service.ts"
import type { Workspace } from "./workspace.ts"

let running: Running
beforeAll(async () => {
  running = await startRunning()
})
afterAll(() => running.stop())

const seen = (anonymousId: string, card: string, messageId: string) => ({
  type: "track",
  event: "Product Viewed",
  anonymousId,
  messageId,
  context: { externalIds: [{ type: "loyalty_card", id: card, collection: "users", encoding: "none" }] },
})

/** How many people two visitors are when one shows the other's card: the card decides, the visitor's id would join. */
async function peopleOfOneCard(workspace: Workspace, card: string): Promise<number> {
  await running.send(workspace, [seen("a", card, "1"), seen("b", "another", "2")])
  await running.send(workspace, [seen("b", card, "3")])
  await running.settle()
  const { items } = await running.engine.profiles.list(workspace, {})
  return items.length
}

it("what a workspace says of its identities holds for the events that come then", async () => {
  const usual = await running.live()
  expect(await peopleOfOneCard(usual, "0000")).toBe(1)

  const apart = await running.live()
  const { kinds, blocked } = running.workspaces.incoming(apart)
  expect(blocked).toEqual([])
  await running.workspaces.update(apart, {
    identities: { kinds: { ...kinds, anonymous_id: { joins: false, most: 1 } }, blocked: [] },
  })
  expect(await peopleOfOneCard(apart, "0000")).toBe(2)

  const till = await running.live()
  await running.workspaces.update(till, { identities: { kinds: {}, blocked: ["0000"] } })
  expect(await peopleOfOneCard(till, "0000")).toBe(2)
  expect(running.workspaces.incoming((await running.workspaces.find(till.id))!)).toEqual({
    trustLate: false,
    eventsPerSecond: 50_000,
    kinds,
    blocked: ["0000"],
  })
})

it("values that name nobody are kept as the door compares them", () => {
  expect(identitiesSchema.parse({ blocked: [" Info@Shop.EXAMPLE ", "+39 (02) 12-34"] }).blocked).toEqual([
    "info@shop.example",
    "+39021234",
  ])
})
