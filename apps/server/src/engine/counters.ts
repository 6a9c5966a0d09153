import type { CustomerTurn, Enrollment, EpochMs, ProgramNode, Step } from "@viaggio/journey-model"
import type { Tx } from "../db/client.ts"
import { addCounters, addHours, addInside } from "./counter-store.ts"
import { instantText } from "./instant-text.ts"
import { Measure } from "./measures.ts"
import type { LiveVersion } from "./worlds.ts"

const HOUR_MS = 3_600_000

/** What a batch adds to the counters of its bucket. */
export class Counters {
  readonly #totals = new Sums()
  readonly #hours = new Map<EpochMs, Sums>()
  readonly #inside = new Sums()

  add(version: number, node: number, measure: number): void {
    this.#totals.add(version, node, measure, 1)
  }

  /** An arrival at the entry; the arrivals after it are counted by the steps that lead to them. */
  addEntered({ id, version }: LiveVersion, { enteredAt }: Enrollment): void {
    const { entry } = version.program
    this.add(id, entry, Measure.entered)
    const hour = Math.floor(enteredAt / HOUR_MS) * HOUR_MS
    const sums = this.#hours.get(hour) ?? new Sums()
    this.#hours.set(hour, sums)
    sums.add(id, entry, Measure.entered, 1)
  }

  /**
   * Every step that leads on begins a visit at its target, whether that one is finished in this turn or parked.
   * @param nodes those of the steps
   * @param codes what stands for their outcomes and ends
   */
  addSteps(
    version: number,
    steps: readonly Step[],
    nodes: readonly ProgramNode[],
    codes: readonly number[],
    turn: CustomerTurn,
  ): void {
    for (let i = 0; i < steps.length; i += 1) {
      const [step, node, code] = [steps[i]!, nodes[i]!, codes[i]!]
      this.add(version, node.index, code)
      if (step.error !== undefined) this.add(version, node.index, Measure.failed)
      const target = code >= 0 ? node.targets[code]! : -1
      if (target >= 0 && beginsVisit(step, turn)) this.add(version, target, Measure.entered)
    }
  }

  /** Somebody stood there before the batch and stands here after it. */
  move({ id, version }: LiveVersion, before: Enrollment | undefined, after: Enrollment): void {
    const { index } = version.program
    if (before !== undefined) this.#inside.add(id, index.get(before.node)!, 0, -1)
    if (after.ended === undefined) this.#inside.add(id, index.get(after.node)!, 0, 1)
  }

  save(tx: Tx, bucket: number): Promise<unknown> {
    const totals = this.#totals.columns()
    const { measures: _, ...inside } = this.#inside.columns()
    return Promise.all([
      totals.counts.length === 0 ? undefined : addCounters(tx, { bucket, ...totals }),
      ...[...this.#hours].map(([at, sums]) =>
        addHours(tx, { bucket, hour: instantText(at), ...sums.columns() }),
      ),
      inside.counts.length === 0 ? undefined : addInside(tx, { bucket, ...inside }),
    ])
  }
}

/** A step with an outcome that ended at the node limit leads nowhere; every other one is followed by a visit. */
const beginsVisit = (step: Step, turn: CustomerTurn): boolean => {
  const final = turn.touched.find(e => e.enrollment.id === step.enrollment)!.enrollment
  return final.visit > step.visit
}

/** Measures are smallints, also below zero. */
const MEASURES = 2 ** 16
const NO_MEASURE = 2 ** 15

/** Sums by version, node and measure; their keys are numbers, for a text of each step would have to be thrown away. */
class Sums {
  readonly #byVersion = new Map<number, Map<number, number>>()

  add(version: number, node: number, measure: number, n: number): void {
    const key = node * MEASURES + measure + NO_MEASURE
    const sums = this.#byVersion.get(version)
    if (sums === undefined) this.#byVersion.set(version, new Map([[key, n]]))
    else sums.set(key, (sums.get(key) ?? 0) + n)
  }

  /** Those that are not zero. */
  columns() {
    const columns = { versions: [], nodes: [], measures: [], counts: [] } as Record<
      "versions" | "nodes" | "measures" | "counts",
      number[]
    >
    for (const [version, sums] of this.#byVersion)
      for (const [key, n] of sums) {
        if (n === 0) continue
        columns.versions.push(version)
        columns.nodes.push(Math.floor(key / MEASURES))
        columns.measures.push((key % MEASURES) - NO_MEASURE)
        columns.counts.push(n)
      }
    return columns
  }
}
