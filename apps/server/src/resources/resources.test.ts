import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { createTestDatabase, type TestDatabase } from "../../testing/database.ts"
import { createResources } from "./resources.ts"

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

const limit = { permits: 100, windowMs: 1_000 }

describe("permits of a resource", () => {
  it("are evenly spread, and given once", async () => {
    const resources = createResources({ db: database.engine })
    const first = await resources.lease("spread", limit, 30, 1_000)
    expect(first).toMatchObject({ everyMs: 10, granted: 30 })
    expect(first.inMs).toBeLessThan(5)
    const second = await resources.lease("spread", limit, 30, 1_000)
    expect(second.granted).toBe(30)
    expect(second.inMs).toBeGreaterThan(200)
    expect(second.inMs).toBeLessThanOrEqual(300)
  })

  it("are never more than the rate, whatever many processes ask for at once", async () => {
    const began = performance.now()
    const leases = await Promise.all(
      Array.from({ length: 8 }, () => createResources({ db: database.engine })).map(resources =>
        resources.lease("shared", limit, 100, 1_000),
      ),
    )
    const passedMs = performance.now() - began
    const granted = leases.reduce((sum, lease) => sum + lease.granted, 0)
    expect(granted).toBeGreaterThanOrEqual(100)
    expect(granted).toBeLessThanOrEqual(Math.ceil((1_000 + passedMs) / 10) + 8)
  })

  it("follow a limit that was changed", async () => {
    const resources = createResources({ db: database.engine })
    await resources.lease("changed", limit, 1, 1_000)
    expect(await resources.lease("changed", { permits: 2, windowMs: 1_000 }, 5, 1_000)).toMatchObject({
      everyMs: 500,
      granted: 2,
    })
  })
})
