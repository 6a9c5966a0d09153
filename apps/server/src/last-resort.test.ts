import { afterAll, beforeAll, expect, it } from "vitest"
import { createTestDatabase, type TestDatabase } from "../testing/database.ts"
import { type ServerProcess, startProcess } from "../testing/process.ts"
import { until } from "../testing/until.ts"

let database: TestDatabase
let server: ServerProcess
beforeAll(async () => {
  database = await createTestDatabase()
  server = await startProcess({
    databaseUrl: database.url,
    preload: [new URL("../testing/plant-faults.mjs", import.meta.url)],
  })
})
afterAll(async () => {
  await server.stop()
  await database.drop()
})

it("goes on after a rejection that nobody looked at, and logs it", async () => {
  server.signal("SIGUSR2")
  await until(() => server.output().includes("nobody looked"))
  expect(server.output()).toContain("planted rejection")
  expect((await fetch(`${server.url}/readyz`)).status).toBe(200)
})

it("stops with a sentence after an error that nobody caught", async () => {
  server.signal("SIGWINCH")
  expect(await server.gone).toEqual({ code: 1, signal: null })
  expect(server.output()).toContain(
    "Viaggio stops because of an error that nobody caught: planted error. The log has more.",
  )
})
