import type { CallWebhook, EffectAnswer } from "@viaggio/journey-model"

/** Whose capacity a call uses: `webhook:crm.example:8443`. */
export const webhookProvider = (url: string): string =>
  `webhook:${URL.canParse(url) ? new URL(url).host : "unknown"}`

/** What the outbox keeps of a call. */
export type FrozenCall = Pick<CallWebhook, "request" | "timeoutMs" | "attempts" | "save">

/** The body of the log's row that tells a customer what became of an effect; `effect` is its id in 32 hex digits. */
export type EffectEvent = { effect: string; answer: EffectAnswer }
