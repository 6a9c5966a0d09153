import { sql } from "drizzle-orm"
import fc from "fast-check"
import { afterAll, beforeAll, expect, it } from "vitest"
import { createTestDatabase, type TestDatabase } from "../../testing/database.ts"
import { statement, value } from "./statement.ts"

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

const echo = statement<
  { texts: (string | null)[]; jsons: (string | null)[]; numbers: (number | null)[] },
  { texts: unknown; jsons: unknown; numbers: unknown }
>(
  "test_echo",
  sql`SELECT to_jsonb(${value("texts", "text[]")}) AS texts, to_jsonb(${value("jsons", "jsonb[]")}) AS jsons,
             to_jsonb(${value("numbers", "bigint[]")}) AS numbers`,
)

/** Any text that PostgreSQL can hold: no NUL, no half of a surrogate pair. */
const text = fc.string({ unit: "binary" }).filter(s => !s.includes("\0"))
const awkward = fc.constantFrom(
  "",
  "null",
  "NULL",
  "{}",
  ",",
  '"',
  "\\",
  "\\n",
  "\n",
  "\t",
  " a ",
  "😀",
  "\u2028",
)

it("brings arrays to the database as they are", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.option(fc.oneof(text, awkward))),
      fc.array(fc.option(fc.dictionary(fc.oneof(text, awkward), fc.oneof(text, awkward)))),
      fc.array(fc.option(fc.integer())),
      async (texts, objects, numbers) => {
        const jsons = objects.map(object => object && JSON.stringify(object))
        const [row] = await echo(database.engine, { texts, jsons, numbers })
        expect(row).toEqual({ texts, jsons: objects, numbers })
      },
    ),
    { numRuns: 300 },
  )
})
