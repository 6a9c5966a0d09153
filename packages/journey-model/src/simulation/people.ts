import { compileOperand } from "../conditions/compare.ts"
import type { Comparison, Condition, Operand, Where } from "../conditions/condition.ts"
import type { EventFact } from "../conditions/facts.ts"
import type { Journey } from "../journey/document.ts"
import { readNode } from "../journey/node-config.ts"
import { dayMs, parseDuration } from "../values/duration.ts"
import type { Json, JsonObject } from "../values/json.ts"
import { splitPath } from "../values/path.ts"
import { normaliseObject } from "../values/text.ts"
import { type EpochMs, formatInstant } from "../values/time.ts"
import { chanceOf, pickSlot, slotOf, slotWithin } from "./chance.ts"

/** Somebody whom simulated customers are copies of. `past`: what they did before, oldest first. */
export type AudiencePerson = { attributes: JsonObject; past: readonly EventFact[] }

/** A value that somebody may have at a path; undefined is none. */
type Choices = Map<string, (Operand | undefined)[]>

/**
 * What an event brings. `base`: what it always has; `choices`: at each path one of these, drawn for each customer.
 * A reference is read of the customer whose event it is.
 */
export type EventShape = { base: JsonObject; choices: { path: string; values: (Operand | undefined)[] }[] }

const choose = (choices: Choices, path: string, values: readonly (Operand | undefined)[]): void => {
  if (path === "") return
  const known = choices.get(path) ?? []
  for (const value of values) {
    if (!known.some(other => JSON.stringify(other) === JSON.stringify(value))) known.push(value)
  }
  choices.set(path, known)
}

/** Values that make a comparison true, and some that do not. */
const valuesFor = (comparison: Comparison, startAt: EpochMs): (Operand | undefined)[] => {
  switch (comparison.is) {
    case "exists":
    case "missing":
      return [true, undefined]
    case "one-of":
      return [...comparison.value, undefined]
    case "within-last":
    case "within-next": {
      const span = parseDuration(comparison.value) ?? dayMs
      const side = comparison.is === "within-last" ? -1 : 1
      return [formatInstant(startAt + (side * span) / 2), formatInstant(startAt + side * span * 3)]
    }
    default: {
      const { value } = comparison
      if (typeof value === "number") return [value, value - 1, value + 1]
      if (typeof value === "boolean") return [value, !value]
      return [value, undefined]
    }
  }
}

type Asked = { profile: Choices; events: Map<string, Choices>; entry: Choices; counted: Set<string> }

const askWhere = (asked: Asked, event: string, where: Where, startAt: EpochMs): void => {
  switch (where.kind) {
    case "all":
    case "any":
      for (const part of where.of) askWhere(asked, event, part, startAt)
      return
    case "not":
      askWhere(asked, event, where.of, startAt)
      return
    case "property": {
      const choices = asked.events.get(event) ?? new Map()
      asked.events.set(event, choices)
      choose(choices, where.path, valuesFor(where, startAt))
    }
  }
}

const askCondition = (asked: Asked, condition: Condition, startAt: EpochMs): void => {
  switch (condition.kind) {
    case "all":
    case "any":
      for (const part of condition.of) askCondition(asked, part, startAt)
      return
    case "not":
      askCondition(asked, condition.of, startAt)
      return
    case "profile":
      choose(asked.profile, condition.path, valuesFor(condition, startAt))
      return
    case "entry":
      choose(asked.entry, condition.path, valuesFor(condition, startAt))
      return
    case "event-count":
      asked.counted.add(condition.event)
      if (condition.where) askWhere(asked, condition.event, condition.where, startAt)
      return
    case "event-time":
      asked.counted.add(condition.event)
      return
    case "context":
      return
  }
}

const askedOf = (journey: Journey, startAt: EpochMs): Asked & { entryEvent: string } => {
  const asked: Asked = { profile: new Map(), events: new Map(), entry: new Map(), counted: new Set() }
  let entryEvent = ""
  for (const node of journey.nodes) {
    const { known } = readNode(node)
    if (!known?.definition.asks) continue
    const { conditions, events } = known.definition.asks(known.config)
    if (known.definition.type === "event-entry") entryEvent = events[0]?.event ?? ""
    for (const condition of conditions) askCondition(asked, condition, startAt)
    for (const { event, where } of events) if (where) askWhere(asked, event, where, startAt)
  }
  return { ...asked, entryEvent }
}

const place = (into: JsonObject, path: string, value: Json | undefined): void => {
  const segments = splitPath(path)
  let target = into
  for (const segment of segments.slice(0, -1)) {
    const present = target[segment]
    const opened =
      typeof present === "object" && present !== null && !Array.isArray(present) ? { ...present } : {}
    target[segment] = opened
    target = opened
  }
  const last = segments.at(-1) as string
  if (last === "__proto__") return
  if (value === undefined) delete target[last]
  else target[last] = value
}

/** How many different people are made up; every simulated customer is one of them, with chances of their own. */
const kindsOfPeople = 240

/**
 * People for a journey of whom nothing is known: for every attribute that it asks about they have one of the values
 * that it names, another, or none, and about half of them have done before what it counts.
 */
export function madeUpPeople(
  journey: Journey,
  { base, seed, startAt }: { base: JsonObject; seed: number; startAt: EpochMs },
): AudiencePerson[] {
  const { profile, counted } = askedOf(journey, startAt)
  const kinds = profile.size + counted.size === 0 ? 1 : kindsOfPeople
  return Array.from({ length: kinds }, (_, index) => {
    const chance = chanceOf(seed, index)
    const attributes = normaliseObject(base)
    for (const [path, values] of profile) {
      const value = values[pickSlot(chance, slotOf(path), values.length)]
      // Nobody can be written to without an address, and that is hardly what the preview is asked about.
      if (path === "email" && value === undefined) continue
      if (path === "email" && typeof attributes.email === "string") continue
      place(attributes, path, constantOf(value))
    }
    const past = [...counted].flatMap((name): EventFact[] => {
      const slot = slotOf(name)
      const times = Math.max(0, pickSlot(chance, slot, 6) - 2)
      return Array.from({ length: times }, (_, time) => ({
        name,
        at: startAt - dayMs - pickSlot(chance, slotWithin(slot, time), 120) * (dayMs / 2),
        properties: {},
        messageId: `past-${index}-${time}`,
      }))
    })
    return { attributes, past: past.sort((a, b) => a.at - b.at) }
  })
}

const constantOf = (value: Operand | undefined): Json | undefined => {
  if (value === undefined) return undefined
  const operand = compileOperand(value)
  return "constant" in operand ? operand.constant : undefined
}

/** What the events of a journey bring: the base of each, and for what the journey asks about one of several values. */
export function eventShapes(
  journey: Journey,
  { baseOf, startAt }: { baseOf: (event: string) => JsonObject; startAt: EpochMs },
): { [event: string]: EventShape } {
  const { events, entry, counted, entryEvent } = askedOf(journey, startAt)
  const listened = journey.nodes.flatMap(node => {
    const { known } = readNode(node)
    return known ? known.definition.listens(known.config) : []
  })
  const names = new Set([entryEvent, ...events.keys(), ...counted, ...listened])
  return Object.fromEntries(
    [...names].map((event): [string, EventShape] => {
      const choices = new Map(events.get(event))
      if (event === entryEvent) for (const [path, values] of entry) choose(choices, path, values)
      return [
        event,
        {
          base: normaliseObject(baseOf(event)),
          choices: [...choices].map(([path, values]) => ({ path, values })),
        },
      ]
    }),
  )
}

/** Prepares a shape: what one event of it brings for a customer's chance, with references read by `read`. */
export function compileShape(
  shape: EventShape | undefined,
): (chance: number, read: (ref: string) => Json | undefined) => JsonObject {
  if (!shape) return () => ({})
  if (shape.choices.length === 0) return () => shape.base
  const choices = shape.choices.map(({ path, values }) => ({ path, values, slot: slotOf(path) }))
  return (chance, read) => {
    const properties = { ...shape.base }
    for (const { path, values, slot } of choices) {
      const value = values[pickSlot(chance, slot, values.length)]
      const isRef = typeof value === "object" && !Array.isArray(value)
      place(properties, path, isRef ? read(value.ref) : constantOf(value))
    }
    return properties
  }
}
