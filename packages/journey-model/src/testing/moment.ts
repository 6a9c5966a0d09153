import type { EventFact } from "../conditions/facts.ts"
import type { Moment } from "../node-types/definition.ts"
import { hashId } from "../values/hash.ts"

/** Noon of a day in June, when every moment below happens unless it says otherwise. */
export const at = Date.UTC(2026, 5, 1, 12)
export const minuteMs = 60_000
export const hourMs = 60 * minuteMs
export const dayMs = 24 * hourMs

export const eventOf = (name: string, when: number, properties = {}): EventFact => ({
  name,
  at: when,
  properties,
  messageId: `${name}@${when}`,
})

/** A moment of a customer who has just arrived, entered an hour ago, with what the table row changes. */
export const momentOf = (changes: Partial<Moment> & { past?: EventFact[] } = {}): Moment => {
  const { past = [], ...rest } = changes
  return {
    customer: "c1",
    journey: "j1",
    answer: undefined,
    attributes: { email: "ann@example.com" },
    context: {},
    digest: () => undefined,
    events: name => past.filter(event => event.name === name),
    now: at,
    base: at,
    cause: "arrived",
    event: undefined,
    entry: eventOf("Account Created", at - hourMs),
    enteredAt: at - hourMs,
    arrivedAt: at,
    wakeAt: undefined,
    arrivals: {},
    enrollment: "e1",
    node: "n1",
    visit: 2,
    effectId: (enrollment, node, visit) => hashId(enrollment, node, String(visit)),
    ...rest,
  }
}
