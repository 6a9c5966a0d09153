import type { Dice } from "../testing/dice.ts"

const texts = [
  "",
  " ",
  "\u0000",
  "a\u0000b",
  "\ud800",
  "x\udfff",
  "\u202e\u200b\ufeff",
  "e\u0301",
  "İI\u0307ıß",
  "null",
  "undefined",
  "NaN",
  "Infinity",
  "-0",
  "0",
  "1e999",
  "true",
  "[object Object]",
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "../../etc/passwd",
  "%00",
  "%c0%ae",
  "%",
  "' OR 1=1 --",
  "$1",
  "#{7*7}",
  "{{ profile.email }}",
  "{% for i in (1..99999999) %}x{% endfor %}",
  "<script>alert(1)</script>",
  "\r\nBcc: spy@example.com",
  "ada@example.com",
  "+39 055 123456",
  "P3D",
  "P99999999999999D",
  "PT0S",
  "2026-11-21T18:44:00.000Z",
  "9999-12-31T23:59:59.999Z",
  "0001-01-01",
  "-000001-01-01T00:00:00Z",
  "+275760-09-13T00:00:00.001Z",
  "294276-12-31T23:59:59Z",
  "2026-02-30",
  "018f0000-0000-7000-8000-000000000000",
  "00000000-0000-0000-0000-000000000000",
  "Account Created",
  "Order Completed",
  "Page Viewed",
  "$identify",
  "user_id",
  "😀".repeat(60),
  "漢".repeat(200),
]

const numbers = [
  0,
  -0,
  1,
  -1,
  0.1,
  42,
  255,
  256,
  32_768,
  2 ** 31,
  -(2 ** 31) - 1,
  2 ** 53,
  2 ** 53 + 2,
  2 ** 63,
  1e21,
  1e308,
  5e-324,
  -1e308,
  8.64e15,
  8.64e15 + 1,
  Number.NaN,
  Number.POSITIVE_INFINITY,
]

const keys = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "length",
  "",
  "a.b",
  "a\\.b",
  "a\u0000",
  "\ud800",
  "k".repeat(257),
  "email",
  "phone",
  "userId",
  "type",
  "event",
  "properties",
  "traits",
  "context",
  "externalIds",
  "id",
  "of",
  "kind",
  "value",
  "ref",
]

/** A text that somebody might send by mistake or on purpose. */
export const junkText = (dice: Dice): string => {
  const one = dice.pick(texts)
  switch (dice.between(0, 12)) {
    case 0:
      return one.repeat(dice.between(2, 40))
    case 1:
      return one + dice.pick(texts)
    case 2:
      return String.fromCharCode(
        ...Array.from({ length: dice.between(1, 30) }, () => dice.between(0, 65_535)),
      )
    case 3:
      return "x".repeat(dice.pick([127, 128, 129, 199, 201, 256, 257, 5_000, 40_000]))
    default:
      return one
  }
}

export const junkKey = (dice: Dice): string => (dice.next() < 0.8 ? dice.pick(keys) : junkText(dice))

/** Any JSON value, now and then with what JSON has no word for. */
export const junk = (dice: Dice, depth = 0): unknown => {
  const roll = dice.next()
  if (depth > 5 || roll < 0.35) return junkText(dice)
  if (roll < 0.5) return dice.pick(numbers)
  if (roll < 0.6) return dice.pick([true, false, null, undefined])
  // Some libraries ask a value for its length before they know what it is.
  if (roll < 0.61) return { length: { toString: 1, valueOf: 2 } }
  if (roll < 0.63) return nested(dice.between(20, 3_000), dice.next() < 0.5)
  if (roll < 0.8) return Array.from({ length: dice.between(0, 6) }, () => junk(dice, depth + 1))
  const object: Record<string, unknown> = {}
  for (let n = dice.between(0, 6); n > 0; n -= 1)
    // Not by assignment: that would set the prototype instead of making the key.
    Object.defineProperty(object, junkKey(dice), {
      value: junk(dice, depth + 1),
      enumerable: true,
      configurable: true,
      writable: true,
    })
  return object
}

const nested = (levels: number, asList: boolean): unknown => {
  let value: unknown = 1
  for (let i = 0; i < levels; i += 1) value = asList ? [value] : { a: value }
  return value
}

/** A good value with some of its parts replaced, left out, doubled or added. */
export const spoil = (dice: Dice, good: unknown, rate = 0.15): unknown => {
  if (dice.next() < rate / 3) return junk(dice)
  if (Array.isArray(good)) {
    const list = good.filter(() => dice.next() > rate / 2).map(item => spoil(dice, item, rate))
    if (dice.next() < rate && list.length > 0) list.push(dice.pick(list))
    if (dice.next() < rate) list.push(junk(dice))
    return list
  }
  if (typeof good === "object" && good !== null) {
    const object: Record<string, unknown> = {}
    for (const [key, value] of Object.entries(good))
      if (dice.next() > rate / 2) object[key] = dice.next() < rate ? junk(dice) : spoil(dice, value, rate)
    if (dice.next() < rate) object[junkKey(dice)] = junk(dice)
    return object
  }
  return dice.next() < rate ? junk(dice) : good
}

/** JSON text, sometimes with broken bytes. */
export const toText = (dice: Dice, value: unknown): Buffer => {
  const text = Buffer.from(JSON.stringify(value) ?? "")
  switch (dice.between(0, 14)) {
    case 0:
      return text.subarray(0, dice.between(0, text.length))
    case 1: {
      const broken = Buffer.from(text)
      for (let n = dice.between(1, 5); n > 0 && broken.length > 0; n -= 1)
        broken[dice.between(0, broken.length - 1)] = dice.between(0, 255)
      return broken
    }
    case 2:
      return Buffer.concat([text, text])
    case 3:
      return Buffer.from(text.toString().replaceAll('"', dice.pick(["'", "", '\\"'])))
    case 4:
      return Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), text])
    default:
      return text
  }
}
