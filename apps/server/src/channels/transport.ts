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

/** Monotonic ms. */
export type SendTime = { now: number; deadline: number }

/** A way to deliver e-mail. */
export type EmailTransport = {
  /** Most sends under way at once; more would only wait inside of it. */
  atOnce: number
  /** Most in a second, over all processes; any number where absent. */
  perSecond?: number
  /** Nothing is written any more after the deadline. */
  send(email: OutgoingEmail, time: SendTime): Promise<SendResult>
  close(): void
}

/** The built-in mailbox: a message is delivered by being there; it is read where the messages are listed. */
export const mailboxTransport: EmailTransport = {
  atOnce: 1_000,
  send: async () => ({ kind: "sent" }),
  close: () => {},
}
