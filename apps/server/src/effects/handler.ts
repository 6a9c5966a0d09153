import type { EpochMs, Json, JsonObject } from "@viaggio/journey-model"
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

/** What went wrong, for the operator's figures. */
export const ErrorClass = {
  network: "network",
  timeout: "timeout",
  auth: "auth",
  protocol: "protocol",
  temporary: "temporary",
  permanent: "permanent",
  template: "template",
} as const
export type ErrorClass = (typeof ErrorClass)[keyof typeof ErrorClass]

/** Why nothing will be tried any more, as `messages.reason` holds it. */
export const RefusedReason = {
  /** The provider said no for good. */
  provider: "provider",
  /** There is no such recipient. */
  bounced: "bounced",
  /** It was tried as often, or as long, as it may be. */
  attempts: "attempts",
  template: "template",
  /** The customer took their consent back while the message waited. */
  unsubscribed: "unsubscribed",
  suppressed: "suppressed",
  /** The journey was stopped while the message waited. */
  stopped: "stopped",
  /** It may have left already, and the workspace would rather not send twice. */
  inDoubt: "in-doubt",
  /** It was due between a backup and its restore, and the operator chose not to send it. */
  skipped: "skipped",
} as const
export type RefusedReason = (typeof RefusedReason)[keyof typeof RefusedReason]

/**
 * How a send ended. `refused`: for good; `bounce`: because there is no such recipient. `later`: worth another
 * try; `overload`: the provider is at fault and its circuit counts it. `not tried`: there was no time left, which
 * counts as no attempt.
 */
export type SendResult =
  | { kind: "sent"; answer?: JsonObject }
  | {
      kind: "refused"
      error: string
      answer?: JsonObject
      bounce?: boolean
      reason?: RefusedReason
      class?: ErrorClass
    }
  | {
      kind: "later"
      error: string
      retryAfterMs?: number
      overload?: boolean
      answer?: JsonObject
      class?: ErrorClass
    }
  | { kind: "not tried" }

/** The end of an effect: nothing will be tried any more. */
export type FinalResult = Extract<SendResult, { kind: "sent" | "refused" }>

export type Ended = { row: ClaimedRow; result: FinalResult; context: SendContext }

/** An address that gets no messages, since when and why. */
export type Suppression = { reason: string; at: EpochMs }

/** What the customer's record says right before a send; `unsubscribed` with the instant of that value. */
export type LastLook = { unsubscribed: Json | null; unsubscribed_at: EpochMs | null }

/** Why a message may not leave after all. */
export type Withheld = { reason: RefusedReason; error: string }

/** Carries out the effects of one channel. In a sandbox nothing may leave. */
export type EffectHandler = {
  /** Whose capacity this effect uses: rate, circuit and queue are kept per key, e.g. `smtp`, `webhook:crm.example`. */
  providerOf(row: ClaimedRow, workspace: SendingWorkspace): string
  /** Most sends at once to one provider; more would only wait inside of it. */
  atOnce(provider: string): number
  /** Most sends in a second to one provider, over all processes; any number where absent. */
  perSecond?(provider: string): number | undefined
  /**
   * Tries until it is refused for good. Where absent the dispatcher's own number holds, and tries that an overloaded
   * provider turned away do not count.
   */
  mostAttempts?(row: ClaimedRow): number
  /** What stands on the suppression list, by message; asked right before each send, for many at once. */
  suppressionsOf?(rows: readonly ClaimedRow[]): Promise<Map<string, readonly Suppression[]>>
  /** Whether consent still holds right before a send. */
  withholds?(
    row: ClaimedRow,
    context: SendContext,
    look: LastLook,
    suppressions: readonly Suppression[],
  ): Withheld | undefined
  /** Sends at most once per call. */
  send(row: ClaimedRow, context: SendContext): Promise<SendResult>
  /**
   * What the customer's log gets when the effect has come to its end; it is appended before the end is noted, so
   * its message id has to be the same each time (`effect:<id>`).
   */
  eventOf?(ended: Ended): Incoming | readonly Incoming[] | undefined
  /** What else is to be written before ends are noted; done twice it changes nothing. */
  beforeSettle?(ended: readonly Ended[]): Promise<void>
  /** Lets go of connections; what is being sent may still fail. */
  close?(): void
}

/** A handler for every channel, by its number in `messages.channel`. */
export type EffectHandlers = ReadonlyMap<number, EffectHandler>
