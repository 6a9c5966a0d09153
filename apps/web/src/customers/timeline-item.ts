import type { NodeNames } from "../node-types/words.ts"
import type { Because } from "./because.ts"

/** What is known of the time at a node: when it began, and what decided how it ended. */
type Visit = { arrivedAt?: string; because?: Because; error?: string }

/**
 * A line of the timeline as the page shows it; `details` is what a click unfolds. `history`: it was told too late to
 * make anything happen.
 */
export type TimelineView =
  | { kind: "event"; name: string; history?: true; details: Record<string, unknown> }
  | { kind: "traits"; history?: true; details: Record<string, unknown> }
  | {
      kind: "step"
      journey: string
      version: number
      place: NodeNames
      outcome: string
      visit: Visit
      details: Record<string, unknown>
    }
  | {
      kind: "ended"
      journey: string
      version: number
      place: NodeNames
      reason: string
      visit: Visit
      details: Record<string, unknown>
    }
  | {
      kind: "message"
      id: string
      isCall: boolean
      journey: string
      place: NodeNames
      subject: string
      state: string
      details: Record<string, unknown>
    }
  | { kind: "merge"; details: Record<string, unknown> }

function text(value: unknown): string {
  return typeof value === "string" ? value : ""
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {}
}

/** The fields of an item that its one line does not say already. */
function rest(item: Record<string, unknown>, said: string[]): Record<string, unknown> {
  const left = Object.entries(item).filter(
    ([name, value]) => name !== "at" && name !== "kind" && !said.includes(name) && value != null,
  )
  return Object.fromEntries(left)
}

/** Reads an item of the timeline; what its kind does not name is kept as details, nothing is lost. */
export function viewItem(item: { kind: string }): TimelineView {
  const fields: Record<string, unknown> = { ...item }
  const place = {
    node: text(fields.node),
    ...(text(fields.nodeType) && { nodeType: text(fields.nodeType) }),
    ...(text(fields.nodeName) && { nodeName: text(fields.nodeName) }),
  }
  const where = { journey: text(fields.journey), version: Number(fields.version ?? 0), place }
  const saidOfPlace = ["journey", "version", "node", "nodeType", "nodeName"]
  if (item.kind === "step") {
    const said = ["outcome", "ended", "enrollment", "arrivedAt", "because", "error"]
    const details = rest(fields, [...saidOfPlace, ...said])
    const visit: Visit = {
      ...(text(fields.arrivedAt) && { arrivedAt: text(fields.arrivedAt) }),
      ...(fields.because != null && { because: record(fields.because) }),
      ...(text(fields.error) && { error: text(fields.error) }),
    }
    return typeof fields.outcome === "string"
      ? { kind: "step", ...where, outcome: fields.outcome, visit, details }
      : { kind: "ended", ...where, reason: text(fields.ended), visit, details }
  }
  if (item.kind === "message") {
    return {
      kind: "message",
      id: text(fields.id),
      isCall: fields.channel === "webhook",
      journey: where.journey,
      place,
      subject: text(fields.subject),
      state: text(fields.state),
      details: rest(fields, [...saidOfPlace, "id", "channel", "subject", "state", "html", "text"]),
    }
  }
  if (item.kind === "event") {
    const name = text(fields.name)
    const details = { ...record(fields.properties), ...record(fields.traits) }
    const history = fields.history === true ? ({ history: true } as const) : undefined
    if (fields.type === "identify") return { kind: "traits", ...history, details }
    return { kind: "event", name: name || text(fields.type), ...history, details }
  }
  return { kind: "merge", details: rest(fields, []) }
}
