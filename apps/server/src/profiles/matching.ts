import {
  addNeeds,
  type Condition,
  compileCondition,
  type EpochMs,
  emptyNeeds,
  type Json,
  type Needs,
  type View,
} from "@viaggio/journey-model"
import type { CustomerItem } from "../answers.ts"
import type { Db } from "../db/client.ts"
import type { Ports } from "../ports.ts"
import type { Workspace } from "../workspaces/workspace.ts"
import type { People, Place } from "./people.ts"
import { extrapolated, survey } from "./survey.ts"
import * as store from "./survey-store.ts"
import { namesOf, viewsOf, viewsOfBucket } from "./views.ts"

/**
 * How many customers a condition holds for. `count` is null where it asks about what nobody has outside of a journey:
 * the entry event, the context, the time since the entry. `share`: how much of the customers were looked at.
 */
export type Matching = {
  count: number | null
  /** Customers there are. */
  of: number
  estimate: boolean
  share: number
  sample: CustomerItem[]
}

/** How long a person waits for a number. */
const BUDGET_MS = 800
const SAMPLE = 3

/** A condition ready to be asked of many customers. */
export type Question = { needs: Needs; names: string[]; holds(view: View): boolean }

export const questionOf = (condition: Condition): Question => {
  const needs = emptyNeeds()
  addNeeds(needs, condition)
  const compiled = compileCondition(condition)
  return {
    needs,
    names: [...needs.digest, ...needs.history.keys()],
    holds: view => compiled.test(view),
  }
}

/** Whether it asks about something that a customer has only inside of a journey. */
export const asksForPassage = (part: unknown): boolean => {
  if (Array.isArray(part)) return part.some(asksForPassage)
  if (typeof part !== "object" || part === null) return false
  const { kind, period, ref } = part as { kind?: Json; period?: Json; ref?: Json }
  if (kind === "entry" || kind === "context" || period === "since-entry") return true
  if (typeof ref === "string" && !ref.startsWith("profile.")) return true
  return Object.values(part).some(asksForPassage)
}

/** Asks conditions of customers as they are now, by the interpreter's own evaluation. */
export const createMatching = (deps: {
  db: Db
  ports: Pick<Ports, "now" | "monotonicMs">
  people: People
}) => {
  const { db, ports } = deps
  const nowOf = (workspace: Workspace): EpochMs => workspace.clockNow ?? ports.now()

  return {
    async count(workspace: Workspace, condition: Condition): Promise<Matching> {
      if (asksForPassage(condition)) return { count: null, of: 0, estimate: false, share: 0, sample: [] }
      const { needs, names: wanted, holds } = questionOf(condition)
      const [names, rows] = await Promise.all([namesOf(db, workspace.id, wanted), store.readBuckets(db, {})])
      const options = { workspace: workspace.id, needs, names, now: nowOf(workspace) }
      const { parts, share } = await survey(
        { buckets: rows.map(row => row.bucket), budgetMs: BUDGET_MS, monotonicMs: ports.monotonicMs },
        async bucket => {
          const part = { all: 0, found: 0, first: [] as Place[] }
          for await (const views of viewsOfBucket(db, { ...options, bucket }))
            for (const view of views) {
              part.all += 1
              if (!holds(view)) continue
              part.found += 1
              if (part.first.length < SAMPLE) part.first.push({ bucket, id: view.customer })
            }
          return part
        },
      )
      const total = (of: "all" | "found") =>
        extrapolated(
          parts.reduce((sum, part) => sum + part[of], 0),
          share,
        )
      const first = parts.flatMap(part => part.first).slice(0, SAMPLE)
      return {
        count: total("found"),
        of: total("all"),
        estimate: share < 1,
        share,
        sample: [...(await deps.people.items(workspace, first)).values()],
      }
    },

    /** Which of these customers a condition holds for. */
    async filter<Row extends Place & Pick<store.SurveyedRow, "attributes" | "absorbed">>(
      workspace: Workspace,
      condition: Condition,
      rows: readonly Row[],
    ): Promise<Row[]> {
      const { needs, names: wanted, holds } = questionOf(condition)
      const names = await namesOf(db, workspace.id, wanted)
      const now = nowOf(workspace)
      const byBucket = new Map<number, Row[]>()
      for (const row of rows) byBucket.set(row.bucket, [...(byBucket.get(row.bucket) ?? []), row])
      const matching = await Promise.all(
        [...byBucket].map(async ([bucket, own]) => {
          const views = await viewsOf(db, { bucket, rows: own, needs, names, now })
          return views.flatMap(view => (holds(view) ? [view.customer] : []))
        }),
      )
      const ids = new Set(matching.flat())
      return rows.filter(row => ids.has(row.id))
    },
  }
}

export type MatchingService = ReturnType<typeof createMatching>
