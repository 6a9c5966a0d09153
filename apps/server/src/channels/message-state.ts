import type { JsonObject } from "@viaggio/journey-model"
import type { MessageState } from "../answers.ts"

/** A message's state as the API names it; one that is being sent right now is still queued. */
export const messageState = (code: number): MessageState =>
  code === 2 ? "sent" : code === 3 ? "refused" : "queued"

/** What a web call is known by in a list: its method and its address. */
export const titleOfCall = (recipient: string, frozen: JsonObject): string => {
  const { method } = (frozen.request ?? {}) as { method?: unknown }
  return `${String(method ?? "")} ${recipient}`.trim()
}
