import { compileBody } from "../../content/json-body.ts"
import { parseDuration } from "../../values/duration.ts"
import { isId } from "../../values/ids.ts"
import { parsePointer } from "../../values/pointer.ts"
import { type Problem, problem } from "../../values/problem.ts"
import { checkReads } from "../check-reads.ts"
import type { CheckContext } from "../definition.ts"
import { longestTimeoutMs, mostAttempts, type WebhookConfig } from "./config.ts"
import { isPrivateHost, readUrl, secretIn } from "./url.ts"

const checkUrl = (node: string, text: string): Problem[] => {
  const place = { node, at: "/url" }
  if (text.trim() === "") return [problem("webhook-url-missing", place)]
  const url = readUrl(text)
  if (!url) return [problem("webhook-url-invalid", place, { url: text })]
  const found: Problem[] = []
  const secret = secretIn(url)
  if (secret !== undefined) found.push(problem("webhook-url-secret", place, { name: secret }))
  if (!url.secure) found.push(problem("webhook-url-plain", place))
  if (isPrivateHost(url.host)) found.push(problem("webhook-url-private", place, { host: url.host }))
  return found
}

/** Names that the call itself sets, or that would let a header reach past it. */
const ownHeaders =
  /^(?:host|connection|content-length|content-type|transfer-encoding|te|trailer|upgrade|expect|keep-alive|proxy-.*|webhook-.*)$/i

const checkHeaders = (node: string, headers: WebhookConfig["headers"]): Problem[] => {
  const seen = new Set<string>()
  return Object.entries(headers).flatMap(([name, value]): Problem[] => {
    const place = { node, at: "/headers" }
    const isWritten = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name) && /^[\t\x20-\x7e]*$/.test(value)
    if (!isWritten) return [problem("webhook-header-invalid", place, { name })]
    if (ownHeaders.test(name) || seen.has(name.toLowerCase()))
      return [problem("webhook-header-reserved", place, { name })]
    seen.add(name.toLowerCase())
    return []
  })
}

const checkSave = (node: string, save: WebhookConfig["save"]): Problem[] => {
  const seen = new Set<string>()
  return save.flatMap(({ from, to }, index): Problem[] => {
    const found: Problem[] = []
    if (parsePointer(from) === undefined)
      found.push(problem("webhook-pointer-invalid", { node, at: `/save/${index}/from` }, { pointer: from }))
    const place = { node, at: `/save/${index}/to` }
    if (!isId(to)) found.push(problem("context-name-invalid", place, { name: to }))
    else if (seen.has(to)) found.push(problem("context-name-duplicate", place, { name: to }))
    seen.add(to)
    return found
  })
}

const checkBody = ({ method, body }: WebhookConfig, context: CheckContext): Problem[] => {
  const { node } = context
  if (body === undefined) return []
  if (method === "GET") return [problem("webhook-body-unused", { node, at: "/body" })]
  const compiled = compileBody(body)
  if (!compiled.ok) return compiled.problems.map(found => ({ ...found, node }))
  return checkReads(compiled.value.reads, "/body", context)
}

/** What may be wrong with a call: where it goes, what it says, and what it keeps. */
export function checkWebhook(config: WebhookConfig, context: CheckContext): Problem[] {
  const { node } = context
  const { url, headers, save, timeout, attempts } = config
  const found = [
    ...checkUrl(node, url),
    ...checkHeaders(node, headers),
    ...checkBody(config, context),
    ...checkSave(node, save),
  ]
  if ((parseDuration(timeout) ?? 0) > longestTimeoutMs)
    found.push(
      problem("webhook-timeout-long", { node, at: "/timeout" }, { seconds: longestTimeoutMs / 1000 }),
    )
  if (attempts < 1 || attempts > mostAttempts)
    found.push(problem("webhook-attempts-range", { node, at: "/attempts" }, { limit: mostAttempts }))
  return found
}
