import { compileCondition, compileWhere, type Test, type WhereTest } from "../conditions/evaluate.ts"
import type { Needs } from "../conditions/facts.ts"
import { emptyNeeds, mergeNeeds } from "../conditions/needs.ts"
import { type CompiledEmail, compileEmail } from "../content/email.ts"
import { contentHash } from "../journey/canonical.ts"
import { checkJourney } from "../journey/check.ts"
import type { Journey, JourneyNode } from "../journey/document.ts"
import { type Graph, graphOf } from "../journey/graph.ts"
import { readNode } from "../journey/node-config.ts"
import type { Decision, Moment } from "../node-types/definition.ts"
import type { EmailConfig } from "../node-types/email/config.ts"
import type { EventEntryConfig } from "../node-types/event-entry/event-entry.ts"
import { NodeType } from "../node-types/registry.ts"
import type { WaitForEventConfig } from "../node-types/wait-for-event/config.ts"
import { parseDuration } from "../values/duration.ts"
import { hasErrors, ok, type Result } from "../values/problem.ts"

/** Where a path stops although an outcome was taken: nothing is connected there. */
export const endOfPath = -1

/** A node ready to run. `index` is its place in the document, its stable number within the version. */
export type ProgramNode = {
  index: number
  id: string
  type: string
  config: unknown
  outcomes: readonly string[]
  /** Where each outcome leads, fall-through resolved: an index, or −1 for the end of the path. */
  targets: readonly number[]
  waitsFor: ReadonlySet<string>
  /** Whether some wait looks back to the latest arrival here. */
  tracked: boolean
  content?: CompiledEmail
  decide: (moment: Moment) => Decision
}

/** Who comes in: asked in the order of the fields, then by re-entry. */
export type Admission = {
  event: string
  where: WhereTest
  maxAgeMs: number
  audience: Test | undefined
  reentry: { mode: "once" } | { mode: "after-exit"; cooldownMs: number } | { mode: "always" }
}

/** The compiled form of a journey version: immutable, shared by all customers, kept for the version's life. */
export type Program = {
  key: string
  hash: string
  journey: Journey
  nodes: readonly ProgramNode[]
  entry: number
  index: ReadonlyMap<string, number>
  needs: Needs
  admission: Admission
}

const lookedBackTo = (nodes: readonly JourneyNode[]): Set<string> => {
  const tracked = new Set<string>()
  for (const node of nodes) {
    const { known } = readNode(node)
    if (known?.definition.type !== NodeType.waitForEvent) continue
    const { since } = known.config as WaitForEventConfig
    if (typeof since === "object") tracked.add(since.node)
  }
  return tracked
}

const compileNode = (
  node: JourneyNode,
  place: { index: number; numbers: ReadonlyMap<string, number>; graph: Graph; tracked: ReadonlySet<string> },
): ProgramNode => {
  const { known } = readNode(node)
  // Not reached: a node that cannot be read is an error of the check, which compile refuses before.
  if (!known) throw new Error(`${node.id} cannot be read`)
  const { definition, config } = known
  const ways = place.graph.ways(node.id)
  const compiled: ProgramNode = {
    index: place.index,
    id: node.id,
    type: node.type,
    config,
    outcomes: ways.map(way => way.outcome),
    targets: ways.map(way => (way.to === undefined ? endOfPath : (place.numbers.get(way.to) ?? endOfPath))),
    waitsFor: new Set(definition.listens(config)),
    tracked: place.tracked.has(node.id),
    decide: definition.decide(config),
  }
  if (node.type === NodeType.email) {
    const content = compileEmail(config as EmailConfig)
    if (content.ok) compiled.content = content.value
  }
  return compiled
}

const compileAdmission = (journey: Journey, entry: EventEntryConfig): Admission => {
  const { reentry } = journey.settings
  return {
    event: entry.event,
    where: compileWhere(entry.where),
    maxAgeMs: parseDuration(entry.maxAge) ?? 0,
    audience: entry.audience && compileCondition(entry.audience),
    reentry:
      reentry.mode === "after-exit"
        ? { mode: reentry.mode, cooldownMs: parseDuration(reentry.cooldown) ?? 0 }
        : reentry,
  }
}

/**
 * Makes a journey ready to run; not ok with every problem when one of them is an error. What is compiled here
 * once (conditions, paths, durations, templates, ways out) is not looked at again per customer.
 */
export function compile(journey: Journey): Result<Program> {
  const problems = checkJourney(journey)
  const graph = graphOf(journey)
  const entry = graph.entry && readNode(graph.entry).known
  if (hasErrors(problems) || !graph.entry || !entry) return { ok: false, problems }
  const numbers = new Map(journey.nodes.map((node, index) => [node.id, index]))
  const tracked = lookedBackTo(journey.nodes)
  const needs = emptyNeeds()
  for (const node of journey.nodes) {
    const { known } = readNode(node)
    if (known) mergeNeeds(needs, known.definition.needs(known.config))
  }
  const program: Program = {
    key: journey.key,
    hash: contentHash(journey),
    journey,
    nodes: journey.nodes.map((node, index) => compileNode(node, { index, numbers, graph, tracked })),
    entry: numbers.get(graph.entry.id) ?? endOfPath,
    index: numbers,
    needs,
    admission: compileAdmission(journey, entry.config as EventEntryConfig),
  }
  return ok(program, problems)
}
