import { emptyNeeds } from "../../conditions/needs.ts"
import { sentence } from "../../values/problem.ts"
import { defineNodeType, Family } from "../definition.ts"
import { checkWebhook } from "./check.ts"
import { schema, type WebhookConfig } from "./config.ts"
import { decideWebhook } from "./decide.ts"
import { readUrl } from "./url.ts"

export const webhook = defineNodeType({
  type: "webhook",
  version: 1,
  family: Family.message,
  waits: true,
  schema,
  defaults: (): WebhookConfig => ({
    method: "POST",
    url: "",
    headers: {},
    body: { email: "{{ profile.email | default: '' }}" },
    timeout: "PT10S",
    attempts: 5,
    save: [],
  }),
  outcomes: () => ["succeeded", "failed"] as const,
  describe: ({ url, save }) => {
    if (url.trim() === "") return sentence("node.webhook.empty")
    const host = readUrl(url)?.host ?? url
    if (save.length === 0) return sentence("node.webhook", { host })
    return sentence("node.webhook.save", { host, names: save.map(({ to }) => to) })
  },
  check: checkWebhook,
  needs: emptyNeeds,
  sets: ({ save }) => save.map(({ to }) => ({ outcome: "succeeded", name: to })),
  listens: () => [],
  // An answer may come in the very instant, so a round through calls alone would never end.
  passages: () => [{ outcome: "succeeded" }, { outcome: "failed" }],
  decide: decideWebhook,
})
