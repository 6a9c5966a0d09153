import fc from "fast-check"
import { expect, it } from "vitest"
import { composeEmail } from "./compose.ts"

const email = {
  messageId: "<0190f0e0-0000-7000-8000-000000000001@shop.example>",
  from: { name: "Fiori & Co", address: "ciao@shop.example" },
  to: "ada@example.com",
  subject: "Benvenuta, Ada – 10 %",
  html: "<p>Ciao</p>",
  text: "Ciao",
}

/** The two parts as a reader decodes them (RFC 2045, 6.7). */
const partsOf = (raw: string): string[] => {
  const boundary = /boundary="([^"]+)"/.exec(raw)![1]!
  return raw
    .split(`--${boundary}`)
    .slice(1, -1)
    .map(part => {
      const body = part.slice(part.indexOf("\r\n\r\n") + 4, -2)
      const bytes = body
        .replaceAll("=\r\n", "")
        .replaceAll(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
      return Buffer.from(bytes, "latin1").toString("utf8")
    })
}

it("brings any text and any HTML over unchanged, in lines that every mail server takes", () => {
  const content = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 300 }),
    fc
      .array(fc.constantFrom("=", " ", "\t", ".", "\n", "\r\n", "--", "à", "😀", "x".repeat(90)), {
        maxLength: 40,
      })
      .map(pieces => pieces.join("")),
  )
  fc.assert(
    fc.property(content, content, (text, html) => {
      const raw = composeEmail({ ...email, text, html }).raw.toString("latin1")
      const lines = raw.split("\r\n")
      expect(lines.every(line => line.length <= 76 && !/[\r\n]/.test(line))).toBe(true)
      const withCrLf = (part: string) => part.replaceAll(/\r\n|\r|\n/g, "\r\n")
      expect(partsOf(raw)).toEqual([withCrLf(text), withCrLf(html)])
    }),
    { numRuns: 300 },
  )
})

it("tells the mail server the bare addresses", () => {
  expect(composeEmail(email).envelope).toEqual({ from: "ciao@shop.example", to: ["ada@example.com"] })
})
