import type { CustomerTurn } from "@viaggio/journey-model"
import type { Tx } from "../db/client.ts"
import type { EventNames } from "../ingest/names.ts"
import { Counters } from "./counters.ts"
import { EnrollmentRows } from "./enrollment-rows.ts"
import { instantText } from "./instant-text.ts"
import type { Loaded } from "./load.ts"
import { codeOfStep, Measure, notAdmittedMeasure } from "./measures.ts"
import { MessageRows } from "./message-rows.ts"
import { ProfileRows } from "./profile-rows.ts"
import { runsOf, TurnRows } from "./turn-rows.ts"

/** `now` and `today` of the database; the number of the bucket's last turn. */
export type BatchClock = { now: number; today: string; turnSeq: number }

/**
 * What a batch decided, gathered customer by customer into the columns that its statements take. Of a customer
 * nothing else is kept, so that what a fold made is forgotten at once.
 */
export class BatchRows {
  readonly #clock: BatchClock
  readonly #profiles: ProfileRows
  readonly #enrollments: EnrollmentRows
  readonly #turns: TurnRows
  readonly #messages = new MessageRows()
  readonly #counters = new Counters()
  /** Those in which something happened. */
  readonly versions = new Set<number>()
  steps = 0

  constructor(clock: BatchClock, names: EventNames) {
    this.#clock = clock
    this.#profiles = new ProfileRows(clock.now, names)
    this.#enrollments = new EnrollmentRows(clock.now)
    this.#turns = new TurnRows(clock.turnSeq)
  }

  /** Number of the bucket's last turn, those of this batch included. */
  get turnSeq(): number {
    return this.#turns.seq
  }

  get messages(): number {
    return this.#messages.length
  }

  add(loaded: Loaded, turn: CustomerTurn): void {
    const versionOf = (id: number) => loaded.workspace.versions.get(id)!
    this.#profiles.add(loaded, turn.customer)
    for (const { version: id, enrollment } of turn.touched) {
      const version = versionOf(id)
      const before = loaded.customer.enrollments.find(open => open.enrollment.id === enrollment.id)
      const isNew = turn.entered.some(entered => entered.enrollment.id === enrollment.id)
      this.versions.add(id)
      this.#counters.move(version, before?.enrollment, enrollment)
      if (isNew) this.#enrollments.add(loaded, version, enrollment)
      else this.#enrollments.change(version, enrollment)
    }
    for (const { version, enrollment } of turn.entered)
      this.#counters.addEntered(versionOf(version), enrollment)
    for (const { version: id, steps } of runsOf(turn.steps)) {
      const version = versionOf(id)
      const { program } = version.version
      const nodes = steps.map(step => program.nodes[program.index.get(step.node)!]!)
      const codes = steps.map((step, i) => codeOfStep(nodes[i]!, step))
      this.steps += steps.length
      this.#turns.add(version, steps, nodes, codes)
      this.#counters.addSteps(id, steps, nodes, codes, turn)
    }
    for (const { version, reason } of turn.notAdmitted) {
      this.versions.add(version)
      this.#counters.add(version, versionOf(version).version.program.entry, notAdmittedMeasure[reason])
    }
    for (const asked of turn.effects) {
      const { version, effect } = asked
      const node = versionOf(version).version.program.index.get(effect.node)!
      if (effect.kind === "sendMessage") this.#counters.add(version, node, Measure.messagesQueued)
      this.#messages.add(loaded, asked, node)
    }
  }

  /**
   * Writes each table in one statement. All of it stands or falls with the caller's transaction; the statements are
   * sent without waiting for one another.
   */
  async save(tx: Tx, bucket: number): Promise<void> {
    const at = { now: instantText(this.#clock.now), today: this.#clock.today }
    await Promise.all([
      this.#profiles.save(tx, bucket),
      this.#enrollments.save(tx, bucket),
      this.#turns.save(tx, bucket, at),
      this.#counters.save(tx, bucket),
      this.#messages.save(tx, bucket),
    ])
  }
}
