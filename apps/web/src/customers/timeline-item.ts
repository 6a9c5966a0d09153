/** A line of the timeline as the page shows it; `details` is what a click unfolds. */
export type TimelineView =
  | { kind: "event"; name: string; details: Record<string, unknown> }
  | { kind: "traits"; details: Record<string, unknown> }
  | {
      kind: "step"
      journey: string
      version: number
      node: string
      outcome: string
      details: Record<string, unknown>
    }
  | {
      kind: "ended"
      journey: string
      version: number
      node: string
      reason: string
      details: Record<string, unknown>
    }
  | {
      kind: "message"
      id: string
      journey: string
      node: string
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
    journey: text(fields.journey),
    version: Number(fields.version ?? 0),
    node: text(fields.node),
  }
  if (item.kind === "step") {
    const details = rest(fields, ["journey", "version", "node", "outcome", "ended", "enrollment"])
    return typeof fields.outcome === "string"
      ? { kind: "step", ...place, outcome: fields.outcome, details }
      : { kind: "ended", ...place, reason: text(fields.ended), details }
  }
  if (item.kind === "message") {
    return {
      kind: "message",
      id: text(fields.id),
      journey: place.journey,
      node: place.node,
      subject: text(fields.subject),
      state: text(fields.state),
      details: rest(fields, ["id", "journey", "node", "subject", "state", "html", "text"]),
    }
  }
  if (item.kind === "event") {
    const name = text(fields.name)
    const details = { ...record(fields.properties), ...record(fields.traits) }
    if (fields.type === "identify") return { kind: "traits", details }
    return { kind: "event", name: name || text(fields.type), details }
  }
  return { kind: "merge", details: rest(fields, []) }
}
