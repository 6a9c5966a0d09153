import { expect, test } from "vitest"
import { uuidV7 } from "./ports.ts"

const at = Date.parse("2026-11-21T18:44:00.000Z")

test("an id is a UUID of version 7 whose first 48 bits are the instant", () => {
  const id = uuidV7(at, new Uint8Array(10).fill(0xff))
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16)).toBe(at)
})

test("later ids sort after earlier ones, whatever chance says", () => {
  expect(uuidV7(at, new Uint8Array(10).fill(0xff)) < uuidV7(at + 1, new Uint8Array(10))).toBe(true)
})
