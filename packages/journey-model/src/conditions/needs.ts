import { parseDuration } from "../values/duration.ts"
import type { Condition } from "./condition.ts"
import type { HistoryNeed, Needs } from "./facts.ts"

export function emptyNeeds(): Needs {
  return { history: new Map(), digest: new Set() }
}

const wider = (a: HistoryNeed, b: HistoryNeed): HistoryNeed => {
  if (a.lookBackMs !== null && b.lookBackMs !== null) {
    return { lookBackMs: Math.max(a.lookBackMs, b.lookBackMs) }
  }
  const limited = (need: HistoryNeed) => need.lookBackMs === null && need.sinceEntryOnly === true
  return limited(a) && limited(b) ? a : { lookBackMs: null }
}

/** Asks for the raw events of a name, as far back as the widest of all that ask for it. */
export function needHistory(needs: Needs, event: string, need: HistoryNeed): void {
  const present = needs.history.get(event)
  needs.history.set(event, present ? wider(present, need) : need)
}

/** Takes everything that `from` asks for into `into`. */
export function mergeNeeds(into: Needs, from: Needs): void {
  for (const [event, need] of from.history) needHistory(into, event, need)
  for (const event of from.digest) into.digest.add(event)
}

/** Adds what a condition must know: plain counts and first or last times come from the digest. */
export function addNeeds(needs: Needs, condition: Condition): void {
  switch (condition.kind) {
    case "all":
    case "any":
      for (const part of condition.of) addNeeds(needs, part)
      return
    case "not":
      addNeeds(needs, condition.of)
      return
    case "event-time":
      needs.digest.add(condition.event)
      return
    case "event-count":
      if (condition.period === "since-entry") {
        needHistory(needs, condition.event, { lookBackMs: null, sinceEntryOnly: true })
      } else if (condition.period !== undefined) {
        needHistory(needs, condition.event, { lookBackMs: parseDuration(condition.period) ?? null })
      } else if (condition.where) {
        needHistory(needs, condition.event, { lookBackMs: null })
      } else {
        needs.digest.add(condition.event)
      }
      return
    default:
      return
  }
}
