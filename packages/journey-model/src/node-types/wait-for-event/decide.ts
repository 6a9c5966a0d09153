import { compileWhere, type WhereTest } from "../../conditions/evaluate.ts"
import type { EventFact } from "../../conditions/facts.ts"
import { parseDuration } from "../../values/duration.ts"
import type { EpochMs } from "../../values/time.ts"
import type { Decision, Moment } from "../definition.ts"
import type { WaitForEventConfig } from "./config.ts"

type Branch = { id: string; event: string; fits: WhereTest }

const leaveBy = (branch: Branch, event: EventFact): Decision => ({
  kind: "leave",
  outcome: branch.id,
  because: { leaf: `event(${event.name})`, value: event.messageId },
})

/** The earliest event in sinceAt < time ≤ now that fits a branch; at one instant the first branch wins. */
const lookBack = (
  branches: readonly Branch[],
  sinceAt: EpochMs | undefined,
  moment: Moment,
): Decision | undefined => {
  if (sinceAt === undefined) return undefined
  let earliest: { branch: Branch; event: EventFact } | undefined
  for (const branch of branches) {
    for (const event of moment.events(branch.event)) {
      if (event.at <= sinceAt || event.at > moment.now) continue
      if (earliest && event.at >= earliest.event.at) continue
      if (event.messageId === moment.entry.messageId) continue
      if (branch.fits(event, moment)) earliest = { branch, event }
    }
  }
  return earliest && leaveBy(earliest.branch, earliest.event)
}

/** Undefined: nothing is looked back at. */
const sinceAtOf = (since: WaitForEventConfig["since"], moment: Moment): EpochMs | undefined => {
  if (since === "arrival") return undefined
  if (since === "entry") return moment.enteredAt
  return moment.arrivals[since.node] ?? moment.arrivedAt
}

/**
 * On arrival: looks back, then stays until `base` + timeout. On an event: the first branch that it fits, when
 * it came no later than the timeout's instant; a later one leaves the customer to the timer that is due.
 */
export function decideWait(config: WaitForEventConfig): (moment: Moment) => Decision {
  const branches = config.branches.map(
    ({ id, event, where }): Branch => ({ id, event, fits: compileWhere(where) }),
  )
  const timeoutMs = config.timeout === "never" ? undefined : parseDuration(config.timeout)
  const { since } = config
  const stay = (wakeAt: EpochMs | undefined): Decision =>
    wakeAt === undefined ? { kind: "park" } : { kind: "park", wakeAt }
  return moment => {
    switch (moment.cause) {
      case "arrived":
        return (
          lookBack(branches, sinceAtOf(since, moment), moment) ??
          stay(timeoutMs === undefined ? undefined : moment.base + timeoutMs)
        )
      case "event": {
        const { event, wakeAt } = moment
        if (!event || (wakeAt !== undefined && moment.now > wakeAt)) return stay(wakeAt)
        const branch = branches.find(
          candidate => candidate.event === event.name && candidate.fits(event, moment),
        )
        return branch ? leaveBy(branch, event) : stay(wakeAt)
      }
      case "time":
        return timeoutMs === undefined ? stay(moment.wakeAt) : { kind: "leave", outcome: "timeout" }
      case "effect":
        return stay(moment.wakeAt)
    }
  }
}
