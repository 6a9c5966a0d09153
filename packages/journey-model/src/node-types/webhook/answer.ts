import type { Json, JsonObject } from "../../values/json.ts"
import { parsePointer, readPointer } from "../../values/pointer.ts"
import { normaliseJson } from "../../values/text.ts"
import type { CallWebhook, EffectAnswer } from "../definition.ts"

/** Past this a value is not kept: the context travels with the customer. */
const longestValue = 10_000

/**
 * What is kept of an answer, by name in the context: the values that the pointers find. A pointer that finds
 * nothing, null, or more than 10,000 characters of JSON keeps nothing.
 */
export function keptOf(save: CallWebhook["save"], body: Json | undefined): JsonObject {
  const kept: JsonObject = {}
  if (body === undefined) return kept
  for (const { from, to } of save) {
    const value = readPointer(body, parsePointer(from) ?? [])
    if (value === undefined || value === null || JSON.stringify(value).length > longestValue) continue
    kept[to] = normaliseJson(value)
  }
  return kept
}

/** The answer that stands in for a service where nothing may leave: a status of 200 with a body, or a failure. */
export type WebhookStub = { outcome: "succeeded"; body: Json } | { outcome: "failed" }

/** Answers as long as nobody has said otherwise. */
export const defaultStub: WebhookStub = { outcome: "succeeded", body: {} }

/** What a call is answered by a stand-in. */
export function answerOfStub(stub: WebhookStub, { save }: Pick<CallWebhook, "save">): EffectAnswer {
  if (stub.outcome === "failed") return { outcome: "failed", error: "the stand-in answers with a failure" }
  return { outcome: "succeeded", status: 200, values: keptOf(save, stub.body) }
}
