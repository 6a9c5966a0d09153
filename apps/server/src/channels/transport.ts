import type { SendResult } from "../effects/handler.ts"

/** An e-mail as a provider takes it. */
export type OutgoingEmail = {
  /** Stable for the effect: the same message sent twice carries it twice. */
  messageId: string
  from: { name: string; address: string }
  to: string
  subject: string
  html: string
  text: string
}

/** A way to deliver e-mail. */
export type EmailTransport = {
  name: string
  /** Most sends under way at once; more would only wait inside of it. */
  atOnce: number
  send(email: OutgoingEmail): Promise<SendResult>
  close(): void
}

/** The built-in mailbox: a message is delivered by being there; it is read where the messages are listed. */
export const mailboxTransport: EmailTransport = {
  name: "mailbox",
  atOnce: 1_000,
  send: async () => ({ kind: "sent" }),
  close: () => {},
}
