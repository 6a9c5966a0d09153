import { createServer, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { type Journey, type JsonObject, parseJourney } from "@viaggio/journey-model"
import { sql } from "drizzle-orm"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { expectConserved } from "../../testing/conservation.ts"
import { type Running, startRunning } from "../../testing/running.ts"
import { until } from "../../testing/until.ts"
import { createCatalogue } from "../catalogue/catalogue.ts"
import type { Workspace } from "../workspaces/workspace.ts"

/** How the service answers the calls of one customer, call by call; the last one holds. */
const plans = new Map<string, ((answer: ServerResponse) => void)[]>()
const calls: { who: string; id: string }[] = []
const server = createServer((request, answer) => {
  let body = ""
  request.on("data", part => {
    body += part
  })
  request.on("end", () => {
    const { who } = JSON.parse(body) as { who: string }
    calls.push({ who, id: String(request.headers["webhook-id"]) })
    const plan = plans.get(who) ?? []
    const next = plan.length > 1 ? plan.shift() : plan[0]
    next?.(answer)
  })
})
const ok = (body: object) => (answer: ServerResponse) => void answer.writeHead(200).end(JSON.stringify(body))
const status =
  (code: number, headers: Record<string, string> = {}) =>
  (answer: ServerResponse) =>
    void answer.writeHead(code, headers).end()

let running: Running
let live: Workspace
let url = ""
beforeAll(async () => {
  await new Promise<void>(done => server.listen(0, "127.0.0.1", done))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/leads`
  running = await startRunning({ webhooks: { allowPrivate: true } })
  live = await running.live()
  await running.publish(live, journeyOf("calls"))
})
afterEach(async () => {
  expect(running.errors.splice(0)).toEqual([])
  await expectConserved(running)
})
afterAll(async () => {
  await running.stop()
  server.closeAllConnections()
  server.close()
})

const journeyOf = (key: string): Journey => {
  const result = parseJourney({
    format: 1,
    key,
    name: key,
    settings: { reentry: { mode: "always" } },
    nodes: [
      { id: "in", type: "event-entry", config: { event: `Start ${key}`, maxAge: "P30D" } },
      {
        id: "call",
        type: "webhook",
        config: {
          url,
          body: { who: "{{ entry.properties.who }}" },
          attempts: 3,
          timeout: "PT2S",
          save: [{ from: "/lead/id", to: "lead_id" }],
        },
      },
      {
        id: "note",
        type: "update-profile",
        config: { set: [{ attribute: "lead", value: { ref: "context.lead_id" } }] },
      },
      { id: "won", type: "exit", config: { reason: "won" } },
      { id: "lost", type: "exit", config: { reason: "lost" } },
    ],
    edges: [
      { from: "in", outcome: "next", to: "call" },
      { from: "call", outcome: "succeeded", to: "note" },
      { from: "call", outcome: "failed", to: "lost" },
      { from: "note", outcome: "next", to: "won" },
    ],
  })
  if (!result.ok) throw new Error("no journey")
  return result.value
}

const start = (workspace: Workspace, who: string, key = "calls") =>
  running.send(workspace, [
    {
      type: "track",
      userId: who,
      event: `Start ${key}`,
      messageId: `start-${key}-${who}`,
      properties: { who },
    },
  ])

/** The steps of a customer's enrollments as "node.outcome", the profile's lead, and what failed. */
const lifeOf = async (who: string) => {
  const rows = await running.database.engine.execute<{
    node: number
    outcome: number
    note: JsonObject | null
  }>(
    sql`SELECT s.node, s.outcome, s.note FROM step_log s
        JOIN enrollments e ON e.bucket = s.bucket AND e.id = s.enrollment_id
        JOIN identities i ON i.profile_bucket = e.bucket AND i.profile_id = e.profile_id AND i.kind = 1
        WHERE i.value = ${who} ORDER BY s.visit`,
  )
  const names = ["in", "call", "note", "won", "lost"]
  const ways = [["next"], ["succeeded", "failed"], ["next"], [], []]
  return rows.map(({ node, outcome, note }) => ({
    step: `${names[node]}.${outcome < 0 ? "end" : ways[node]?.[outcome]}`,
    ...(typeof note?.error === "string" ? { error: note.error } : {}),
  }))
}
const leadOf = async (who: string) => {
  const [row] = await running.database.engine.execute<{ lead: unknown }>(
    sql`SELECT p.attributes -> 'lead' AS lead FROM profiles p
        JOIN identities i ON i.profile_bucket = p.bucket AND i.profile_id = p.id AND i.kind = 1
        WHERE i.value = ${who}`,
  )
  return row?.lead
}
const isOver = (who: string) =>
  until(async () => (await lifeOf(who)).some(({ step }) => step.endsWith(".end")))
const callsOf = (who: string) => calls.filter(call => call.who === who)

describe("a customer at a webhook", () => {
  it("goes on with what the service answered", async () => {
    plans.set("ann", [ok({ lead: { id: "l-1" } })])
    await start(live, "ann")
    await isOver("ann")
    expect((await lifeOf("ann")).map(({ step }) => step)).toEqual([
      "in.next",
      "call.succeeded",
      "note.next",
      "won.end",
    ])
    expect(await leadOf("ann")).toBe("l-1")
    await running.settle()
    const { items } = await running.engine.profiles.timeline(live, "ann", {})
    expect(items.filter(({ kind }) => kind === "message")).toMatchObject([
      { channel: "webhook", node: "call", state: "sent", subject: expect.stringMatching(/^POST http:/) },
    ])
  })
  it("waits while the service is busy, and the call keeps its id", async () => {
    plans.set("bob", [status(500), status(429, { "retry-after": "0" }), ok({ lead: { id: 2 } })])
    await start(live, "bob")
    await isOver("bob")
    expect(await leadOf("bob")).toBe(2)
    expect(callsOf("bob").length).toBe(3)
    expect(new Set(callsOf("bob").map(({ id }) => id)).size).toBe(1)
    await running.settle()
  })
  it("leaves by failed at a refusal, and after as many attempts as it may have", async () => {
    plans.set("cleo", [status(404)])
    plans.set("dan", [status(503)])
    await Promise.all([start(live, "cleo"), start(live, "dan")])
    await Promise.all([isOver("cleo"), isOver("dan")])
    expect(await lifeOf("cleo")).toMatchObject([
      { step: "in.next" },
      { step: "call.failed", error: expect.stringContaining("404") },
      { step: "lost.end" },
    ])
    expect(await lifeOf("dan")).toMatchObject([
      { step: "in.next" },
      { step: "call.failed", error: expect.stringContaining("503") },
      { step: "lost.end" },
    ])
    expect([callsOf("cleo").length, callsOf("dan").length]).toEqual([1, 3])
    await running.settle()
  })
})

describe("while an answer is out", () => {
  it("a paused journey takes it, and holds before the next node until it is resumed", async () => {
    await running.publish(live, journeyOf("pauses"))
    let answerNow: (() => void) | undefined
    plans.set("eve", [
      answer => {
        answerNow = () => ok({ lead: { id: "l-5" } })(answer)
      },
    ])
    await start(live, "eve", "pauses")
    await until(() => answerNow !== undefined)
    await running.engine.runs.pause(live, "pauses")
    answerNow?.()
    await running.settle()
    expect((await lifeOf("eve")).map(({ step }) => step)).toEqual(["in.next", "call.succeeded"])
    await running.engine.runs.resume(live, "pauses")
    await isOver("eve")
    expect(await leadOf("eve")).toBe("l-5")
    await running.settle()
  })
  it("a stopped journey has ended them, and the answer changes nothing", async () => {
    await running.publish(live, journeyOf("stops"))
    let answerNow: (() => void) | undefined
    plans.set("fay", [
      answer => {
        answerNow = () => ok({ lead: { id: "l-6" } })(answer)
      },
    ])
    await start(live, "fay", "stops")
    await until(() => answerNow !== undefined)
    await running.engine.runs.stop(live, "stops")
    await isOver("fay")
    answerNow?.()
    await running.settle()
    expect((await lifeOf("fay")).map(({ step }) => step)).toEqual(["in.next", "call.end"])
    expect(await leadOf("fay")).toBeNull()
  })
})

describe("in a sandbox", () => {
  const noon = Date.parse("2026-03-01T12:00:00.000Z")
  it("the stand-in answers at the instant of asking, and nothing is called", async () => {
    const sandbox = await running.sandbox(noon)
    await running.publish(sandbox, journeyOf("calls"))
    const stub = { outcome: "succeeded", body: { lead: { id: "made up" } } } as const
    await running.workspaces.update(sandbox, { webhookStub: stub })
    running.engine.redefined()
    await start(sandbox, "gus")
    await running.advance(sandbox, noon + 1)
    expect((await lifeOf("gus")).map(({ step }) => step)).toEqual([
      "in.next",
      "call.succeeded",
      "note.next",
      "won.end",
    ])
    expect(await leadOf("gus")).toBe("made up")
    expect(callsOf("gus")).toEqual([])
  })
})

it("what comes back from calls is no event that anybody could choose or count", async () => {
  const { events } = await createCatalogue(running.database.analytics).list(live)
  expect(events.map(({ name }) => name).filter(name => name.startsWith("$"))).toEqual([])
  const { items } = await running.engine.profiles.timeline(live, "ann", {})
  expect(items.filter(item => item.kind === "event").map(item => ("name" in item ? item.name : ""))).toEqual([
    "Start calls",
  ])
})
