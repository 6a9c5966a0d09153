import nodemailer from "nodemailer"
import type { SendResult } from "../effects/handler.ts"
import type { EmailTransport } from "./transport.ts"

/** Connections held to the mail server; also the most doubles that one crash can cause. */
export const SMTP_CONNECTIONS = 5
const GREETING_MS = 10_000
const SOCKET_MS = 60_000

/** Delivers through the mail server of an `smtp://` or `smtps://` URL over a pool of connections. */
export const createSmtpTransport = (url: string): EmailTransport => {
  const pool = nodemailer.createTransport(
    {
      url,
      pool: true,
      maxConnections: SMTP_CONNECTIONS,
      maxMessages: 1_000,
      connectionTimeout: GREETING_MS,
      greetingTimeout: GREETING_MS,
      socketTimeout: SOCKET_MS,
    } as Parameters<typeof nodemailer.createTransport>[0],
    { disableFileAccess: true, disableUrlAccess: true } as never,
  )
  return {
    name: "smtp",
    atOnce: SMTP_CONNECTIONS,
    async send({ messageId, from, to, subject, html, text }) {
      try {
        await pool.sendMail({ messageId, from, to: { name: "", address: to }, subject, html, text })
        return { kind: "sent" }
      } catch (error) {
        return classify(error as { responseCode?: number; code?: string; message: string })
      }
    },
    close: () => pool.close(),
  }
}

/** RFC 5321: 5yz is a permanent refusal, 4yz and anything about the connection is worth another try. */
const classify = (error: { responseCode?: number; code?: string; message: string }): SendResult => {
  const { responseCode, code } = error
  const permanent =
    responseCode === undefined ? code === "EENVELOPE" : responseCode >= 500 && code !== "EAUTH"
  return { kind: permanent ? "refused" : "later", error: error.message.slice(0, 500) }
}
