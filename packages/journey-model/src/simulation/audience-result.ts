import type { JourneyStats, MessageCounts, NodeStats } from "../engine/stats.ts"
import { dayMs } from "../values/duration.ts"
import { type EpochMs, formatInstant } from "../values/time.ts"
import { type AudienceShape, addUp } from "./audience-counts.ts"

/** An audience that has run: every count of the shape as it stands at the end of each stretch of time. */
export type AudienceResult = { shape: AudienceShape; totals: Int32Array }

/** The result of the counts of a whole audience, which are used up for it. */
export function audienceResult(shape: AudienceShape, cells: Int32Array): AudienceResult {
  addUp(shape, cells)
  return { shape, totals: cells }
}

/** The last moment; moments are whole numbers from 0, each the end of a stretch of time. */
export const lastMoment = ({ shape }: AudienceResult): number => shape.bins - 1

/** What is counted at a moment has happened before this instant. */
export const instantOf = ({ shape }: AudienceResult, moment: number): EpochMs =>
  shape.startAt + (moment + 1) * shape.binMs

/** The moment whose stretch of time has an instant in it. */
export const momentOf = ({ shape }: AudienceResult, instant: EpochMs): number =>
  Math.max(0, Math.min(shape.bins - 1, Math.floor((instant - shape.startAt) / shape.binMs)))

const withoutZeros = (counts: { [name: string]: number }): { [name: string]: number } =>
  Object.fromEntries(Object.entries(counts).filter(([, n]) => n > 0))

/** The numbers of the journey at a moment, as the server would give them. */
export function statsAt(result: AudienceResult, moment: number): JourneyStats {
  const { shape, totals } = result
  const at = (row: number): number => totals[row * shape.bins + moment] as number
  const all = (rows: { [name: string]: number }) =>
    Object.fromEntries(Object.entries(rows).map(([name, row]) => [name, at(row)]))
  const ended: { [reason: string]: number } = { "end-of-path": at(shape.endOfPath) }
  let inside = 0
  const nodes = shape.nodes.map((rows): [string, NodeStats] => {
    const stats: NodeStats = {
      entered: at(rows.entered),
      inside: at(rows.inside),
      left: all(rows.left),
      ended: withoutZeros(all(rows.ended)),
      failed: at(rows.failed),
    }
    inside += stats.inside
    for (const [reason, n] of Object.entries(stats.ended)) ended[reason] = (ended[reason] ?? 0) + n
    if (rows.messages) {
      const { opened, clicked, bounced, unsubscribed } = rows.messages
      const sent = stats.left.next ?? 0
      const messages: MessageCounts = {
        queued: 0,
        sent,
        refused: 0,
        bounced: at(bounced),
        opened: at(opened),
        clicked: at(clicked),
        unsubscribed: at(unsubscribed),
      }
      stats.messages = messages
    }
    return [rows.node, stats]
  })
  return {
    journey: shape.journey,
    version: "all",
    at: formatInstant(instantOf(result, moment)),
    totals: {
      entered: at(shape.entered),
      inside,
      ended: withoutZeros(ended),
      notAdmitted: withoutZeros(all(shape.notAdmitted)),
    },
    nodes: Object.fromEntries(nodes),
  }
}

/** Ids of the nodes to which nobody came. */
export function neverReached({ shape, totals }: AudienceResult): string[] {
  const last = shape.bins - 1
  return shape.nodes
    .filter(({ entered }) => totals[entered * shape.bins + last] === 0)
    .map(({ node }) => node)
}

/** How many messages are sent on each day from the start on. */
export function messagesPerDay({ shape, totals }: AudienceResult): number[] {
  const perDay = new Array<number>(Math.ceil((shape.bins * shape.binMs) / dayMs)).fill(0)
  for (const { left, messages } of shape.nodes) {
    if (!messages || left.next === undefined) continue
    const from = left.next * shape.bins
    for (let bin = 0; bin < shape.bins; bin++) {
      const before = bin === 0 ? 0 : (totals[from + bin - 1] as number)
      const day = Math.floor((bin * shape.binMs) / dayMs)
      perDay[day] = (perDay[day] as number) + (totals[from + bin] as number) - before
    }
  }
  return perDay
}

/** The moment at which most customers stand at a node, or in the journey. */
export function busiestMoment({ shape, totals }: AudienceResult, node?: string): number {
  const rows = shape.nodes
    .filter(known => node === undefined || known.node === node)
    .map(known => known.inside)
  let busiest = 0
  let most = -1
  for (let bin = 0; bin < shape.bins; bin++) {
    const inside = rows.reduce((sum, row) => sum + (totals[row * shape.bins + bin] as number), 0)
    if (inside > most) {
      most = inside
      busiest = bin
    }
  }
  return busiest
}
