import { type AddressInfo, createServer } from "node:net"
import { SMTPServer } from "smtp-server"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { createSmtpTransport } from "./smtp.ts"
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
    expect(await transport.send(email("ada@example.com"), 10_000)).toEqual({ kind: "sent" })
    const [text] = received.splice(0)
    expect(text).toContain("Message-ID: <0190f0e0-0000-7000-8000-000000000001@shop.example>")
    expect(text).toContain('From: "Fiori & Co" <ciao@shop.example>')
    expect(text).toContain("To: ada@example.com")
    expect(text).toMatch(/^Subject: =\?UTF-8\?/m)
    expect(text).toContain("text/plain")
    expect(text).toContain("text/html")
  })

  it("cannot be made to write to somebody else by an address", async () => {
    await transport.send(email("ada@example.com\r\nBcc: spy@example.com"), 10_000)
    for (const text of received.splice(0)) expect(text).not.toMatch(/^Bcc:/m)
  })

  it("is asked again after a passing failure, and not after a refusal", async () => {
    expect(await transport.send(email("busy@example.com"), 10_000)).toMatchObject({ kind: "later" })
    expect(await transport.send(email("nobody@example.com"), 10_000)).toMatchObject({
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
    expect(await away.send(email("ada@example.com"), 10_000)).toMatchObject({ kind: "later" })
    away.close()
  })
})
