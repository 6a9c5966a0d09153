import type { CustomerTurn, ProgramNode, Step } from "@viaggio/journey-model"
import type { Tx } from "../db/client.ts"
import { addTurns } from "./engine-store.ts"
import { instantText } from "./instant-text.ts"
import type { LiveVersion } from "./worlds.ts"

/** The rows that a batch adds to the step log, column by column: one for each turn. */
export class TurnRows {
  /** Number of the last turn in the bucket. */
  seq: number
  readonly #rows = {
    seqs: [] as number[],
    workspaces: [] as number[],
    versions: [] as number[],
    enrollments: [] as string[],
    visits: [] as number[],
    arrived: [] as string[],
    left: [] as string[],
    nodes: [] as string[],
    outcomes: [] as string[],
    notes: [] as (string | null)[],
  }

  constructor(seq: number) {
    this.seq = seq
  }

  /**
   * @param nodes those of the steps
   * @param codes what stands for their outcomes and ends
   */
  add(
    version: LiveVersion,
    steps: readonly Step[],
    nodes: readonly ProgramNode[],
    codes: readonly number[],
  ): void {
    const rows = this.#rows
    const first = steps[0]!
    this.seq += 1
    rows.seqs.push(this.seq)
    rows.workspaces.push(version.workspace)
    rows.versions.push(version.id)
    rows.enrollments.push(first.enrollment)
    rows.visits.push(first.visit)
    rows.arrived.push(instantText(first.arrivedAt))
    rows.left.push(instantText(first.leftAt))
    rows.nodes.push(`{${nodes.map(node => node.index).join(",")}}`)
    rows.outcomes.push(`{${codes.join(",")}}`)
    rows.notes.push(notesOf(steps))
  }

  save(tx: Tx, bucket: number, at: { now: string; today: string }): Promise<unknown> | undefined {
    return this.#rows.seqs.length === 0 ? undefined : addTurns(tx, { bucket, ...at, ...this.#rows })
  }
}

const notesOf = (steps: readonly Step[]): string | null => {
  let notes: Record<string, Pick<Step, "because" | "error">> | undefined
  for (const { visit, because, error } of steps) {
    if (because === undefined && error === undefined) continue
    notes ??= {}
    notes[visit] = {
      ...(because === undefined ? {} : { because }),
      ...(error === undefined ? {} : { error }),
    }
  }
  return notes === undefined ? null : JSON.stringify(notes)
}

/** Cuts the steps of a fold into turns: neighbours of one enrollment that left at one instant. */
export const runsOf = (steps: CustomerTurn["steps"]): { version: number; steps: Step[] }[] => {
  const runs: { version: number; steps: Step[] }[] = []
  let last: Step | undefined
  for (const { version, step } of steps) {
    const goesOn =
      last !== undefined &&
      last.enrollment === step.enrollment &&
      last.leftAt === step.leftAt &&
      step.arrivedAt === step.leftAt &&
      step.visit === last.visit + 1
    if (goesOn) runs.at(-1)!.steps.push(step)
    else runs.push({ version, steps: [step] })
    last = step
  }
  return runs
}
