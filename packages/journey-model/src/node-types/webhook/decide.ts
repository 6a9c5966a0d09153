import type { Because } from "../../conditions/facts.ts"
import { readTemplatePath } from "../../content/freeze.ts"
import { compileBody } from "../../content/json-body.ts"
import { parseDuration } from "../../values/duration.ts"
import type { Json } from "../../values/json.ts"
import { normaliseObject } from "../../values/text.ts"
import type { CallWebhook, Decision, EffectAnswer, Moment } from "../definition.ts"
import type { WebhookConfig } from "./config.ts"

type WebhookOutcome = "succeeded" | "failed"

/** A body that is longer than this as text is not sent. */
const longestBody = 262_144

const fail = (error: string): Decision<WebhookOutcome> => ({ kind: "leave", outcome: "failed", error })

/** What the answer says for itself: its status, or the pointers that found nothing in it. */
const becauseOf = ({ save }: WebhookConfig, { status, values = {} }: EffectAnswer): Because => {
  const missing = save.filter(({ to }) => !Object.hasOwn(values, to)).map(({ from }) => `answer${from}`)
  if (missing.length > 0) return { leaf: missing.join(", ") }
  return status === undefined ? { leaf: "answer" } : { leaf: "answer.status", value: status }
}

/**
 * On arrival the call is filled in and asked for, and the customer stays until it is answered. Failed at once when
 * a value that the body cannot do without is missing.
 */
export function decideWebhook(config: WebhookConfig): (moment: Moment) => Decision<WebhookOutcome> {
  const { method, url, headers, body, attempts, save } = config
  const compiled = body === undefined || method === "GET" ? undefined : compileBody(body)
  const timeoutMs = parseDuration(config.timeout) ?? 0

  const ask = (moment: Moment): Decision<WebhookOutcome> => {
    if (compiled && !compiled.ok) return fail("the template cannot be read")
    const { required = [], fill } = compiled?.value ?? {}
    for (const path of required) {
      const value = readTemplatePath(moment, path)
      if (value === undefined || value === null) return fail(`${path.join(".")} has no value`)
    }
    const request: CallWebhook["request"] = { method, url, headers }
    try {
      const filled: Json | undefined = fill?.(moment)
      if (filled !== undefined) {
        if (JSON.stringify(filled).length > longestBody) return fail("the body is too long")
        request.body = filled
      }
    } catch (cause) {
      return fail(cause instanceof Error ? cause.message : String(cause))
    }
    const { enrollment, node, visit } = moment
    const id = moment.effectId(enrollment, node, visit)
    const effect: CallWebhook = {
      kind: "callWebhook",
      id,
      enrollment,
      node,
      visit,
      request,
      timeoutMs,
      attempts,
      save,
    }
    return { kind: "park", effect }
  }

  return moment => {
    const { cause, answer } = moment
    if (cause === "arrived") return ask(moment)
    if (cause !== "effect" || !answer) return { kind: "park" }
    if (answer.outcome === "failed") return fail(answer.error ?? "the call failed")
    return {
      kind: "leave",
      outcome: "succeeded",
      because: becauseOf(config, answer),
      context: normaliseObject(answer.values ?? {}),
    }
  }
}
