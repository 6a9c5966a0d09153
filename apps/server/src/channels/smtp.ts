import { setMaxListeners } from "node:events"
import nodemailer from "nodemailer"
import { ErrorClass, type SendResult } from "../effects/handler.ts"
import { composeEmail } from "./compose.ts"
import type { EmailTransport, SendTime } from "./transport.ts"

/** Signs outgoing mail for a domain (RFC 6376); `privateKey` in PEM. */
export type Dkim = { domain: string; selector: string; privateKey: string }

export type SmtpOptions = {
  /** `smtp://` or `smtps://`, with user and password where needed. */
  url: string
  /** Connections held to the mail server; also the most doubles that one crash can cause. */
  connections?: number
  /** Most messages in a second, over all processes; any number where absent. */
  perSecond?: number
  dkim?: Dkim
  /** How long the server may say nothing. */
  silenceMs?: number
}

const CONNECTIONS = 20
const MESSAGES_PER_CONNECTION = 1_000
const GREETING_MS = 10_000
const SILENCE_MS = 60_000

/** RFC 8058 wants both headers of the one-click unsubscribe signed, of which nodemailer signs one by itself. */
const signedHeaders = [
  "From",
  "Sender",
  "Reply-To",
  "Subject",
  "Date",
  "Message-ID",
  "To",
  "MIME-Version",
  "Content-Type",
  "Content-Transfer-Encoding",
  "List-Unsubscribe",
  "List-Unsubscribe-Post",
].join(":")

/** How much earlier than its deadline a send may be ended, so that many can share one timer. */
const SHARED_MS = 5_000

/** Ends sends at their deadline, or a little earlier: one timer serves all whose deadlines are close. */
const createEnds = (): ((time: SendTime) => AbortSignal) => {
  let shared: { signal: AbortSignal; at: number } | undefined
  return ({ now, deadline }) => {
    const at = Math.max(now + 1, Math.floor(deadline / SHARED_MS) * SHARED_MS)
    if (shared?.at === at) return shared.signal
    const signal = AbortSignal.timeout(Math.round(at - now))
    setMaxListeners(0, signal)
    shared = { signal, at }
    return signal
  }
}

/** Delivers through a mail server over a pool of connections. */
export const createSmtpTransport = (options: SmtpOptions): EmailTransport => {
  const { url, dkim, perSecond } = options
  const atOnce = options.connections ?? CONNECTIONS
  const silenceMs = options.silenceMs ?? SILENCE_MS
  const waitMs = Math.min(GREETING_MS, silenceMs)
  const endOf = createEnds()
  const pool = nodemailer.createTransport(
    {
      url,
      pool: true,
      maxConnections: atOnce,
      maxMessages: MESSAGES_PER_CONNECTION,
      // Once, and only where not a byte of the message had left; any other retry is ours.
      maxRequeues: 1,
      connectionTimeout: waitMs,
      greetingTimeout: waitMs,
      socketTimeout: silenceMs,
      ...(dkim === undefined
        ? {}
        : {
            dkim: {
              domainName: dkim.domain,
              keySelector: dkim.selector,
              privateKey: dkim.privateKey,
              headerFieldNames: signedHeaders,
            },
          }),
    } as Parameters<typeof nodemailer.createTransport>[0],
    { disableFileAccess: true, disableUrlAccess: true } as never,
  )
  return {
    atOnce,
    ...(perSecond === undefined ? {} : { perSecond }),
    async send(email, time) {
      try {
        await pool.sendMail({ ...composeEmail(email), signal: endOf(time) } as Parameters<
          typeof pool.sendMail
        >[0])
        return { kind: "sent" }
      } catch (error) {
        return classify(error as SmtpError)
      }
    },
    close: () => pool.close({ force: true } as never),
  }
}

export type SmtpError = { responseCode?: number; code?: string; command?: string; message: string }

const fault: { [code: string]: ErrorClass } = {
  EAUTH: ErrorClass.auth,
  ENOAUTH: ErrorClass.auth,
  EOAUTH2: ErrorClass.auth,
  ETIMEDOUT: ErrorClass.timeout,
  EABORT: ErrorClass.timeout,
  EPROTOCOL: ErrorClass.protocol,
  ECONNECTION: ErrorClass.network,
  ESOCKET: ErrorClass.network,
  EDNS: ErrorClass.network,
  ETLS: ErrorClass.network,
}
/** 530, 534, 535 and 538 are about us (RFC 4954). */
const authCodes = new Set([530, 534, 535, 538])
/** 421: closing down; 432 and 454: too much at once, in the words of some. */
const overloadCodes = new Set([421, 432, 454])

/**
 * What a failure says about whom (RFC 5321, enhanced codes RFC 3463). The provider's own trouble (network, silence,
 * nonsense, credentials, "too much") is no fault of the message; 4yz is worth another try; 5yz is for good, and
 * about the address where it says so.
 */
export const classify = (error: SmtpError): SendResult => {
  const { responseCode: reply, code = "", command } = error
  const text = error.message.slice(0, 500)
  const atFault = fault[code]
  if (atFault !== undefined) return { kind: "later", overload: true, class: atFault, error: text }
  if (reply === undefined) {
    if (code !== "EENVELOPE" && code !== "EMESSAGE")
      return { kind: "later", class: ErrorClass.temporary, error: text }
    const bounce = /recipient/i.test(text)
    return { kind: "refused", class: ErrorClass.permanent, error: text, bounce }
  }
  if (authCodes.has(reply)) return { kind: "later", overload: true, class: ErrorClass.auth, error: text }
  if (reply < 500) {
    const overload = overloadCodes.has(reply) || command === "MAIL FROM"
    return { kind: "later", overload, class: ErrorClass.temporary, error: text }
  }
  return { kind: "refused", class: ErrorClass.permanent, error: text, bounce: isBounce(error) }
}

const isBounce = ({ responseCode, command, message }: SmtpError): boolean => {
  const enhanced = /\b5\.(\d{1,3})\.(\d{1,3})\b/.exec(message)
  if (enhanced !== null) return enhanced[1] === "1" || (enhanced[1] === "2" && enhanced[2] === "1")
  return command === "RCPT TO" && [550, 551, 553].includes(responseCode ?? 0)
}
