import { afterAll, beforeAll, expect, it } from "vitest"
import { createTestDatabase, type TestDatabase } from "../../testing/database.ts"
import { connect, errorCode } from "./connect.ts"
import { guardPatience } from "./patience.ts"

let test: TestDatabase
beforeAll(async () => {
  test = await createTestDatabase()
})
afterAll(() => test.drop())

it("ends a statement that is never answered, and leaves the others alone", async () => {
  const client = connect(test.url, { max: 2 })
  guardPatience(client, 500)
  const forgotten = client.unsafe("select pg_sleep(3)").then(
    () => "answered",
    (error: unknown) => errorCode(error),
  )
  expect([...(await client.unsafe("select 1 as one"))]).toEqual([{ one: 1 }])
  expect(await forgotten).toBe("CONNECTION_LOST")
  await expect(client.unsafe("select nothing")).rejects.toThrow("nothing")
  expect(await client.begin(async tx => [...(await tx.unsafe("select 2 as two"))])).toEqual([{ two: 2 }])
  await client.end({ timeout: 1 })
})
