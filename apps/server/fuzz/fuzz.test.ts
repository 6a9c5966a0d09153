import { sql } from "drizzle-orm"
import { afterAll, beforeAll, expect, it } from "vitest"
import { expectConserved } from "../testing/conservation.ts"
import { welcome } from "../testing/journeys.ts"
import { createTestServer, signUpOwner, type TestServer, testAdminKey } from "../testing/server.ts"
import { procedureTarget, routeTarget } from "./api-target.ts"
import { doorTarget } from "./door-target.ts"
import { conditionTarget, documentTarget, templateTarget } from "./model-target.ts"
import { fuzz } from "./run.ts"

/** A short form with a pinned seed by itself; `npm run fuzz` asks for 100,000 inputs and a new seed each time. */
const inputs = Number(process.env.FUZZ_INPUTS ?? 3_000)
const isLong = process.env.FUZZ_INPUTS !== undefined
const seed = Number(process.env.FUZZ_SEED ?? (isLong ? Math.floor(Math.random() * 2 ** 31) : 20_261_121))
const only = process.env.FUZZ_ONLY
const from = process.env.FUZZ_FROM

let server: TestServer
let session: { cookie: string; workspaceId: string }
beforeAll(async () => {
  server = await createTestServer()
  session = await signUpOwner(server)
  await server.engine.start()
  for (const [method, path] of [
    ["PUT", ""],
    ["POST", "/publish"],
  ] as const) {
    const answer = await server.app.inject({
      method,
      url: `/api/v1/journeys/${welcome.key}${path}`,
      headers: { authorization: `Bearer ${testAdminKey}` },
      ...(method === "PUT" ? { payload: welcome } : {}),
    })
    expect(answer.statusCode).toBeLessThan(300)
  }
})
afterAll(async () => {
  await server.engine.stop()
  await server.stop()
})

it(
  `answers ${inputs} bad inputs without a fault (seed ${seed})`,
  async () => {
    const targets = [
      doorTarget(server),
      procedureTarget(server, session),
      routeTarget(server, session),
      documentTarget,
      conditionTarget,
      templateTarget,
    ]
    const { outcomes, findings } = await fuzz(targets, {
      inputs,
      seed,
      ...(only === undefined ? {} : { only }),
      ...(from === undefined ? {} : { from: Number(from) }),
    })
    console.log(`seed ${seed}: ${JSON.stringify(outcomes, null, 1)}`)
    expect(findings).toEqual([])
    // Inputs that never get past the first check would prove little.
    if (only === undefined)
      for (const [target, outcome] of [
        ["door", "200 with events"],
        ["procedures", "200"],
        ["routes", "200"],
        ["documents", "walked"],
        ["conditions", "true"],
        ["templates", "rendered"],
      ] as const)
        expect(outcomes[target]![outcome], `${target}: ${outcome}`).toBeGreaterThan(inputs / 400)
  },
  60_000 + inputs * 60,
)

it("works on as before: nobody set aside, nothing behind, every number right", async () => {
  const events = { type: "track", event: "Seen", userId: "after", messageId: "after" }
  const answer = await server.app.inject({
    method: "POST",
    url: "/v1/batch",
    headers: { authorization: `Basic ${Buffer.from(`${testAdminKey}:`).toString("base64")}` },
    payload: { batch: [events] },
  })
  expect(answer.json()).toMatchObject({ accepted: 1 })
  await server.engine.catalogue.flush()
  for (;;) {
    const [row] = await server.database.engine.execute<{ behind: number }>(
      sql`SELECT count(*)::int AS behind FROM buckets b JOIN bucket_heads h USING (bucket)
          WHERE h.head_seq > b.cursor_seq`,
    )
    if (row!.behind === 0) break
    await server.ports.sleep(20)
  }
  const stuck = await server.database.engine.execute(sql`SELECT profile_id, error FROM stuck`)
  expect([...stuck]).toEqual([])
  await expectConserved({
    database: server.database,
    engine: server.engine,
    workspaces: server.services.workspaces,
  })
}, 120_000)
