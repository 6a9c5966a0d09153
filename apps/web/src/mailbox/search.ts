export const messageStates = ["queued", "sent", "refused"] as const
export type MessageState = (typeof messageStates)[number]

/** What the address of the mailbox keeps: filters and the message that is open. */
export type MailboxSearch = {
  journey?: string
  node?: string
  userId?: string
  state?: MessageState
  /** Only those that may have left more than once. */
  inDoubt?: true
  message?: string
}

/** Reads the address; what it does not understand is left out. */
export function readSearch(search: Record<string, unknown>): MailboxSearch {
  const result: MailboxSearch = {}
  for (const name of ["journey", "node", "userId", "message"] as const) {
    const value = search[name]
    // An id of digits alone arrives as a number.
    const text = typeof value === "number" ? String(value) : value
    if (typeof text === "string" && text) result[name] = text
  }
  if (search.inDoubt === true) result.inDoubt = true
  const state = messageStates.find(each => each === search.state)
  return state ? { ...result, state } : result
}
