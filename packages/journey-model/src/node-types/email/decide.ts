import { compileEmail } from "../../content/email.ts"
import { compileFreeze, readTemplatePath } from "../../content/freeze.ts"
import type { Decision, Moment } from "../definition.ts"
import type { EmailConfig } from "./config.ts"

type EmailOutcome = "next" | "suppressed" | "failed"

/** The attribute that holds a customer's address. */
export const addressAttribute = "email"

/** The attribute that is true for customers who want no marketing. */
export const unsubscribedAttribute = "unsubscribed"

/**
 * The attribute that holds the customer's address while it stands on the suppression list; another address that
 * they get later is not meant.
 */
export const suppressedAttribute = "suppressed_email"

/** One part before and one after the only @, no spaces: what a mail server decides is its own business. */
const address = /^[^\s@]+@[^\s@]+$/

/**
 * Suppressed without an address (a text that is none counts as missing), with one on the suppression list, or for
 * marketing to somebody who unsubscribed. Failed when a value that the templates cannot do without is missing. Otherwise the message goes to the outbox with its values frozen, and
 * the customer goes on at once.
 */
export function decideEmail(config: EmailConfig): (moment: Moment) => Decision<EmailOutcome> {
  const compiled = compileEmail(config)
  const freeze = compileFreeze(compiled.ok ? compiled.value.reads : [])
  const required = compiled.ok ? compiled.value.required : []
  const marketing = config.purpose === "marketing"
  return moment => {
    const given = moment.attributes[addressAttribute]
    const to = typeof given === "string" ? given.trim() : ""
    if (!address.test(to)) {
      const because = {
        leaf: `profile.${addressAttribute}`,
        ...(given === undefined ? {} : { value: given }),
      }
      return { kind: "leave", outcome: "suppressed", because }
    }
    const suppressed = moment.attributes[suppressedAttribute]
    if (typeof suppressed === "string" && suppressed.trim().toLowerCase() === to.toLowerCase()) {
      const because = { leaf: `profile.${suppressedAttribute}`, value: suppressed }
      return { kind: "leave", outcome: "suppressed", because }
    }
    if (marketing && moment.attributes[unsubscribedAttribute] === true) {
      const because = { leaf: `profile.${unsubscribedAttribute}`, value: true }
      return { kind: "leave", outcome: "suppressed", because }
    }
    if (!compiled.ok) return { kind: "leave", outcome: "failed", error: "the template cannot be read" }
    for (const path of required) {
      const value = readTemplatePath(moment, path)
      if (value === undefined || value === null) {
        return { kind: "leave", outcome: "failed", error: `${path.join(".")} has no value` }
      }
    }
    return {
      kind: "leave",
      outcome: "next",
      effect: {
        kind: "sendMessage",
        id: moment.effectId(moment.enrollment, moment.node, moment.visit),
        enrollment: moment.enrollment,
        node: moment.node,
        visit: moment.visit,
        channel: "email",
        to,
        values: freeze(moment),
      },
    }
  }
}
