import fc from "fast-check"
import type { Comparison, Condition, Where } from "../conditions/condition.ts"
import type { EventFact, View } from "../conditions/facts.ts"
import type { Journey, JourneyEdge, JourneyNode } from "../journey/document.ts"
import { outcomesOf } from "../journey/node-config.ts"
import { type NodeType, nodeTypes } from "../node-types/registry.ts"
import type { JsonObject, Scalar } from "../values/json.ts"
import { journeyOf } from "./welcome.ts"

/** Few names and values, so that generated conditions and customers meet. */
const paths = fc.constantFrom("a", "b", "nested.c")
export const eventNames = fc.constantFrom("Order", "View", "Login")
const dates = fc.constantFrom("2026-01-01", "2026-01-02T03:04:05.678Z", "2026-06-01T00:00:00+02:00")
const texts = fc.oneof(fc.constantFrom("", "x", "xy", "IT", "é"), dates)
const numbers = fc.constantFrom(-1, 0, 1, 2.5, 5, 10)

export const scalars: fc.Arbitrary<Scalar> = fc.oneof(texts, numbers, fc.boolean())
export const durations = fc.constantFrom("PT1S", "PT1H", "P1D", "P2DT12H", "P1W", "P730D")

const operands = fc.oneof(
  { weight: 6, arbitrary: scalars },
  { weight: 1, arbitrary: fc.array(scalars, { maxLength: 2 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom({ ref: "profile.a" }, { ref: "entry.properties.b" }, { ref: "entry.name" }),
  },
)

export const comparisons: fc.Arbitrary<Comparison> = fc.oneof(
  fc.record({ is: fc.constantFrom("exists" as const, "missing" as const) }),
  fc.record({
    is: fc.constantFrom(
      "equals" as const,
      "contains" as const,
      "starts-with" as const,
      "ends-with" as const,
      "greater" as const,
      "at-least" as const,
      "less" as const,
      "at-most" as const,
      "before" as const,
      "after" as const,
      "includes" as const,
    ),
    value: operands,
  }),
  fc.record({ is: fc.constant("one-of" as const), value: fc.array(scalars, { maxLength: 3 }) }),
  fc.record({ is: fc.constantFrom("within-last" as const, "within-next" as const), value: durations }),
)

export const wheres: fc.Arbitrary<Where> = fc.letrec<{ tree: Where }>(tie => ({
  tree: fc.oneof(
    { maxDepth: 2 },
    fc.tuple(paths, comparisons).map(([path, rest]): Where => ({ kind: "property", path, ...rest })),
    fc.array(tie("tree"), { maxLength: 2 }).map((of): Where => ({ kind: "all", of })),
    fc.array(tie("tree"), { maxLength: 2 }).map((of): Where => ({ kind: "any", of })),
    tie("tree").map((of): Where => ({ kind: "not", of })),
  ),
})).tree

const counts: fc.Arbitrary<Condition> = fc
  .record({
    event: eventNames,
    where: fc.option(wheres, { nil: undefined }),
    period: fc.option(fc.oneof(durations, fc.constant("since-entry")), { nil: undefined }),
    atLeast: fc.option(fc.nat({ max: 3 }), { nil: undefined }),
    atMost: fc.nat({ max: 3 }),
  })
  .map(({ event, where, period, atLeast, atMost }) => ({
    kind: "event-count",
    event,
    ...(where === undefined ? {} : { where }),
    ...(period === undefined ? {} : { period }),
    ...(atLeast === undefined ? {} : { atLeast }),
    atMost,
  }))

const leaves: fc.Arbitrary<Condition> = fc.oneof(
  fc
    .tuple(fc.constantFrom("profile" as const, "entry" as const, "context" as const), paths, comparisons)
    .map(([kind, path, rest]) => ({ kind, path, ...rest }) as Condition),
  counts,
  fc
    .tuple(eventNames, fc.constantFrom("first" as const, "last" as const), comparisons)
    .map(([event, which, rest]): Condition => ({ kind: "event-time", event, which, ...rest })),
)

export const conditions: fc.Arbitrary<Condition> = fc.letrec<{ tree: Condition }>(tie => ({
  tree: fc.oneof(
    { maxDepth: 3 },
    leaves,
    fc.array(tie("tree"), { maxLength: 3 }).map((of): Condition => ({ kind: "all", of })),
    fc.array(tie("tree"), { maxLength: 3 }).map((of): Condition => ({ kind: "any", of })),
    tie("tree").map((of): Condition => ({ kind: "not", of })),
  ),
})).tree

const values = fc.oneof(scalars, fc.constant(null), fc.array(scalars, { maxLength: 2 }))
export const properties: fc.Arbitrary<JsonObject> = fc
  .tuple(
    fc.dictionary(fc.constantFrom("a", "b"), values),
    fc.option(fc.dictionary(fc.constantFrom("c"), values), { nil: undefined }),
  )
  .map(([flat, nested]) => (nested ? { ...flat, nested } : flat))

/** The instant at which generated customers are looked at. */
export const noon = Date.UTC(2026, 5, 1, 12)
const hourMs = 3_600_000

export const pastEvents = (until: number): fc.Arbitrary<EventFact[]> =>
  fc.array(
    fc.record({
      name: eventNames,
      at: fc.nat({ max: 24 * 10 }).map(hours => until - hours * hourMs),
      properties,
      messageId: fc.uuid(),
    }),
    { maxLength: 8 },
  )

/** A view of a customer whose digest is what its events say. */
export const views: fc.Arbitrary<View> = fc
  .record({
    attributes: properties,
    context: properties,
    entryProperties: properties,
    past: pastEvents(noon),
    hoursInside: fc.nat({ max: 24 * 5 }),
  })
  .map(({ attributes, context, entryProperties, past, hoursInside }) => ({
    customer: "c1",
    attributes,
    context,
    now: noon,
    enteredAt: noon - hoursInside * hourMs,
    entry: {
      name: "Order",
      at: noon - hoursInside * hourMs,
      properties: entryProperties,
      messageId: "entry",
    },
    events: name => past.filter(event => event.name === name),
    digest: name => {
      const found = past.filter(event => event.name === name)
      if (found.length === 0) return undefined
      const times = found.map(event => event.at)
      return { count: found.length, firstAt: Math.min(...times), lastAt: Math.max(...times) }
    },
  }))

const branchIds = (count: number): string[] => Array.from({ length: count }, (_, index) => `b${index + 1}`)

/** Configurations of each type that its schema takes and its check has no error for. */
export const configs: { [Type in NodeType]: fc.Arbitrary<Record<string, unknown>> } = {
  "event-entry": fc.record({ event: eventNames, maxAge: durations }),
  delay: fc.record({ for: durations }),
  "wait-for-event": fc
    .record({
      waits: fc.array(fc.record({ event: eventNames, where: wheres }, { requiredKeys: ["event"] }), {
        minLength: 1,
        maxLength: 3,
      }),
      timeout: fc.oneof({ weight: 5, arbitrary: durations }, { weight: 1, arbitrary: fc.constant("never") }),
      since: fc.constantFrom("arrival", "entry"),
    })
    .map(({ waits, ...rest }) => ({
      branches: branchIds(waits.length).map((id, index) => ({ id, ...waits[index] })),
      ...rest,
    })),
  split: fc.array(conditions, { minLength: 1, maxLength: 3 }).map(whens => ({
    branches: branchIds(whens.length).map((id, index) => ({ id, when: whens[index] })),
  })),
  email: fc.record({
    purpose: fc.constantFrom("marketing", "transactional"),
    subject: fc.constantFrom("Hello {{ profile.a | default: 'you' }}", "Total {{ entry.properties.b }}"),
    html: fc.constantFrom(
      '<p>{{ profile.nested.c }}</p><a href="{{ links.unsubscribe }}">no more</a>',
      '{% if profile.a %}<b>{{ profile.a }}</b>{% endif %}<a href="{{ links.unsubscribe }}">no more</a>',
    ),
  }),
  "random-split": fc
    .record({
      parts: fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 4 }),
      stickyTo: fc.constantFrom("customer", "entry"),
    })
    .map(({ parts, stickyTo }) => {
      const sum = parts.reduce((total, part) => total + part, 0)
      const shares = parts.map(part => Math.max(1, Math.floor((part * 10_000) / sum)))
      const rest = 10_000 - shares.reduce((total, share) => total + share, 0)
      return {
        branches: branchIds(shares.length).map((id, index) => ({
          id,
          share: ((shares[index] ?? 0) + (index === 0 ? rest : 0)) / 10_000,
        })),
        stickyTo,
      }
    }),
  webhook: fc.record(
    {
      method: fc.constantFrom("POST", "PUT", "GET"),
      url: fc.constantFrom("https://crm.example/leads", "https://crm.example:8443/a?b=c"),
      body: fc.constantFrom(
        { a: "{{ profile.a | default: '' }}", b: ["{{ entry.properties.b }}", 1, true] },
        { text: "Total {{ entry.properties.b }}", nested: { c: "{{ profile.nested.c }}" } },
        "{{ profile }}",
      ),
      save: fc.constantFrom([], [{ from: "/lead/id", to: "a" }], [{ from: "", to: "all" }]),
    },
    { requiredKeys: ["url"] },
  ),
  "update-profile": fc.record(
    {
      set: fc.array(
        fc.record({
          attribute: fc.constantFrom("a", "b"),
          value: fc.oneof(operands, fc.constant({ ref: "context.a" })),
        }),
        { minLength: 1, maxLength: 1 },
      ),
      unset: fc.constantFrom([], ["c"]),
    },
    { requiredKeys: ["set"] },
  ),
  exit: fc.record({ reason: fc.constantFrom("done", "bought", "cold") }),
}

const inner = [
  "delay",
  "wait-for-event",
  "split",
  "random-split",
  "email",
  "webhook",
  "update-profile",
  "exit",
] as const

/**
 * Journeys with an entry and up to eight more nodes; edges lead only to later nodes, so there is no cycle, and
 * nearly all of them compile.
 */
export const journeys: fc.Arbitrary<Journey> = fc
  .record({
    entry: configs["event-entry"],
    nodes: fc.array(
      fc.constantFrom(...inner).chain(type => configs[type].map(config => ({ type, config }))),
      { minLength: 1, maxLength: 8 },
    ),
    targets: fc.array(fc.nat({ max: 8 }), { minLength: 40, maxLength: 40 }),
    reentry: fc.constantFrom(
      { mode: "once" },
      { mode: "always" },
      { mode: "after-exit", cooldown: "PT0S" },
      { mode: "after-exit", cooldown: "P1D" },
    ),
    named: fc.boolean(),
    laidOut: fc.boolean(),
  })
  .map(({ entry, nodes, targets, reentry, named, laidOut }) => {
    const all = [{ type: "event-entry" as const, config: entry }, ...nodes].map(
      ({ type, config }, index): JourneyNode => ({
        id: index === 0 ? "start" : `n${index}`,
        type,
        version: nodeTypes[type].version,
        ...(named ? { name: `Node ${index}` } : {}),
        config,
      }),
    )
    let drawn = 0
    const edges = all.flatMap((node, index) =>
      outcomesOf(node).flatMap((outcome): JourneyEdge[] => {
        const later = all.length - index - 1
        const pick = (targets[drawn++ % targets.length] ?? 0) % (later + 1)
        const to = index === 0 ? all[1] : all[index + pick]
        return !to || to === node ? [] : [{ from: node.id, outcome, to: to.id }]
      }),
    )
    return journeyOf({
      format: 1,
      key: "generated",
      name: "Generated",
      settings: { reentry },
      nodes: all,
      edges,
      ...(laidOut
        ? { layout: Object.fromEntries(all.map(({ id }, index) => [id, [index * 10, index * 140]])) }
        : {}),
    })
  })
