import { endOfPath } from "../engine/compile.ts"
import type { NotAdmittedReason } from "../engine/types.ts"
import type { ExitConfig } from "../node-types/exit/exit.ts"
import { NodeType } from "../node-types/registry.ts"
import { dayMs } from "../values/duration.ts"
import type { EpochMs } from "../values/time.ts"
import type { Audience, AudienceLife } from "./audience.ts"
import { MessageReaction } from "./behaviour.ts"

/** The rows of one node: what changes in each stretch of time. */
type NodeRows = {
  node: string
  entered: number
  inside: number
  left: { [outcome: string]: number }
  ended: { [reason: string]: number }
  failed: number
  messages?: { [Reaction in MessageReaction]: number }
}

/**
 * How counts lie in one array of whole numbers: `rows` rows of `bins` stretches of `binMs` each, from `startAt` on.
 * Plain data, as it goes from the worker to the page.
 */
export type AudienceShape = {
  journey: string
  startAt: EpochMs
  binMs: number
  bins: number
  rows: number
  nodes: NodeRows[]
  entered: number
  endOfPath: number
  notAdmitted: { [Reason in NotAdmittedReason]: number }
}

const hourMs = 3_600_000
/** So that counts of a large journey still fit: 16 MB. */
const mostCells = 4_000_000

/** Gives every count of a journey its row; stretches are an hour, or as long as room for all rows asks for. */
export function audienceShape({ program, spec }: Pick<Audience, "program" | "spec">): AudienceShape {
  let rows = 0
  const row = () => rows++
  const named = (names: readonly string[]) => Object.fromEntries(names.map(name => [name, row()]))
  const nodes = program.nodes.map(({ id, type, config, outcomes }): NodeRows => {
    const reasons = type === NodeType.exit ? [(config as ExitConfig).reason] : []
    return {
      node: id,
      entered: row(),
      inside: row(),
      left: named(outcomes),
      ended: named([...reasons, "engine-error"]),
      failed: row(),
      ...(type === NodeType.email
        ? { messages: named(Object.keys(MessageReaction)) as NonNullable<NodeRows["messages"]> }
        : {}),
    }
  })
  const shape = {
    journey: program.key,
    startAt: spec.startAt,
    nodes,
    entered: row(),
    endOfPath: row(),
    notAdmitted: { reentry: row(), audience: row(), "too-old": row(), paused: row() },
  }
  const wholeMs = spec.days * dayMs
  const binMs = Math.ceil(Math.max(1, (rows * wholeMs) / hourMs / mostCells)) * hourMs
  return { ...shape, binMs, bins: Math.max(1, Math.ceil(wholeMs / binMs)), rows }
}

/** Counts that customers are added to; `cells` of two that ran apart are added up by {@link addCells}. */
export class AudienceCounts {
  readonly cells: Int32Array<ArrayBuffer>
  private readonly shape: AudienceShape
  private readonly nodes: ReadonlyMap<string, { rows: NodeRows; targets: ReadonlyMap<string, boolean> }>

  constructor(audience: Audience, shape: AudienceShape) {
    this.shape = shape
    this.cells = new Int32Array(shape.rows * shape.bins)
    this.nodes = new Map(
      audience.program.nodes.map(({ id, outcomes, targets }, index) => [
        id,
        {
          rows: shape.nodes[index] as NodeRows,
          targets: new Map(outcomes.map((outcome, way) => [outcome, targets[way] === endOfPath])),
        },
      ]),
    )
  }

  /** Takes in the whole life of one customer. */
  add({ fold, reactions, refusedAt }: AudienceLife): void {
    const { shape } = this
    for (const { step } of fold.steps) {
      const { rows, targets } = this.of(step.node)
      const leftAt = this.binOf(step.leftAt)
      if (step.visit === 1) this.count(shape.entered, this.binOf(step.arrivedAt))
      this.arrive(rows, step.arrivedAt)
      this.count(rows.inside, leftAt, -1)
      if (step.outcome !== undefined) {
        this.count(rows.left[step.outcome] as number, leftAt)
        if (targets.get(step.outcome)) this.count(shape.endOfPath, leftAt)
      }
      if (step.ended !== undefined) this.count(rows.ended[step.ended] as number, leftAt)
      if (step.error !== undefined) this.count(rows.failed, leftAt)
    }
    for (const { enrollment } of fold.open) {
      if (enrollment.visit === 1) this.count(shape.entered, this.binOf(enrollment.arrivedAt))
      this.arrive(this.of(enrollment.node).rows, enrollment.arrivedAt)
    }
    for (const { node, reaction, at } of reactions) {
      const { messages } = this.of(node).rows
      if (messages) this.count(messages[reaction], this.binOf(at))
    }
    fold.notAdmitted.forEach(({ reason }, index) => {
      this.count(shape.notAdmitted[reason], this.binOf(refusedAt[index] as EpochMs))
    })
  }

  private of(node: string): { rows: NodeRows; targets: ReadonlyMap<string, boolean> } {
    const found = this.nodes.get(node)
    if (!found) throw new Error(`No counts are kept for ${node}`)
    return found
  }

  private arrive(rows: NodeRows, at: EpochMs): void {
    const bin = this.binOf(at)
    this.count(rows.entered, bin)
    this.count(rows.inside, bin)
  }

  private binOf(at: EpochMs): number {
    return Math.min(Math.floor((at - this.shape.startAt) / this.shape.binMs), this.shape.bins - 1)
  }

  private count(row: number, bin: number, n = 1): void {
    const at = row * this.shape.bins + bin
    this.cells[at] = (this.cells[at] as number) + n
  }
}

/** Adds the counts of another part of the audience, in place. */
export function addCells(into: Int32Array, from: Int32Array): void {
  for (let index = 0; index < into.length; index++) {
    into[index] = (into[index] as number) + (from[index] as number)
  }
}

/** From what changed in each stretch to what there is at its end, in place. */
export function addUp({ rows, bins }: AudienceShape, cells: Int32Array): void {
  for (let row = 0; row < rows; row++) {
    const from = row * bins
    for (let at = from + 1; at < from + bins; at++) {
      cells[at] = (cells[at] as number) + (cells[at - 1] as number)
    }
  }
}
