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
  /** Where one unsubscribes, for the headers of marketing mail. */
  unsubscribe?: string
}

/** A way to deliver e-mail. */
export type EmailTransport = {
  /** Most sends under way at once; more would only wait inside of it. */
  atOnce: number
  /** Most in a second, over all processes; any number where absent. */
  perSecond?: number
  /** @param limitMs after which nothing is written any more */
  send(email: OutgoingEmail, limitMs: number): Promise<SendResult>
  close(): void
}

/** The built-in mailbox: a message is delivered by being there; it is read where the messages are listed. */
export const mailboxTransport: EmailTransport = {
  atOnce: 1_000,
  send: async () => ({ kind: "sent" }),
  close: () => {},
}
