import { sql } from "drizzle-orm"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { createTestDatabase, type TestDatabase } from "../../testing/database.ts"
import { errorCode } from "./connect.ts"
import { copyInto, copyText, rowsInto } from "./copy.ts"

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  await database.engine.execute(sql`CREATE TABLE copied (id int PRIMARY KEY, body jsonb, said text)`)
})
afterAll(() => database.drop())

const copy = copyInto("copied", ["id", "body", "said"])
const all = () =>
  database.engine.execute<{ id: number; body: unknown; said: string }>(sql`SELECT * FROM copied`)

describe("rows over COPY", () => {
  it("brings any text as it is, and the transaction goes on", async () => {
    const texts = ['a\tb\nc\rd\\e"f', "\\N", "\\.", "{}", "è 🎈", ""]
    await database.engine.transaction(async tx => {
      await copy(
        tx,
        texts.map((text, i) => `${i}\t${copyText(JSON.stringify({ text }))}\t${copyText(text)}\n`).join(""),
      )
      await tx.execute(sql`DELETE FROM copied WHERE id = 0`)
    })
    const rows = await all()
    expect(rows.map(row => [row.said, row.body])).toEqual(texts.slice(1).map(text => [text, { text }]))
  })

  it("brings few rows and many alike", async () => {
    const put = rowsInto("copied", { id: "int", body: "jsonb", said: "text" })
    const texts = ['a\tb\nc\rd\\e"f', "\\N", "\\\\t", "\\t", "{}", "è 🎈", "", "NULL", "a,b}"]
    for (const copies of [1, 1_000]) {
      await database.engine.execute(sql`TRUNCATE copied`)
      const said = Array.from({ length: copies }, () => texts).flat()
      const rows = said.map((text, i) => `${i}\t${copyText(JSON.stringify({ text }))}\t${copyText(text)}\n`)
      await database.engine.transaction(tx => put(tx, rows.join("")))
      const stored = await database.engine.execute<{ body: unknown; said: string }>(
        sql`SELECT body, said FROM copied ORDER BY id`,
      )
      expect(stored.map(row => [row.said, row.body])).toEqual(said.map(text => [text, { text }]))
    }
    await database.engine.execute(sql`TRUNCATE copied`)
  })

  it("says what the server refused, and leaves nothing behind and the connection usable", async () => {
    const before = await all()
    for (const [rows, code] of [
      ["7\t{}\ta\n7\t{}\tb\n", "23505"],
      ["8\t{\ta\n", "22P02"],
      // So many that the server answers before it has read them all.
      ["x\t{}\ta\n".repeat(200_000), "22P02"],
    ] as const) {
      const error = await database.engine.transaction(tx => copy(tx, rows)).catch(e => e)
      expect(errorCode(error)).toBe(code)
    }
    expect(await all()).toEqual(before)
  })
})
