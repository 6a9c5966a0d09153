import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type Incoming, type Rejection, readCall } from "./message.ts"

const track = { type: "track", event: "Order Completed", userId: "u", messageId: "m" }
const read = (call: unknown) => readCall(call, 3, "fallback")
const accepted = (call: unknown): Incoming => {
  const result = read(call)
  if ("field" in result) throw new Error(result.text)
  return result
}

describe("a call of Segment's format", () => {
  it.each<[string, unknown, Partial<Rejection>]>([
    ["no object", 7, { field: "" }],
    ["null", null, { field: "" }],
    ["an unknown type", { ...track, type: "purchase" }, { field: "type", messageId: "m" }],
    ["a track call without event", { ...track, event: undefined }, { field: "event" }],
    ["an event name of spaces", { ...track, event: "  " }, { field: "event" }],
    ["an event name of ours", { ...track, event: "$merged" }, { field: "event" }],
    ["an event name of 201 characters", { ...track, event: "x".repeat(201) }, { field: "event" }],
    ["nobody", { ...track, userId: undefined }, { field: "userId" }],
    ["a user id that means nobody", { ...track, userId: "null" }, { field: "userId" }],
    ["a user id that is an object", { ...track, userId: {} }, { field: "userId" }],
    ["a time that is none", { ...track, timestamp: "yesterday" }, { field: "timestamp" }],
    ["properties that are a list", { ...track, properties: [1] }, { field: "properties" }],
    ["an empty message id", { ...track, messageId: "" }, { field: "messageId" }],
    ["a message id of 129 bytes", { ...track, messageId: "é".repeat(65) }, { field: "messageId" }],
    [
      "201 traits",
      {
        type: "identify",
        userId: "u",
        traits: Object.fromEntries(Array.from({ length: 201 }, (_, i) => [i, i])),
      },
      { field: "traits", text: expect.stringContaining("more than 200") },
    ],
    ["more than 32 kB", { ...track, properties: { text: "x".repeat(33_000) } }, { field: "event" }],
    [
      "a number past all doubles",
      { ...track, properties: JSON.parse('{"n":1e999}') },
      { field: "properties.n" },
    ],
    [
      "33 levels",
      { ...track, properties: JSON.parse(`${'{"a":'.repeat(33)}1${"}".repeat(33)}`) },
      { text: expect.stringContaining("nested") },
    ],
  ])("names what is wrong with %s", (_name, call, expected) => {
    expect(read(call)).toMatchObject({ index: 3, ...expected })
  })

  it("takes numbers as ids, keeps types, and orders identifiers as they come", () => {
    expect(accepted({ ...track, userId: 42, properties: { total: 1.5, gift: true } })).toMatchObject({
      kind: 2,
      name: "Order Completed",
      identifiers: [{ kind: 1, value: "42" }],
      properties: { total: 1.5, gift: true },
    })
  })

  it("makes an e-mail address of identify an identity, in lower case", () => {
    const call = { type: "identify", userId: "u", traits: { email: " Ada@Example.COM " } }
    expect(accepted(call)).toMatchObject({
      messageId: "fallback",
      identifiers: [
        { kind: 1, value: "u" },
        { kind: 3, value: "ada@example.com" },
      ],
      traits: { email: " Ada@Example.COM " },
    })
  })

  it("cleans the addresses that come with any call", () => {
    const externalIds = [
      { type: "email", id: "a\u0000da@example.com" },
      { type: "email", id: "\ud800@example.com" },
    ]
    expect(accepted({ ...track, context: { externalIds } }).identifiers).toEqual([
      { kind: 1, value: "u" },
      { kind: 3, value: "ada@example.com" },
      { kind: 3, value: "\ufffd@example.com" },
    ])
  })

  it("calls pages and screens by one name each and keeps their own as a property", () => {
    const page = accepted({ type: "page", name: "Home", anonymousId: "a", properties: { path: "/" } })
    expect(page).toMatchObject({ name: "Page Viewed", properties: { path: "/", name: "Home" } })
    expect(accepted({ type: "screen", anonymousId: "a" }).name).toBe("Screen Viewed")
  })

  it("cleans text that no database can hold", () => {
    const call = {
      ...track,
      properties: { "a\u0000b": "x\u0000y", lone: "\ud800!", pair: "😀", e: "e\u0301" },
    }
    expect(accepted(call).properties).toEqual({ ab: "xy", lone: "\ufffd!", pair: "😀", e: "é" })
  })

  it("answers every JSON value with an event or a rejection, and stores only JSON", () => {
    fc.assert(
      fc.property(
        fc.record(
          {
            type: fc.constantFrom("track", "identify", "page", "group", "alias", "nonsense"),
            event: fc.oneof(fc.string(), fc.jsonValue()),
            userId: fc.jsonValue(),
            anonymousId: fc.oneof(fc.string({ unit: "binary" }), fc.constant(undefined)),
            properties: fc.jsonValue(),
            traits: fc.jsonValue(),
            context: fc.jsonValue(),
            timestamp: fc.oneof(fc.date({ noInvalidDate: true }).map(String), fc.jsonValue()),
            messageId: fc.oneof(fc.string({ unit: "binary" }), fc.jsonValue()),
          },
          { requiredKeys: [] },
        ),
        call => {
          const result = read(call)
          if ("field" in result) expect(result.text).not.toBe("")
          else {
            expect(JSON.parse(result.body)).toBeTypeOf("object")
            expect(result.body).not.toContain("\\u0000")
            expect(result.identifiers.length).toBeGreaterThan(0)
          }
        },
      ),
      { numRuns: 500 },
    )
  })
})
