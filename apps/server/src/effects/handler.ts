import type { EpochMs, JsonObject } from "@viaggio/journey-model"
import type { Published } from "../engine/programs.ts"
import type { Incoming } from "../ingest/message.ts"
import type { WorkspaceSettings } from "../workspaces/workspace.ts"

/** What carries an effect out of here, as `messages.channel` holds it. */
export const Channel = { email: 0, webhook: 1 } as const
export type Channel = (typeof Channel)[keyof typeof Channel]

/** An effect that a dispatcher holds for a while. */
export type ClaimedRow = {
  bucket: number
  id: string
  workspace_id: number
  version_id: number
  node: number
  profile_id: string
  channel: number
  /** With this one: 1 at the first. */
  attempts: number
  recipient: string
  frozen: JsonObject
  queued_at: EpochMs
}

/** A workspace as one who sends for it needs it. */
export type SendingWorkspace = { id: number; sandbox: boolean; name: string; settings: WorkspaceSettings }

export type SendContext = {
  workspace: SendingWorkspace
  /** The version that decided the effect; undefined when it no longer compiles. */
  published: Published | undefined
  /** Monotonic ms after which nothing may be written to a socket any more. */
  deadline: number
}

/**
 * How a send ended. `refused`: for good; `bounce`: because there is no such recipient. `later`: worth another
 * try; `overload`: the provider is at fault and its circuit counts it. `not tried`: there was no time left, which
 * counts as no attempt.
 */
export type SendResult =
  | { kind: "sent"; answer?: JsonObject }
  | { kind: "refused"; error: string; answer?: JsonObject; bounce?: boolean }
  | { kind: "later"; error: string; retryAfterMs?: number; overload?: boolean; answer?: JsonObject }
  | { kind: "not tried" }

/** The end of an effect: nothing will be tried any more. */
export type FinalResult = Extract<SendResult, { kind: "sent" | "refused" }>

/** Carries out the effects of one channel. In a sandbox nothing may leave. */
export type EffectHandler = {
  /** Whose capacity this effect uses: rate, circuit and queue are kept per key, e.g. `smtp`, `webhook:crm.example`. */
  providerOf(row: ClaimedRow, workspace: SendingWorkspace): string
  /** Most sends at once to one provider; more would only wait inside of it. */
  atOnce(provider: string): number
  /** Tries until it is refused for good; the dispatcher's own number where absent. */
  mostAttempts?(row: ClaimedRow): number
  /** Sends at most once per call. */
  send(row: ClaimedRow, context: SendContext): Promise<SendResult>
  /**
   * What the customer's log gets when the effect has come to its end; it is appended before the end is noted, so
   * its message id has to be the same each time (`effect:<id>`).
   */
  eventOf?(row: ClaimedRow, result: FinalResult, context: SendContext): Incoming | undefined
  close?(): void
}

/** A handler for every channel, by its number in `messages.channel`. */
export type EffectHandlers = ReadonlyMap<number, EffectHandler>
