import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { cleanJson } from "./clean-json.ts"
import { formatDuration, parseDuration } from "./duration.ts"
import { hashId, sha256Hex } from "./hash.ts"
import { isId, slugId } from "./ids.ts"
import { joinPath, readPath, splitPath } from "./path.ts"
import { toPointer } from "./pointer.ts"
import { normaliseObject, toNfc, utf8Length } from "./text.ts"
import { formatInstant, parseDateOrInstant, parseInstant } from "./time.ts"

describe("durations", () => {
  const table: [text: string, ms: number | undefined][] = [
    ["P3D", 259_200_000],
    ["P1W", 604_800_000],
    ["PT1H30M", 5_400_000],
    ["P1W2DT3H4M5S", 788_645_000],
    ["PT0S", 0],
    ["P", undefined],
    ["PT", undefined],
    ["P1DT", undefined],
    ["P1M", undefined],
    ["P1Y", undefined],
    ["PT1.5H", undefined],
    ["-P1D", undefined],
    ["p1d", undefined],
    [" P1D", undefined],
  ]
  test.each(table)("%s", (text, ms) => expect(parseDuration(text)).toBe(ms))
  test("what is formatted parses back, days first", () => {
    fc.assert(
      fc.property(fc.nat({ max: 730 * 86_400 }), seconds => {
        expect(parseDuration(formatDuration(seconds * 1000))).toBe(seconds * 1000)
      }),
    )
    expect(formatDuration(14 * 86_400_000)).toBe("P14D")
    expect(formatDuration(5_400_000)).toBe("PT1H30M")
    expect(formatDuration(0)).toBe("PT0S")
  })
})

describe("instants", () => {
  const table: [text: string, iso: string | undefined][] = [
    ["2026-11-21T18:44:00.000Z", "2026-11-21T18:44:00.000Z"],
    ["2026-11-21T18:44:00+01:00", "2026-11-21T17:44:00.000Z"],
    ["2026-11-21t18:44:00.1239z", "2026-11-21T18:44:00.123Z"],
    ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z"],
    ["9999-12-31T23:59:59Z", "9999-12-31T23:59:59.000Z"],
    ["2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000Z"],
    ["2026-02-29T00:00:00Z", undefined],
    ["2026-13-01T00:00:00Z", undefined],
    ["2026-01-01T24:00:00Z", undefined],
    ["2026-01-01T00:00:60Z", undefined],
    ["2026-01-01T00:00:00", undefined],
    ["2026-01-01", undefined],
    ["yesterday", undefined],
  ]
  test.each(table)("%s", (text, iso) => {
    const instant = parseInstant(text)
    expect(instant === undefined ? undefined : formatInstant(instant)).toBe(iso)
  })
  test("a plain date is midnight UTC", () => {
    expect(parseDateOrInstant("2026-11-21")).toBe(Date.UTC(2026, 10, 21))
    expect(parseDateOrInstant("2026-11-31")).toBeUndefined()
  })
})

describe("paths", () => {
  test("dots descend, an escaped dot is part of a name", () => {
    expect(readPath({ address: { city: "Pisa" } }, "address.city")).toBe("Pisa")
    expect(readPath({ "a.b": { c: 1 } }, "a\\.b.c")).toBe(1)
    expect(readPath({ list: [1] }, "list.0")).toBeUndefined()
    expect(readPath({}, "constructor.name")).toBeUndefined()
    expect(readPath({ text: "abc" }, "text.length")).toBeUndefined()
  })
  test("joining and splitting are inverse for any names", () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1, maxLength: 4 }), names => {
        expect(splitPath(joinPath(names))).toEqual(names)
      }),
    )
  })
  test("pointers escape their own signs", () => expect(toPointer(["a/b", 0, "c~d"])).toBe("/a~1b/0/c~0d"))
})

describe("hashes", () => {
  test("SHA-256 of the empty text and of text past ASCII", () => {
    expect(sha256Hex("")).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    expect(sha256Hex("è € 𝒳")).toBe("8eb2594a57f29edc6a887d420027773b0935bf2c06eff3b4cdb899c2384fdd69")
  })
  test("parts are kept apart", () => {
    expect(hashId("ab", "c")).not.toBe(hashId("a", "bc"))
    expect(hashId("ab", "c")).toBe("f2939f903016e5bb29b1e4a61cdbd376")
    expect(hashId("x".repeat(5000))).toMatch(/^[0-9a-f]{32}$/)
  })
})

describe("ids", () => {
  test.each([
    ["Welcome mail", "welcome-mail"],
    ["Città 2", "citta-2"],
    ["  --Ünder_score!  ", "under-score"],
    ["42", "j-42"],
    ["", "journey"],
    ["日本", "journey"],
  ])("%j is %s", (name, id) => expect(slugId(name)).toBe(id))
  test("any name gives an id", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), name => {
        expect(isId(slugId(name))).toBe(true)
      }),
    )
  })
})

describe("data", () => {
  test("text in NFC without NUL, no minus zero, no prototype", () => {
    const input = JSON.parse('{"a":"e\\u0301\\u0000","n":-0,"l":["\\u0000"],"__proto__":{"x":1}}')
    const output = normaliseObject(input)
    expect(output).toEqual({ a: "é", n: 0, l: [""] })
    expect(Object.is(output.n, 0)).toBe(true)
    expect(Object.hasOwn(output, "__proto__")).toBe(false)
  })
  test("the quick way to NFC is the library's", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), text => {
        expect(toNfc(text)).toBe(text.normalize("NFC"))
      }),
    )
  })
  test("bytes in UTF-8", () => {
    expect(["", "a", "é", "€", "𝒳", "\ud800x"].map(utf8Length)).toEqual([0, 1, 2, 3, 4, 4])
  })
  test("what is no JSON is refused, what JSON would drop goes", () => {
    expect(cleanJson({ a: undefined, b: [-0] })).toEqual({ b: [0] })
    expect(() => cleanJson({ a: () => 1 })).toThrow("a function")
    expect(() => cleanJson({ a: Number.NaN })).toThrow("not finite")
    let deep: unknown = 1
    for (let depth = 0; depth < 1000; depth++) deep = [deep]
    expect(() => cleanJson(deep)).toThrow("deeply")
  })
})
