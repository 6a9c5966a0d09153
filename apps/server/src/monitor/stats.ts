import { type EpochMs, formatInstant } from "@viaggio/journey-model"
import type { JourneyCounts, JourneySummary, NodeCounts } from "../answers.ts"
import type { Db } from "../db/client.ts"
import { endOfCode, Measure, notAdmittedMeasure } from "../engine/measures.ts"
import type { Programs, Published } from "../engine/programs.ts"
import type { Ports } from "../ports.ts"
import { Refusal } from "../refusal.ts"
import * as store from "./stats-store.ts"

const DAY_MS = 24 * 3_600_000

type Where = { id: number; clockNow?: EpochMs | undefined }

/** The numbers of journeys, always absolute and always of one moment. */
export const createStats = (deps: { db: Db; programs: Programs; ports: Ports }) => {
  const nowOf = (workspace: Where): EpochMs => workspace.clockNow ?? deps.ports.now()

  return {
    /** Which versions stand behind "all", or one number, of a journey; newest first. */
    async versionsOf(workspace: Where, key: string, version: "all" | number): Promise<number[]> {
      const rows = await store.readVersions(deps.db, { workspace: workspace.id, key })
      if (rows.length === 0) throw new Refusal("not-found", `There is no journey "${key}".`)
      const published = rows.filter(row => row.id !== null)
      const chosen = version === "all" ? published : published.filter(row => row.number === version)
      if (version !== "all" && chosen.length === 0)
        throw new Refusal("not-found", `The journey "${key}" has no version ${version}.`)
      return chosen.map(row => row.id)
    },

    async journey(workspace: Where, key: string, version: "all" | number): Promise<JourneyCounts> {
      const ids = await this.versionsOf(workspace, key, version)
      return this.ofVersions(workspace, key, version, ids)
    },

    async ofVersions(
      workspace: Where,
      key: string,
      version: "all" | number,
      ids: readonly number[],
    ): Promise<JourneyCounts> {
      const [programs, rows] = await Promise.all([
        deps.programs.get(ids),
        ids.length === 0 ? [] : store.readCounts(deps.db, { versions: [...ids] }),
      ])
      const at = formatInstant(nowOf(workspace))
      return countsOf(
        { journey: key, version, at },
        ids.flatMap(id => programs.get(id) ?? []),
        rows,
      )
    },

    /** Versions that somebody is inside of, the newest first. */
    async insideByVersion(workspace: Where, key: string): Promise<{ number: number; inside: number }[]> {
      const rows = await store.readInsideByVersion(deps.db, { workspace: workspace.id, key })
      return rows.filter(row => row.inside > 0)
    },

    async summaries(workspace: Where): Promise<Map<number, JourneySummary>> {
      const since = new Date(nowOf(workspace) - DAY_MS).toISOString()
      const rows = await store.readSummaries(deps.db, { workspace: workspace.id, since })
      return new Map(
        rows.map(row => [
          row.journey_id,
          {
            entered24h: row.entered24h,
            inside: row.inside,
            ended: row.entered - row.inside,
            failed: row.failed,
          },
        ]),
      )
    },
  }
}

export type Stats = ReturnType<typeof createStats>

const emptyNode = (outcomes: readonly string[], isMessage: boolean): NodeCounts => ({
  entered: 0,
  inside: 0,
  left: Object.fromEntries(outcomes.map(outcome => [outcome, 0])),
  ended: {},
  failed: 0,
  ...(isMessage
    ? {
        messages: { queued: 0, sent: 0, refused: 0, bounced: 0, opened: 0, clicked: 0, unsubscribed: 0 },
      }
    : {}),
})

/** Puts the counters of some versions together by node id; the newest version's nodes stand first. */
const countsOf = (
  head: Pick<JourneyCounts, "journey" | "version" | "at">,
  versions: readonly Published[],
  rows: readonly store.CountRow[],
): JourneyCounts => {
  const nodes: Record<string, NodeCounts> = {}
  const totals: JourneyCounts["totals"] = { entered: 0, inside: 0, ended: {}, notAdmitted: {} }
  const byId = new Map(versions.map(v => [v.id, v]))
  for (const { program } of versions)
    for (const node of program.nodes) {
      const present = nodes[node.id]
      if (present === undefined) nodes[node.id] = emptyNode(node.outcomes, node.content !== undefined)
      else for (const outcome of node.outcomes) present.left[outcome] ??= 0
    }
  for (const row of rows) {
    const program = byId.get(row.version_id)?.program
    const node = program?.nodes[row.node]
    if (program === undefined || node === undefined) continue
    addCount(nodes[node.id]!, totals, node, row, node.index === program.entry)
  }
  totals.ended = sorted(totals.ended)
  return { ...head, totals, nodes }
}

const addCount = (
  counts: NodeCounts,
  totals: JourneyCounts["totals"],
  node: Published["program"]["nodes"][number],
  { measure, n }: store.CountRow,
  isEntry: boolean,
): void => {
  const { messages } = counts
  switch (measure) {
    case store.INSIDE:
      counts.inside += n
      totals.inside += n
      return
    case Measure.entered:
      counts.entered += n
      if (isEntry) totals.entered += n
      return
    case Measure.failed:
      counts.failed += n
      return
    case Measure.messagesQueued:
      if (messages !== undefined) messages.queued! += n
      return
    case Measure.messagesBounced:
      if (messages !== undefined) messages.bounced! += n
      return
    case Measure.messagesOpened:
      if (messages !== undefined) messages.opened! += n
      return
    case Measure.messagesClicked:
      if (messages !== undefined) messages.clicked! += n
      return
    case Measure.messagesUnsubscribed:
      if (messages !== undefined) messages.unsubscribed! += n
      return
    case Measure.messagesSent:
    case Measure.messagesRefused:
      if (messages === undefined) return
      messages.queued! -= n
      messages[measure === Measure.messagesSent ? "sent" : "refused"]! += n
      return
  }
  for (const [reason, code] of Object.entries(notAdmittedMeasure))
    if (measure === code) {
      totals.notAdmitted[reason] = (totals.notAdmitted[reason] ?? 0) + n
      return
    }
  if (measure < 0) {
    const reason = endOfCode(node, measure)
    counts.ended[reason] = (counts.ended[reason] ?? 0) + n
    totals.ended[reason] = (totals.ended[reason] ?? 0) + n
    return
  }
  const outcome = node.outcomes[measure]
  if (outcome === undefined) return
  counts.left[outcome] = (counts.left[outcome] ?? 0) + n
  if (node.targets[measure] === -1) totals.ended["end-of-path"] = (totals.ended["end-of-path"] ?? 0) + n
}

const sorted = (record: Record<string, number>): Record<string, number> =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)))
