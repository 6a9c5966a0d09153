import type { Condition } from "@viaggio/journey-model"

/** Whether marketing e-mail reaches a customer. */
export const consentStates = ["subscribed", "unsubscribed", "suppressed", "no-address"] as const
export type ConsentState = (typeof consentStates)[number]

/** What the address of the customer list keeps: the text searched for, and what the customers must be. */
export type CustomersSearch = {
  search?: string
  /** Key of a journey that they are inside now. */
  inside?: string
  consent?: ConsentState
  /** As a count in the editor leads here with it. */
  condition?: Condition
}

/** Reads the address; what it does not understand is left out. A condition is checked by the server. */
export function readSearch(search: Record<string, unknown>): CustomersSearch {
  const consent = consentStates.find(each => each === search.consent)
  const text = readText(search.search)
  const inside = readText(search.inside)
  return {
    ...(text ? { search: text } : {}),
    ...(inside ? { inside } : {}),
    ...(consent ? { consent } : {}),
    ...(isCondition(search.condition) ? { condition: search.condition } : {}),
  }
}

/** A number typed into the address bar ("?search=42") arrives as a number. */
function readText(value: unknown): string {
  return typeof value === "number" ? String(value) : typeof value === "string" ? value : ""
}

function isCondition(value: unknown): value is Condition {
  return typeof value === "object" && value !== null && "kind" in value && typeof value.kind === "string"
}
