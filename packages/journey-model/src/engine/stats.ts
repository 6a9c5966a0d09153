import type { Program } from "./compile.ts"
import type { CustomerTurn } from "./customer.ts"
import type { NotAdmittedReason } from "./types.ts"

/** Counts of messages, each per message and not per hit; `sent`: the provider took it. */
export type MessageCounts = {
  queued: number
  sent: number
  refused: number
  bounced: number
  opened: number
  clicked: number
  unsubscribed: number
}

/** Counts of one node in visits; `failed` marks steps that are already in `left` or `ended`. */
export type NodeStats = {
  entered: number
  inside: number
  left: { [outcome: string]: number }
  ended: { [reason: string]: number }
  failed: number
  messages?: MessageCounts
}

/** The numbers of a journey, zeros included. `at`: the instant they were read, RFC 3339. */
export type JourneyStats = {
  journey: string
  version: "all" | number
  at: string
  totals: {
    entered: number
    inside: number
    ended: { [reason: string]: number }
    notAdmitted: { [Reason in NotAdmittedReason]?: number }
  }
  nodes: { [node: string]: NodeStats }
}

const noMessages = (): MessageCounts => ({
  queued: 0,
  sent: 0,
  refused: 0,
  bounced: 0,
  opened: 0,
  clicked: 0,
  unsubscribed: 0,
})

/** Zeros for every node and every declared outcome of a version. */
export function emptyStats(
  { key, nodes }: Program,
  { version, at }: { version: "all" | number; at: string },
): JourneyStats {
  const zeros = nodes.map(({ id, type, outcomes }): [string, NodeStats] => {
    const stats: NodeStats = {
      entered: 0,
      inside: 0,
      left: Object.fromEntries(outcomes.map(outcome => [outcome, 0])),
      ended: {},
      failed: 0,
    }
    if (type === "email") stats.messages = noMessages()
    return [id, stats]
  })
  return {
    journey: key,
    version,
    at,
    totals: { entered: 0, inside: 0, ended: {}, notAdmitted: {} },
    nodes: Object.fromEntries(zeros),
  }
}

/**
 * One count that a turn changes: at a node a visit that began, a step by outcome or end, an error mark, or how
 * many stand there now; without a node, of the journey as a whole.
 */
export type Measure =
  | { kind: "entered" | "failed"; version: number; node: string; n: 1 }
  | { kind: "inside"; version: number; node: string; n: 1 | -1 }
  | { kind: "left" | "ended"; version: number; node: string; name: string; n: 1 }
  | { kind: "journey-entered"; version: number; n: 1 }
  | { kind: "journey-ended" | "not-admitted"; version: number; name: string; n: 1 }

/** What a turn changes in the counts, so that entered = inside + Σ left + Σ ended stays true everywhere. */
export function measuresOf(turn: CustomerTurn): Measure[] {
  const measures: Measure[] = []
  const begun = new Set(turn.entered.map(open => open.enrollment.id))
  for (const { version } of turn.entered) measures.push({ kind: "journey-entered", version, n: 1 })
  for (const { version, step } of turn.steps) {
    const { node, enrollment } = step
    // The first step of an enrollment that was there before finishes a visit that has long been counted.
    if (begun.has(enrollment)) measures.push({ kind: "entered", version, node, n: 1 })
    else measures.push({ kind: "inside", version, node, n: -1 })
    begun.add(enrollment)
    if (step.outcome !== undefined) measures.push({ kind: "left", version, node, name: step.outcome, n: 1 })
    if (step.ended !== undefined) measures.push({ kind: "ended", version, node, name: step.ended, n: 1 })
    if (step.error !== undefined) measures.push({ kind: "failed", version, node, n: 1 })
  }
  for (const { version, enrollment } of turn.touched) {
    const { node, ended, id } = enrollment
    if (ended) {
      measures.push({ kind: "journey-ended", version, name: ended.reason, n: 1 })
    } else if (begun.has(id)) {
      measures.push({ kind: "entered", version, node, n: 1 }, { kind: "inside", version, node, n: 1 })
    }
  }
  for (const { version, reason } of turn.notAdmitted) {
    measures.push({ kind: "not-admitted", version, name: reason, n: 1 })
  }
  return measures
}

const add = (counts: { [name: string]: number }, name: string, n: number): void => {
  counts[name] = (counts[name] ?? 0) + n
}

/** Adds measures to the stats of a journey, in place; measures of nodes that it does not have are an error. */
export function addMeasures(stats: JourneyStats, measures: readonly Measure[]): void {
  const { totals, nodes } = stats
  const nodeOf = (id: string): NodeStats => {
    const node = nodes[id]
    if (!node) throw new Error(`No counts are kept for ${id}`)
    return node
  }
  for (const measure of measures) {
    switch (measure.kind) {
      case "journey-entered":
        totals.entered += measure.n
        break
      case "journey-ended":
        add(totals.ended, measure.name, measure.n)
        break
      case "not-admitted":
        add(totals.notAdmitted, measure.name, measure.n)
        break
      case "inside":
        totals.inside += measure.n
        nodeOf(measure.node).inside += measure.n
        break
      case "entered":
      case "failed":
        nodeOf(measure.node)[measure.kind] += measure.n
        break
      case "left":
      case "ended":
        add(nodeOf(measure.node)[measure.kind], measure.name, measure.n)
        break
    }
  }
}

const sum = (counts: { [name: string]: number }): number =>
  Object.values(counts).reduce((total, n) => total + n, 0)

/** Throws when a customer is lost or doubled: entered = inside + Σ left + Σ ended, per node and in all. */
export function assertConserved(stats: JourneyStats): void {
  for (const [id, { entered, inside, left, ended }] of Object.entries(stats.nodes)) {
    const found = inside + sum(left) + sum(ended)
    if (entered !== found)
      throw new Error(`${stats.journey}/${id}: ${entered} entered, but ${found} are accounted for`)
  }
  const { entered, inside, ended } = stats.totals
  const found = inside + sum(ended)
  if (entered !== found)
    throw new Error(`${stats.journey}: ${entered} entered, but ${found} are accounted for`)
  const standing = Object.values(stats.nodes).reduce((total, node) => total + node.inside, 0)
  if (standing !== inside) throw new Error(`${stats.journey}: ${inside} inside, but ${standing} at its nodes`)
}
