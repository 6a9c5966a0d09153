import MimeNode from "nodemailer/lib/mime-node"
import { encode, wrap } from "nodemailer/lib/qp"
import type { OutgoingEmail } from "./transport.ts"

/** A message as it goes over the wire, and the addresses that the mail server is told. */
export type Composed = { envelope: { from: string; to: string[] }; raw: Buffer }

/**
 * Puts a message with its text and its HTML together (RFC 2046, multipart/alternative, quoted-printable). The library
 * writes the headers, which is where mistakes hurt; its own way to put the parts behind them is a dozen streams that
 * write thirty small pieces, which took more CPU than all else about a message.
 */
export const composeEmail = (email: OutgoingEmail): Composed => {
  const { messageId, from, to, subject } = email
  const root = new MimeNode("multipart/alternative")
  root.setHeader([
    { key: "From", value: from },
    { key: "To", value: { name: "", address: to } },
    { key: "Subject", value: subject },
    { key: "Message-ID", value: messageId },
    ...headersOf(email.unsubscribe),
  ] as never)
  const { from: sender, to: recipients } = root.getEnvelope()
  const headers = root.buildHeaders()
  const { boundary } = root as unknown as { boundary: string }
  const parts = [partOf("text/plain", email.text), partOf("text/html", email.html)]
  const body = parts.map(part => `--${boundary}\r\n${part}\r\n`).join("")
  return {
    envelope: { from: sender || from.address, to: recipients },
    raw: Buffer.from(`${headers}\r\n\r\n${body}--${boundary}--\r\n`),
  }
}

const partOf = (type: string, content: string): string =>
  `Content-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n${wrap(encode(content.replaceAll(/\r\n|\r|\n/g, "\r\n")))}`

/** The one click counts only over HTTPS (RFC 8058). */
const headersOf = (unsubscribe: string | undefined): { key: string; value: string }[] => {
  if (unsubscribe === undefined) return []
  const link = { key: "List-Unsubscribe", value: `<${unsubscribe}>` }
  return unsubscribe.startsWith("https:")
    ? [link, { key: "List-Unsubscribe-Post", value: "List-Unsubscribe=One-Click" }]
    : [link]
}
