import type { EventFact } from "../conditions/facts.ts"
import { compile, type Program } from "../engine/compile.ts"
import { type Customer, type CustomerStimulus, type CustomerTurn, newCustomer } from "../engine/customer.ts"
import { type FoldOptions, foldCustomer } from "../engine/fold.ts"
import { addMeasures, assertConserved, emptyStats, type JourneyStats, measuresOf } from "../engine/stats.ts"
import { buildWorld, type Version, type World } from "../engine/world.ts"
import type { Journey } from "../journey/document.ts"
import type { JsonObject } from "../values/json.ts"
import { formatInstant } from "../values/time.ts"

export const start = Date.UTC(2026, 0, 1)

export const programOf = (journey: Journey): Program => {
  const compiled = compile(journey)
  if (!compiled.ok) throw new Error(compiled.problems.map(found => found.text).join("; "))
  return compiled.value
}

const freeze = <Value>(value: Value): Value => {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value
  Object.freeze(value)
  for (const part of value instanceof Map ? value.values() : Object.values(value)) freeze(part)
  return value
}

/**
 * A little world for tests: versions, customers and counts. Every customer that goes into the fold is frozen,
 * and after every turn the counts must add up and agree with who is really inside.
 */
export class Store {
  readonly customers = new Map<string, Customer>()
  readonly turns: CustomerTurn[] = []
  readonly stats: JourneyStats
  private world: World
  private sent = 0

  constructor(readonly versions: Version[]) {
    const [first] = versions
    if (!first) throw new Error("no version")
    this.world = buildWorld("workspace", versions)
    this.stats = emptyStats(first.program, { version: "all", at: formatInstant(start) })
  }

  static of(journey: Journey): Store {
    return new Store([{ id: 1, program: programOf(journey), state: "running", admits: true }])
  }

  /** Changes how a version runs, as a publish, pause or stop does. */
  set(id: number, changes: Partial<Pick<Version, "state" | "admits">>): void {
    const index = this.versions.findIndex(version => version.id === id)
    this.versions[index] = { ...(this.versions[index] as Version), ...changes }
    this.world = buildWorld("workspace", this.versions)
  }

  customer(id: string): Customer {
    return this.customers.get(id) ?? newCustomer(id)
  }

  fold(id: string, stimuli: CustomerStimulus[], options: FoldOptions = {}): CustomerTurn {
    const turn = foldCustomer(this.world, freeze(this.customer(id)), freeze(stimuli), options)
    this.customers.set(id, turn.customer)
    this.turns.push(turn)
    addMeasures(this.stats, measuresOf(turn))
    assertConserved(this.stats)
    const inside = [...this.customers.values()].flatMap(customer => customer.enrollments)
    if (inside.length !== this.stats.totals.inside) {
      throw new Error(`${inside.length} are inside, ${this.stats.totals.inside} are counted`)
    }
    return turn
  }

  send(
    id: string,
    name: string,
    at: number,
    properties: JsonObject = {},
    options: FoldOptions & { receivedAt?: number } = {},
  ): CustomerTurn {
    const { receivedAt = at, ...rest } = options
    const event: EventFact = { name, at, properties, messageId: `m${++this.sent}` }
    return this.fold(id, [{ kind: "event", event, receivedAt }], rest)
  }

  identify(id: string, traits: JsonObject, at: number): CustomerTurn {
    return this.fold(id, [{ kind: "traits", traits, at }])
  }

  passTo(id: string, instant: number, now?: number): CustomerTurn {
    return this.fold(id, [], now === undefined ? { timersUpTo: instant } : { timersUpTo: instant, now })
  }

  /** Where the customer went so far: "welcome.next", and "done!" for an end. */
  path(id: string): string[] {
    const own = new Set(
      this.turns
        .filter(turn => turn.customer.id === id)
        .flatMap(turn => turn.touched.map(open => open.enrollment.id)),
    )
    return this.turns
      .flatMap(turn => turn.steps)
      .filter(({ step }) => own.has(step.enrollment))
      .map(({ step }) =>
        step.outcome === undefined ? `${step.node}: ${step.ended}` : `${step.node}.${step.outcome}`,
      )
  }
}
