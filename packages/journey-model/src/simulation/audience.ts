import type { EventFact } from "../conditions/facts.ts"
import { compile, type Program } from "../engine/compile.ts"
import { type Customer, type CustomerStimulus, newCustomer } from "../engine/customer.ts"
import { CustomerDraft } from "../engine/draft.ts"
import { CustomerFold, type FoldOptions } from "../engine/fold.ts"
import { buildWorld, type World } from "../engine/world.ts"
import type { Journey } from "../journey/document.ts"
import { addressAttribute, suppressedAttribute, unsubscribedAttribute } from "../node-types/email/decide.ts"
import { answerOfStub, defaultStub, type WebhookStub } from "../node-types/webhook/answer.ts"
import { dayMs } from "../values/duration.ts"
import type { Json, JsonObject } from "../values/json.ts"
import { readPath } from "../values/path.ts"
import type { Result } from "../values/problem.ts"
import type { EpochMs } from "../values/time.ts"
import { audienceEvents, type Behaviour, MessageReaction } from "./behaviour.ts"
import { type Chance, chanceOf, delayAt, drawSlot, pickSlot, slotOf, slotWithin } from "./chance.ts"
import { type AudiencePerson, compileShape, type EventShape } from "./people.ts"

/** All that an audience run goes by, as plain data: a worker gets it, and the same one gives the same result. */
export type AudienceSpec = {
  journey: Journey
  workspace: string
  startAt: EpochMs
  days: number
  customers: number
  /** A whole number. */
  seed: number
  /** Every simulated customer is a copy of one of them, drawn by chance. */
  people: readonly AudiencePerson[]
  events: { [event: string]: EventShape }
  behaviour: Behaviour
  /** What answers calls; absent: 200 with an empty object. */
  stub?: WebhookStub
}

/** What a message led to, besides what its customer's journeys see of it. */
export type Reaction = { node: string; reaction: MessageReaction; at: EpochMs }

type CompiledEvent = {
  name: string
  slot: number
  after: Chance
  afterMessage: Chance
}

/** A spec made ready to run. */
export type Audience = {
  spec: AudienceSpec
  program: Program
  world: World
  endAt: EpochMs
  events: readonly CompiledEvent[]
  shapes: ReadonlyMap<string, ReturnType<typeof compileShape>>
  /** Names of events by which some node, or nobody, hears what became of a message. */
  heard: ReadonlySet<string>
  nodeSlots: ReadonlyMap<string, number>
  options: FoldOptions
}

/** Slots of what is drawn once for every customer. */
const slots = {
  person: slotOf("person"),
  arrival: slotOf("arrival"),
  delay: slotOf("delay"),
  opened: slotOf("opened"),
  clicked: slotOf("clicked"),
  bounced: slotOf("bounced"),
  unsubscribed: slotOf("unsubscribed"),
}

const never: Chance = { share: 0, delaysMs: [] }

/** Compiles what a run needs; not ok with the problems when the journey could not be published either. */
export function prepareAudience(spec: AudienceSpec): Result<Audience> {
  const compiled = compile(spec.journey)
  if (!compiled.ok) return compiled
  const program = compiled.value
  const world = buildWorld(spec.workspace, [{ id: 1, program, state: "running", admits: true }])
  const stub = spec.stub ?? defaultStub
  const listened = new Set([
    ...program.needs.digest,
    ...program.needs.history.keys(),
    ...program.nodes.flatMap(node => [...node.waitsFor]),
    program.admission.event,
  ])
  const audience: Audience = {
    spec,
    program,
    world,
    endAt: spec.startAt + spec.days * dayMs,
    events: audienceEvents(program).map(name => {
      const { after = never, afterMessage = never } = spec.behaviour.events[name] ?? {}
      return { name, slot: slotOf(name), after, afterMessage }
    }),
    shapes: new Map(Object.entries(spec.events).map(([name, shape]) => [name, compileShape(shape)])),
    heard: new Set(Object.values(MessageReaction).filter(name => listened.has(name))),
    nodeSlots: new Map(program.nodes.map(({ id }) => [id, slotOf(id)])),
    // Nothing leaves, so a name will do where ids of effects are keys elsewhere.
    options: {
      answer: call => answerOfStub(stub, call),
      effectId: (enrollment, node, visit) => `${enrollment}.${node}.${visit}`,
    },
  }
  return { ok: true, value: audience, problems: compiled.problems }
}

/** A message may lead to an event that leads to a message, and so on: one customer does no more than this. */
const mostEvents = 200

type Pending = { at: EpochMs; stimulus: CustomerStimulus }

/**
 * One simulated customer's time in the journey. Everything that happens to them hangs on the seed and their number
 * alone, so that any one can be looked at again.
 */
export class AudienceLife {
  readonly id: string
  readonly customer: Customer
  readonly past: readonly EventFact[]
  readonly fold: CustomerFold
  readonly reactions: Reaction[] = []
  /** When each of `fold.notAdmitted` was turned away. */
  readonly refusedAt: EpochMs[] = []
  /** What happened to the customer from outside, in order. */
  readonly happenings: CustomerStimulus[] = []
  private readonly audience: Audience
  private readonly chance: number
  private readonly pending: Pending[] = []
  private attributes: JsonObject
  private entryProperties: JsonObject = {}
  private sent = 0

  constructor(audience: Audience, index: number) {
    const { spec, world } = audience
    this.audience = audience
    this.chance = chanceOf(spec.seed, index)
    this.id = `customer-${index + 1}`
    const person = spec.people[pickSlot(this.chance, slots.person, spec.people.length)]
    this.attributes = person?.attributes ?? {}
    this.past = person?.past ?? []
    this.customer = customerOf(this.id, person, audience)
    this.fold = new CustomerFold(world, this.customer, audience.options)
  }

  /** Lets the whole time pass. */
  run(): void {
    this.comeIn()
    const { endAt } = this.audience
    let effects = 0
    for (;;) {
      const next = this.pending[this.pending.length - 1]
      const wakeAt = this.fold.nextWake()
      // At one instant what happens comes before what was waited for, as everywhere.
      if (wakeAt !== undefined && wakeAt <= endAt && (!next || wakeAt < next.at)) {
        this.fold.runTimers(wakeAt, true)
      } else if (next) {
        this.pending.pop()
        this.happenings.push(next.stimulus)
        this.fold.take(next.stimulus)
        while (this.refusedAt.length < this.fold.notAdmitted.length) this.refusedAt.push(next.at)
      } else return
      for (; effects < this.fold.effects.length; effects++) {
        const found = this.fold.effects[effects]
        if (found?.effect.kind === "sendMessage") this.react(found.effect.node, found.effect.visit, found.at)
      }
    }
  }

  /** The entry event, and everything that the customer does after it of their own accord. */
  private comeIn(): void {
    const { spec, program, events } = this.audience
    const enteredAt =
      spec.startAt + Math.floor(drawSlot(this.chance, slots.arrival) * spec.behaviour.arrivalMs)
    const entry = program.admission.event
    this.entryProperties = this.propertiesOf(entry)
    this.addEvent(entry, enteredAt, this.entryProperties)
    for (const { name, slot, after } of events) {
      if (drawSlot(this.chance, slot) >= after.share) continue
      const delayMs = delayAt(after.delaysMs, drawSlot(this.chance, slotWithin(slot, slots.delay)))
      this.addEvent(name, enteredAt + delayMs, this.propertiesOf(name))
    }
  }

  /** What the customer does about a message that was sent. */
  private react(node: string, visit: number, at: EpochMs): void {
    const { spec, nodeSlots, events } = this.audience
    const slot = slotWithin(nodeSlots.get(node) ?? 0, visit)
    for (const event of events) {
      const { share, delaysMs } = event.afterMessage
      const own = slotWithin(slot, event.slot)
      if (share === 0 || drawSlot(this.chance, own) >= share) continue
      const doneAt = at + delayAt(delaysMs, drawSlot(this.chance, slotWithin(own, slots.delay)))
      this.addEvent(event.name, doneAt, this.propertiesOf(event.name))
    }
    const chances = spec.behaviour.messages[node]
    if (!chances) return
    const { opened, clicked, bounced, unsubscribed } = chances
    if (drawSlot(this.chance, slotWithin(slot, slots.bounced)) < bounced.share) {
      this.answer("bounced", { node, delayMs: this.delay(bounced, slot, slots.bounced), at })
      return
    }
    // Who clicks has opened: one draw for both, and no click before the opening.
    const interest = drawSlot(this.chance, slotWithin(slot, slots.opened))
    if (interest < Math.max(opened.share, clicked.share)) {
      const openedMs = this.delay(opened, slot, slots.opened)
      this.answer("opened", { node, delayMs: openedMs, at })
      if (interest < clicked.share)
        this.answer("clicked", {
          node,
          delayMs: Math.max(openedMs, this.delay(clicked, slot, slots.clicked)),
          at,
        })
    }
    if (drawSlot(this.chance, slotWithin(slot, slots.unsubscribed)) < unsubscribed.share)
      this.answer("unsubscribed", { node, delayMs: this.delay(unsubscribed, slot, slots.unsubscribed), at })
  }

  private delay({ delaysMs }: Chance, slot: number, kind: number): number {
    return delayAt(delaysMs, drawSlot(this.chance, slotWithin(slotWithin(slot, kind), slots.delay)))
  }

  private answer(
    reaction: MessageReaction,
    { node, delayMs, at }: { node: string; delayMs: number; at: EpochMs },
  ): void {
    const { endAt, heard, program } = this.audience
    const answeredAt = at + delayMs
    if (answeredAt > endAt) return
    this.reactions.push({ node, reaction, at: answeredAt })
    if (reaction === "unsubscribed") this.addTraits({ [unsubscribedAttribute]: true }, answeredAt)
    if (reaction === "bounced") {
      const address = this.attributes[addressAttribute]
      if (typeof address === "string") this.addTraits({ [suppressedAttribute]: address }, answeredAt)
    }
    const event = MessageReaction[reaction]
    if (heard.has(event)) this.addEvent(event, answeredAt, { journey: program.key, node })
  }

  private propertiesOf(event: string): JsonObject {
    const shape = this.audience.shapes.get(event)
    if (!shape) return {}
    return shape(slotWithin(this.chance, slotOf(event)), ref => this.read(ref))
  }

  private read(ref: string): Json | undefined {
    return readPath({ profile: this.attributes, entry: { properties: this.entryProperties } }, ref)
  }

  private addEvent(name: string, at: EpochMs, properties: JsonObject): void {
    if (this.sent >= mostEvents) return
    const event = { name, at, properties, messageId: `${this.id}-${this.sent++}` }
    this.add({ at, stimulus: { kind: "event", event, receivedAt: at } })
  }

  private addTraits(traits: JsonObject, at: EpochMs): void {
    this.add({ at, stimulus: { kind: "traits", traits, at } })
  }

  /** The latest stands first; of two at one instant the one that was thought of first happens first. */
  private add(pending: Pending): void {
    if (pending.at > this.audience.endAt) return
    let index = this.pending.length
    while (index > 0 && (this.pending[index - 1] as Pending).at <= pending.at) index--
    this.pending.splice(index, 0, pending)
  }
}

const customerOf = (id: string, person: AudiencePerson | undefined, { spec, world }: Audience): Customer => {
  const begun = newCustomer(id)
  const attributes = person?.attributes ?? {}
  const at = { lastStimulusAt: spec.startAt }
  if (!person || person.past.length === 0) return { ...begun, ...at, attributes }
  const draft = new CustomerDraft({ ...begun, attributes })
  for (const event of person.past) draft.takeEvent(event, world.needs.history.has(event.name))
  return { ...draft.finish(), ...at }
}
