import { answerOfStub, defaultStub, type EffectAnswer, type Json, keptOf } from "@viaggio/journey-model"
import { type Incoming, InternalKind } from "../ingest/message.ts"
import type { Ports } from "../ports.ts"
import { type ClaimedRow, type EffectHandler, type Ended, ErrorClass, type SendResult } from "./handler.ts"
import { type HttpCaller, type HttpReply, NotAllowed, TookTooLong } from "./http-call.ts"
import { signatureHeaders } from "./standard-webhooks.ts"
import { type EffectEvent, type FrozenCall, webhookProvider } from "./webhook-provider.ts"

const AT_ONCE = 20
/** A service that asks for more patience than this is asked again all the same. */
const LONGEST_PAUSE_MS = 24 * 3_600_000

const callOf = (row: ClaimedRow): FrozenCall => row.frozen as unknown as FrozenCall

const idOf = (row: ClaimedRow): string => row.id.replaceAll("-", "")

/** How long `Retry-After` asks to wait: seconds, or an instant. */
const pauseOf = (header: string | undefined, now: number): number | undefined => {
  if (header === undefined) return undefined
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1_000 : Date.parse(header) - now
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), LONGEST_PAUSE_MS) : undefined
}

const readJson = (text: string | undefined): Json | undefined => {
  if (text === undefined || text.trim() === "") return undefined
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

/** Statuses that say "not now": too busy, took too long, broken. */
const isPassing = (status: number): boolean =>
  status === 408 || status === 425 || status === 429 || status >= 500

/**
 * Calls services for webhook nodes, signed with the workspace's secret, one attempt a call. In a sandbox nothing is
 * called. Whatever the end, the customer's log is told, because somebody waits for it.
 */
export const createWebhookHandler = (deps: {
  ports: Pick<Ports, "now" | "monotonicMs">
  caller: HttpCaller
  /** The secrets to sign with, the present one first. */
  secretsOf(workspace: number): Promise<readonly string[]>
}): EffectHandler => {
  const resultOf = (call: FrozenCall, { status, headers, body }: HttpReply): SendResult => {
    if (status >= 200 && status < 300)
      return { kind: "sent", answer: { status, values: keptOf(call.save, readJson(body)) } }
    const error = `The service answered with status ${status}.`
    const answer = { status }
    if (!isPassing(status)) return { kind: "refused", error, answer, class: ErrorClass.permanent }
    const retryAfterMs = pauseOf(headers["retry-after"], deps.ports.now())
    return {
      kind: "later",
      error,
      answer,
      overload: true,
      class: ErrorClass.temporary,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    }
  }

  return {
    providerOf: row => webhookProvider(callOf(row).request.url),
    atOnce: () => AT_ONCE,
    mostAttempts: row => callOf(row).attempts,

    async send(row, { workspace, deadline }) {
      const call = callOf(row)
      if (workspace.sandbox) {
        const { outcome, ...answer } = answerOfStub(workspace.settings.webhookStub ?? defaultStub, call)
        return outcome === "succeeded"
          ? { kind: "sent", answer }
          : { kind: "refused", error: answer.error ?? "", answer }
      }
      const left = deadline - deps.ports.monotonicMs()
      if (left <= 0) return { kind: "not tried" }
      const { method, url, headers, body } = call.request
      const text = body === undefined ? undefined : JSON.stringify(body)
      const secrets = await deps.secretsOf(workspace.id)
      try {
        const reply = await deps.caller.call(
          {
            method,
            url,
            body: text,
            headers: {
              accept: "application/json",
              "user-agent": "Viaggio",
              ...(text === undefined ? {} : { "content-type": "application/json" }),
              ...headers,
              ...signatureHeaders(secrets, { id: idOf(row), at: deps.ports.now(), body: text ?? "" }),
            },
          },
          Math.min(call.timeoutMs, left),
        )
        return resultOf(call, reply)
      } catch (error) {
        const { message } = error as Error
        if (error instanceof NotAllowed)
          return { kind: "refused", error: `The call was not made: ${message}.`, class: ErrorClass.permanent }
        const tookTooLong = error instanceof TookTooLong
        return {
          kind: "later",
          error: tookTooLong ? `There was ${message}.` : `The service was not reached: ${message}.`,
          overload: true,
          class: tookTooLong ? ErrorClass.timeout : ErrorClass.network,
        }
      }
    },

    eventOf({ row, result }: Ended): Incoming {
      const told = (result.answer ?? {}) as Pick<EffectAnswer, "status" | "values">
      const answer: EffectAnswer =
        result.kind === "sent"
          ? { outcome: "succeeded", ...told }
          : { outcome: "failed", ...told, error: result.error }
      const event: EffectEvent = { effect: idOf(row), answer }
      return {
        index: 0,
        messageId: `effect:${idOf(row)}`,
        kind: InternalKind.effect,
        name: "$effect",
        identifiers: [],
        properties: {},
        body: JSON.stringify(event),
      }
    },

    close: () => deps.caller.close(),
  }
}
