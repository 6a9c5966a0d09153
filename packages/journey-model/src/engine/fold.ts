import type { EventFact, View } from "../conditions/facts.ts"
import type { CallWebhook, EffectAnswer, EffectId } from "../node-types/definition.ts"
import { assertNever } from "../values/assert-never.ts"
import { hashId } from "../values/hash.ts"
import type { EpochMs } from "../values/time.ts"
import type { Admission, Program } from "./compile.ts"
import type { Customer, CustomerStimulus, CustomerTurn, OpenEnrollment, Passage } from "./customer.ts"
import { CustomerDraft } from "./draft.ts"
import { type StepOptions, step } from "./step.ts"
import type { Enrollment, NotAdmittedReason, Stimulus, Turn } from "./types.ts"
import type { Version, World } from "./world.ts"

/**
 * `now`: the real time, absent where every turn happens at its own instant (test clocks, walks).
 * `timersUpTo`: after the stimuli, waits due until then are run too, in order of instant.
 * `answer`: where nothing may leave (test clocks, walks), answers calls at the very instant of asking, before
 * any timer; absent, the customer waits for an `effect` stimulus. `effectId`: what effects are called, where nobody
 * keeps them; absent: by their hash.
 */
export type FoldOptions = {
  now?: EpochMs
  timersUpTo?: EpochMs
  answer?: (call: CallWebhook) => EffectAnswer
  effectId?: EffectId
}

/**
 * One customer while things happen to it, one after another: what {@link foldCustomer} does in one go. `steps`,
 * `effects` and `notAdmitted` grow as it goes on.
 */
export class CustomerFold {
  private readonly world: World
  private readonly draft: CustomerDraft
  private readonly now: EpochMs | undefined
  private readonly answer: FoldOptions["answer"]
  private readonly running: StepOptions
  private readonly paused: StepOptions
  private asked: CustomerTurn["effects"] = []
  private readonly touched = new Map<string, OpenEnrollment>()
  private readonly enteredIds: string[] = []
  readonly steps: CustomerTurn["steps"] = []
  readonly effects: CustomerTurn["effects"] = []
  readonly notAdmitted: CustomerTurn["notAdmitted"] = []

  constructor(world: World, customer: Customer, { now, answer, effectId }: FoldOptions) {
    this.world = world
    this.draft = new CustomerDraft(customer)
    this.now = now
    this.answer = answer
    this.running = effectId ? { effectId } : {}
    this.paused = { ...this.running, hold: true }
  }

  take(stimulus: CustomerStimulus): void {
    if (stimulus.kind === "merged") {
      this.endDoubles(stimulus.at)
      return
    }
    if (stimulus.kind !== "effect" && stimulus.mode === "history") {
      this.takeHistory(stimulus)
      return
    }
    const occurredAt = stimulus.kind === "event" ? stimulus.event.at : stimulus.at
    // The past is never re-opened: what comes late is decided as if it came with the last thing that happened.
    const at = Math.max(occurredAt, this.draft.lastStimulusAt)
    this.runTimers(at, false)
    this.draft.lastStimulusAt = at
    switch (stimulus.kind) {
      case "traits":
        this.draft.takeTraits(stimulus.traits, stimulus.at)
        return
      case "event":
        this.takeEvent(stimulus, at)
        this.answerCalls(at)
        return
      case "effect":
        this.takeAnswer(stimulus.effect, stimulus.answer, at)
        this.answerCalls(at)
        return
      default:
        assertNever(stimulus)
    }
  }

  /** What is long past changes what is known of the customer, and nothing that happens to them. */
  private takeHistory(stimulus: Extract<CustomerStimulus, { kind: "traits" | "event" }>): void {
    if (stimulus.kind === "traits") {
      this.draft.takeTraits(stimulus.traits, stimulus.at)
      return
    }
    const { event, traits } = stimulus
    if (traits) this.draft.takeTraits(traits, event.at)
    this.draft.takeEvent(event, this.world.needs.history.has(event.name))
  }

  /** Runs waits that are due before an instant (or at it), earliest first, the oldest enrollment first. */
  runTimers(until: EpochMs, inclusive: boolean): void {
    for (;;) {
      let next: OpenEnrollment | undefined
      let dueAt = until
      for (const open of this.draft.open) {
        const { wakeAt } = open.enrollment
        if (wakeAt === undefined || wakeAt > dueAt || (wakeAt === dueAt && (next || !inclusive))) continue
        const state = this.world.versions.get(open.version)?.state
        if (state === undefined || state === "paused") continue
        next = open
        dueAt = wakeAt
      }
      if (!next) return
      const at = Math.max(dueAt, this.draft.lastStimulusAt)
      this.draft.lastStimulusAt = at
      const now = this.nowAt(at)
      if (!this.turn(next, { kind: "time", at, now }))
        throw new Error(`The wait of enrollment ${next.enrollment.id} did not end`)
      this.answerCalls(at)
    }
  }

  finish(): CustomerTurn {
    return {
      customer: this.draft.finish(),
      entered: this.enteredIds.map(id => this.touched.get(id)).filter(open => open !== undefined),
      touched: [...this.touched.values()],
      steps: this.steps,
      effects: this.effects,
      notAdmitted: this.notAdmitted,
    }
  }

  /** The enrollments that are open now, oldest first. */
  get open(): readonly OpenEnrollment[] {
    return this.draft.open
  }

  /** When the next of the waits ends by itself. */
  nextWake(): EpochMs | undefined {
    let next: EpochMs | undefined
    for (const { enrollment } of this.draft.open) {
      const { wakeAt } = enrollment
      if (wakeAt !== undefined && (next === undefined || wakeAt < next)) next = wakeAt
    }
    return next
  }

  private nowAt(at: EpochMs): EpochMs {
    return this.now === undefined ? at : Math.max(this.now, at)
  }

  /** The order within one event: profile and digest, then waits oldest first, then entries. */
  private takeEvent(stimulus: Extract<CustomerStimulus, { kind: "event" }>, at: EpochMs): void {
    const { event, receivedAt, traits } = stimulus
    if (traits) this.draft.takeTraits(traits, event.at)
    this.draft.takeEvent(event, this.world.needs.history.has(event.name))
    const now = this.nowAt(at)
    for (const open of this.draft.open) this.turn(open, { kind: "event", event, at, now })
    for (const version of this.world.entries.get(event.name) ?? []) {
      const refused = this.admit(version, event, { at, receivedAt, now })
      if (refused) this.notAdmitted.push({ version: version.id, reason: refused })
    }
  }

  private takeAnswer(effect: string, answer: EffectAnswer, at: EpochMs): void {
    const now = this.nowAt(at)
    for (const open of this.draft.open) this.turn(open, { kind: "effect", effect, answer, at, now })
  }

  /** Answers what was asked in the turns so far, and what is asked because of the answers, in order of asking. */
  private answerCalls(at: EpochMs): void {
    for (let asked = this.asked; asked.length > 0; asked = this.asked) {
      this.asked = []
      for (const call of asked) {
        if (call.answer) this.takeAnswer(call.effect.id, call.answer, at)
      }
    }
  }

  /** The timers of an enrollment that ends here never ran with it: two people were one all along. */
  private endDoubles(occurredAt: EpochMs): void {
    const at = Math.max(occurredAt, this.draft.lastStimulusAt)
    this.draft.lastStimulusAt = at
    const staying = new Set<string>()
    const byEntry = [...this.draft.open].sort(
      (a, b) =>
        a.enrollment.enteredAt - b.enrollment.enteredAt || (a.enrollment.id < b.enrollment.id ? -1 : 1),
    )
    for (const open of byEntry) {
      const version = this.world.versions.get(open.version)
      if (!version || version.program.admission.reentry.mode === "always") continue
      if (!staying.has(version.program.key)) staying.add(version.program.key)
      else this.turn(open, { kind: "removed", reason: "merged", at, now: this.nowAt(at) })
    }
  }

  /** One turn of one enrollment; false when the stimulus did not concern it. */
  private turn(open: OpenEnrollment, stimulus: Stimulus): boolean {
    const version = this.world.versions.get(open.version)
    if (!version) return false
    const { at, now } = stimulus
    // The stop reaches every enrollment by a job of its own; one that is met before is stopped on the spot.
    const told: Stimulus =
      version.state === "stopped" ? { kind: "removed", reason: "stopped", at, now } : stimulus
    const options = version.state === "paused" ? this.paused : this.running
    const turn = step(version.program, open.enrollment, told, this.draft.facts, options)
    if (turn.enrollment === open.enrollment) return false
    this.keep(version, turn, open, at)
    return true
  }

  private keep(version: Version, turn: Turn, before: OpenEnrollment | undefined, at: EpochMs): void {
    const { enrollment, traits } = turn
    if (traits) this.draft.takeTraits(traits, at)
    const after: OpenEnrollment = { version: version.id, enrollment }
    this.touched.set(enrollment.id, after)
    for (const step of turn.steps) this.steps.push({ version: version.id, step })
    for (const effect of turn.effects) {
      const asked: CustomerTurn["effects"][number] = { version: version.id, effect, at }
      this.effects.push(asked)
      if (effect.kind !== "callWebhook" || !this.answer) continue
      asked.answer = this.answer(effect)
      this.asked.push(asked)
    }
    const { open } = this.draft
    if (enrollment.ended) {
      if (before) this.draft.open = open.filter(other => other !== before)
      this.left(version.program, enrollment.ended.at)
    } else {
      this.draft.open = before ? open.map(other => (other === before ? after : other)) : [...open, after]
    }
  }

  private left({ key }: Program, at: EpochMs): void {
    const { entries, open, lastEndedAt = at } = this.draft.passage(key) ?? { entries: 1, open: 1 }
    this.draft.setPassage(key, {
      entries,
      open: Math.max(0, open - 1),
      lastEndedAt: Math.max(at, lastEndedAt),
    })
  }

  /** Lets a customer in whom the event concerns, or says why not; undefined also where it does not concern. */
  private admit(
    version: Version,
    event: EventFact,
    { at, receivedAt, now }: { at: EpochMs; receivedAt: EpochMs; now: EpochMs },
  ): NotAdmittedReason | undefined {
    const { program } = version
    const { admission, key } = program
    const { customer, attributes, digest, events } = this.draft.facts
    const view: View = {
      customer,
      attributes,
      digest,
      events,
      now: at,
      entry: event,
      enteredAt: at,
      context: {},
    }
    if (!admission.where(event, view)) return undefined
    if (version.state === "paused") return "paused"
    if (event.at < receivedAt - admission.maxAgeMs) return "too-old"
    if (admission.audience && !admission.audience.test(view)) return "audience"
    const passage = this.draft.passage(key)
    if (passage && !mayReenter(admission, passage, at)) return "reentry"
    this.draft.setPassage(key, {
      ...passage,
      entries: (passage?.entries ?? 0) + 1,
      open: (passage?.open ?? 0) + 1,
    })
    const enrollment: Enrollment = {
      id: hashId(this.world.workspace, key, this.draft.id, event.messageId),
      node: program.nodes[program.entry]?.id ?? "",
      visit: 1,
      enteredAt: at,
      arrivedAt: at,
      entry: event,
      arrivals: {},
      context: {},
    }
    this.enteredIds.push(enrollment.id)
    const turn = step(program, enrollment, { kind: "entered", at, now }, this.draft.facts, this.running)
    this.keep(version, turn, undefined, at)
    return undefined
  }
}

const mayReenter = (
  { reentry }: Admission,
  { entries, open, lastEndedAt }: Passage,
  at: EpochMs,
): boolean => {
  switch (reentry.mode) {
    case "once":
      return entries === 0
    case "after-exit":
      return open === 0 && (lastEndedAt === undefined || at >= lastEndedAt + reentry.cooldownMs)
    case "always":
      return true
  }
}

/**
 * Everything that happens to one customer, in order: the only place where events meet enrollments, used by the
 * server and by the walk alike. Stimuli come in the order of the customer's log. A stimulus' effective time is
 * the later of its own and the last one's; before it, own waits due earlier are run (at the same instant the
 * event comes first). Then profile and digest take it in, open waits are asked oldest first, and it may let the
 * customer in; it never satisfies a wait of the enrollment it started. What nodes write to the profile is written
 * with the stimulus' instant, and seen by every node that is decided after. The input is never changed.
 */
export function foldCustomer(
  world: World,
  customer: Customer,
  stimuli: readonly CustomerStimulus[],
  options: FoldOptions = {},
): CustomerTurn {
  const fold = new CustomerFold(world, customer, options)
  for (const stimulus of stimuli) fold.take(stimulus)
  if (options.timersUpTo !== undefined) fold.runTimers(options.timersUpTo, true)
  return fold.finish()
}
