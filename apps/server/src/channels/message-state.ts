import type { MessageState } from "../answers.ts"

/** A message's state as the API names it; one that is being sent right now is still queued. */
export const messageState = (code: number): MessageState =>
  code === 2 ? "sent" : code === 3 ? "refused" : "queued"
