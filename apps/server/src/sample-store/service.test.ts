import { parseInstant, templateNeeds } from "@viaggio/journey-model"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { createTestServer, signUpOwner, type TestServer, workspaceOf } from "../../testing/server.ts"
import { untilAnswer } from "../../testing/until.ts"
import { readCall } from "../ingest/message.ts"
import type { Workspace } from "../workspaces/workspace.ts"
import { hourOf, storyOf } from "./shop.ts"

describe("the shop", () => {
  const hours = Array.from({ length: 300 }, (_, hour) => hourOf("s", hour, "en"))

  test("is the same for the same seed, and another for another", () => {
    expect(hourOf("s", 100, "en")).toEqual(hours[100])
    expect(hourOf("t", 100, "en")).not.toEqual(hours[100])
  })

  test("loses nothing of a story and tells nothing twice", () => {
    const told = hours.flat().map(({ messageId }) => messageId)
    expect(new Set(told).size).toBe(told.length)
    for (const n of [0, 7, 40])
      expect(told.filter(id => id.startsWith(`sample:s:${n}:`))).toHaveLength(storyOf("s", n, "en").length)
  })

  test("sends calls that the door takes, with what the templates read, to nobody's address", () => {
    const seen = new Map<string, Set<string>>()
    for (const { call, messageId } of hours.flat()) {
      const read = readCall({ ...call, messageId }, 0, "")
      if ("field" in read) throw new Error(read.text)
      const known = seen.get(read.name) ?? new Set()
      seen.set(read.name, known)
      for (const name of Object.keys(read.properties)) known.add(name)
      if (read.traits) expect(read.traits.email).toMatch(/@example\.com$/)
    }
    for (const id of ["welcome", "abandoned-cart"] as const)
      for (const [event, { properties }] of Object.entries(templateNeeds(id).events))
        expect([...(seen.get(event) ?? [])], event).toEqual(expect.arrayContaining(Object.keys(properties)))
  })
})

describe("in one click", () => {
  let server: TestServer
  let workspace: Workspace

  beforeAll(async () => {
    server = await createTestServer()
    await server.engine.start()
    server.services.tasks.start()
    workspace = await workspaceOf(server, (await signUpOwner(server)).workspaceId)
  })
  afterAll(async () => {
    await server.services.tasks.stop()
    await server.engine.stop()
    await server.stop()
  })

  test("a sandbox with a live journey, whose numbers move at once, until it is stopped", async () => {
    const { sampleStore, stats, clock, messages } = server.services
    const made = await sampleStore.start(workspace, { where: "sandbox", language: "it" }, "Ann")
    const sandbox = await workspaceOf(server, made.workspace)
    expect(sandbox.name).toBe("Negozio di prova")
    const inside = async () => {
      const { nodes } = await stats.journey(sandbox, made.journey, "all")
      return Math.max(...Object.values(nodes).map(node => node.inside))
    }
    const seen = new Set<number>()
    await untilAnswer(inside, n => seen.add(n).size > 4)
    const view = await sampleStore.get(sandbox)
    expect(view).toMatchObject({ running: true, journey: made.journey })
    expect(view.events).toBeGreaterThan(view.customers)
    expect((await clock.get(sandbox)).now).toBeGreaterThan(parseInstant(view.startedAt!)!)
    expect((await messages.list(sandbox, { state: "sent" })).items.length).toBeGreaterThan(0)
    await expect(sampleStore.start(sandbox, { where: "here", language: "it" }, "Ann")).rejects.toMatchObject({
      kind: "conflict",
    })

    expect((await sampleStore.stop(sandbox)).running).toBe(false)
    await server.services.tasks.stop()
    server.services.tasks.start()
    const after = await sampleStore.get(sandbox)
    expect(after.running).toBe(false)
    expect(await sampleStore.get(workspace)).toEqual({ running: false, customers: 0, events: 0 })
  }, 60_000)
})
