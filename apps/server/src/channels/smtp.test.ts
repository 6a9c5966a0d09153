import { createHash, createVerify, generateKeyPairSync } from "node:crypto"
import { type AddressInfo, createServer } from "node:net"
import { SMTPServer } from "smtp-server"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { classify, createSmtpTransport, type SmtpError } from "./smtp.ts"
import type { EmailTransport } from "./transport.ts"

const received: string[] = []
let server: SMTPServer
let transport: EmailTransport

const refuse = (responseCode: number, text: string) => Object.assign(new Error(text), { responseCode })

beforeAll(async () => {
  server = new SMTPServer({
    disabledCommands: ["AUTH", "STARTTLS"],
    onRcptTo: ({ address }, _session, done) => {
      if (address.startsWith("nobody")) return done(refuse(550, "no such mailbox"))
      if (address.startsWith("busy")) return done(refuse(450, "try again later"))
      done()
    },
    onData: (stream, _session, done) => {
      let text = ""
      stream.on("data", chunk => {
        text += String(chunk)
      })
      stream.on("end", () => {
        received.push(text)
        done()
      })
    },
  })
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.server.address() as AddressInfo
  transport = createSmtpTransport({ url: `smtp://127.0.0.1:${port}` })
})
afterAll(async () => {
  transport.close()
  await new Promise<void>(resolve => server.close(() => resolve()))
})

const inTime = { now: 0, deadline: 10_000 }
const email = (to: string) => ({
  messageId: "<0190f0e0-0000-7000-8000-000000000001@shop.example>",
  from: { name: "Fiori & Co", address: "ciao@shop.example" },
  to,
  subject: "Benvenuta, Ada – 10 %",
  html: "<p>Ciao</p>",
  text: "Ciao",
})

describe("the mail server", () => {
  it("gets a message with our id, both parts and names as they are", async () => {
    expect(await transport.send(email("ada@example.com"), inTime)).toEqual({ kind: "sent" })
    const [text] = received.splice(0)
    expect(text).toContain("Message-ID: <0190f0e0-0000-7000-8000-000000000001@shop.example>")
    expect(text).toContain('From: "Fiori & Co" <ciao@shop.example>')
    expect(text).toContain("To: ada@example.com")
    expect(text).toMatch(/^Subject: =\?UTF-8\?/m)
    expect(text).toContain("text/plain")
    expect(text).toContain("text/html")
  })

  it("cannot be made to write to somebody else by an address", async () => {
    await transport.send(email("ada@example.com\r\nBcc: spy@example.com"), inTime)
    for (const text of received.splice(0)) expect(text).not.toMatch(/^Bcc:/m)
  })

  it("is asked again after a passing failure, and not after a refusal", async () => {
    expect(await transport.send(email("busy@example.com"), inTime)).toMatchObject({ kind: "later" })
    expect(await transport.send(email("nobody@example.com"), inTime)).toMatchObject({
      kind: "refused",
      error: expect.stringContaining("no such mailbox"),
    })
    expect(received).toEqual([])
  })

  it("is asked again when it is away", async () => {
    const probe = createServer()
    await new Promise<void>(resolve => probe.listen(0, "127.0.0.1", resolve))
    const { port } = probe.address() as AddressInfo
    await new Promise(resolve => probe.close(resolve))
    const away = createSmtpTransport({ url: `smtp://127.0.0.1:${port}` })
    expect(await away.send(email("ada@example.com"), inTime)).toMatchObject({ kind: "later" })
    away.close()
  })
})

describe("a signature", () => {
  it("covers the message and both headers of the one click", async () => {
    const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 })
    const { port } = server.server.address() as AddressInfo
    const signing = createSmtpTransport({
      url: `smtp://127.0.0.1:${port}`,
      dkim: {
        domain: "shop.example",
        selector: "mail2026",
        privateKey: privateKey.export({ type: "pkcs8", format: "pem" }) as string,
      },
    })
    const unsubscribe = "https://journeys.example.com/unsubscribe/1.2.3"
    await signing.send({ ...email("ada@example.com"), unsubscribe }, inTime)
    signing.close()
    const [text] = received.splice(0)
    const { headers, body } = partsOf(text!)
    const signature = headers.find(h => /^dkim-signature:/i.test(h))!
    const tags = Object.fromEntries(
      signature
        .slice(signature.indexOf(":") + 1)
        .replaceAll(/\s+/g, "")
        .split(";")
        .map(tag => [tag.slice(0, tag.indexOf("=")), tag.slice(tag.indexOf("=") + 1)]),
    )
    expect(tags).toMatchObject({ d: "shop.example", s: "mail2026", c: "relaxed/relaxed", a: "rsa-sha256" })
    const names = tags.h!.toLowerCase().split(":")
    expect(names).toEqual(expect.arrayContaining(["list-unsubscribe", "list-unsubscribe-post", "message-id"]))
    expect(createHash("sha256").update(relaxedBody(body)).digest("base64")).toBe(tags.bh)
    const signed = names
      .flatMap(name => headers.filter(h => h.toLowerCase().startsWith(`${name}:`)).map(relaxed))
      .join("\r\n")
    const own = relaxed(signature).replace(/b=[^;]*$/, "b=")
    const verify = createVerify("sha256").update(`${signed}\r\n${own}`)
    expect(verify.verify(publicKey, tags.b!, "base64")).toBe(true)
  })
})

/** RFC 6376, 3.4: the relaxed forms. */
const relaxed = (header: string): string => {
  const colon = header.indexOf(":")
  const value = header
    .slice(colon + 1)
    .replaceAll(/\r\n/g, "")
    .replaceAll(/[ \t]+/g, " ")
    .trim()
  return `${header.slice(0, colon).toLowerCase().trim()}:${value}`
}
const relaxedBody = (body: string): string =>
  body
    .replaceAll(/[ \t]+(?=\r\n)/g, "")
    .replaceAll(/[ \t]+/g, " ")
    .replace(/(\r\n)+$/, "\r\n")
const partsOf = (text: string) => {
  const end = text.indexOf("\r\n\r\n")
  return { headers: text.slice(0, end).split(/\r\n(?![ \t])/), body: text.slice(end + 4) }
}

describe("what a failure says", () => {
  const rcpt = { code: "EENVELOPE", command: "RCPT TO" }
  const data = { code: "EMESSAGE", command: "DATA" }
  const table: [about: string, error: Omit<SmtpError, "message"> & { message?: string }, expected: object][] =
    [
      ["no connection", { code: "ESOCKET" }, { kind: "later", overload: true, class: "network" }],
      ["no answer", { code: "ETIMEDOUT" }, { kind: "later", overload: true, class: "timeout" }],
      ["nonsense", { code: "EPROTOCOL" }, { kind: "later", overload: true, class: "protocol" }],
      ["no entry", { code: "EAUTH", responseCode: 535 }, { kind: "later", overload: true, class: "auth" }],
      ["entry asked for", { ...rcpt, responseCode: 530 }, { kind: "later", overload: true, class: "auth" }],
      ["closing down", { ...rcpt, responseCode: 421 }, { kind: "later", overload: true }],
      ["too much", { ...data, responseCode: 454 }, { kind: "later", overload: true }],
      ["not now", { ...rcpt, responseCode: 450 }, { kind: "later", overload: false }],
      ["greylisting", { ...data, responseCode: 451 }, { kind: "later", overload: false }],
      ["no such user", { ...rcpt, responseCode: 550 }, { kind: "refused", bounce: true }],
      ["user away for good", { ...rcpt, responseCode: 550, message: "550 5.2.1 Disabled" }, { bounce: true }],
      ["mailbox full", { ...rcpt, responseCode: 552, message: "552 5.2.2 Full" }, { bounce: false }],
      [
        "policy",
        { ...rcpt, responseCode: 550, message: "550 5.7.1 Blocked" },
        { kind: "refused", bounce: false },
      ],
      [
        "no such user, said late",
        { ...data, responseCode: 550, message: "550 5.1.1 Unknown" },
        { bounce: true },
      ],
      ["spam", { ...data, responseCode: 554 }, { kind: "refused", bounce: false }],
      ["our sender", { code: "EENVELOPE", command: "MAIL FROM", responseCode: 550 }, { bounce: false }],
    ]
  it.each(table)("%s", (_about, error, expected) => {
    expect(classify({ message: "what it said", ...error })).toMatchObject(expected)
  })
})
