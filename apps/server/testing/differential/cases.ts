import {
  type Condition,
  compile,
  type Journey,
  type JsonObject,
  parseJourney,
  type Where,
} from "@viaggio/journey-model"
import * as fc from "fast-check"

/** Something that a customer does, or (with `traits`) that is said of them. */
export type Happening = {
  at: number
  name: string
  properties: JsonObject
  messageId: string
  traits?: JsonObject
}

/** A journey, and customers with what happens to each, in order. */
export type Case = { number: number; journey: Journey; customers: { id: string; happenings: Happening[] }[] }

const HOUR = 3_600_000
/** When the first thing can happen; the grid of instants is of three hours from then on. */
export const START = Date.parse("2026-03-01T09:00:00.000Z")
const GRID_MS = 3 * HOUR
const GRID = 20
export const END = START + 21 * 24 * HOUR

const durations = fc.constantFrom("PT3H", "PT6H", "PT9H", "PT12H", "P1D", "PT1H30M")
const names = ["Order", "View", "Login"] as const
const events = fc.constantFrom(...names)
const totals = fc.integer({ min: 0, max: 4 })

const leaf = fc.oneof(
  totals.map(value => ({ kind: "property", path: "total", is: "at-least", value }) as Where),
  totals.map(value => ({ kind: "property", path: "total", is: "less", value }) as Where),
  fc.constant({
    kind: "property",
    path: "cart",
    is: "equals",
    value: { ref: "entry.properties.cart" },
  } as Where),
)
const wheres: fc.Arbitrary<Where> = fc.oneof(
  { weight: 4, arbitrary: leaf },
  { weight: 1, arbitrary: leaf.map((of): Where => ({ kind: "not", of })) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom("all" as const, "any" as const), fc.array(leaf, { minLength: 1, maxLength: 2 }))
      .map(([kind, of]): Where => ({ kind, of })),
  },
)

const counts = fc
  .record({
    event: events,
    period: fc.constantFrom(undefined, "since-entry", "PT6H", "P1D"),
    where: fc.option(wheres, { nil: undefined }),
    atLeast: fc.constantFrom(undefined, 1, 2),
  })
  .map(
    ({ event, period, where, atLeast }): Condition => ({
      kind: "event-count",
      event,
      ...(where === undefined ? {} : { where }),
      ...(period === undefined ? {} : { period }),
      ...(atLeast === undefined ? { atMost: 1 } : { atLeast }),
    }),
  )

const questions: fc.Arbitrary<Condition> = fc.oneof(
  counts,
  fc.constantFrom<Condition>(
    { kind: "profile", path: "tier", is: "equals", value: "gold" },
    { kind: "profile", path: "mark", is: "exists" },
    { kind: "profile", path: "mark", is: "equals", value: { ref: "context.lead" } },
    { kind: "context", path: "lead", is: "exists" },
    { kind: "entry", path: "total", is: "at-least", value: 2 },
  ),
  fc.tuple(events, fc.constantFrom("first" as const, "last" as const)).map(
    ([event, which]): Condition => ({
      kind: "event-time",
      event,
      which,
      is: "within-last",
      value: "PT12H",
    }),
  ),
)
const conditions: fc.Arbitrary<Condition> = fc.oneof(
  { weight: 4, arbitrary: questions },
  { weight: 1, arbitrary: questions.map((of): Condition => ({ kind: "not", of })) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(
        fc.constantFrom("all" as const, "any" as const),
        fc.array(questions, { minLength: 1, maxLength: 2 }),
      )
      .map(([kind, of]): Condition => ({ kind, of })),
  },
)

const branch = (index: number) => `b${index + 1}`

type Draft = { type: string; config: object; outcomes: string[] }

const tracking = { opens: false, clicks: false }
const footer = '<a href="{{ links.unsubscribe }}">no more</a>'

/** One node of each type; `since` may name the node with that number from the start. */
const drafts: { [type: string]: fc.Arbitrary<Draft> } = {
  delay: durations.map(time => ({ type: "delay", config: { for: time }, outcomes: ["next"] })),
  "wait-for-event": fc
    .record({
      branches: fc.array(
        fc.record({ event: events, where: fc.option(wheres, { nil: undefined, freq: 1 }) }),
        {
          minLength: 1,
          maxLength: 2,
        },
      ),
      timeout: durations,
      since: fc.oneof(fc.constantFrom("arrival", "entry"), fc.nat({ max: 3 })),
    })
    .map(({ branches, timeout, since }) => ({
      type: "wait-for-event",
      config: {
        branches: branches.map(({ event, where }, index) => ({
          id: branch(index),
          event,
          ...(where === undefined ? {} : { where }),
        })),
        timeout,
        since: typeof since === "number" ? { node: `n${since}` } : since,
      },
      outcomes: [...branches.map((_, index) => branch(index)), "timeout"],
    })),
  split: fc.array(conditions, { minLength: 1, maxLength: 2 }).map(whens => ({
    type: "split",
    config: { branches: whens.map((when, index) => ({ id: branch(index), when })) },
    outcomes: [...whens.map((_, index) => branch(index)), "else"],
  })),
  "random-split": fc
    .record({
      cut: fc.integer({ min: 1, max: 9_999 }),
      stickyTo: fc.constantFrom("customer", "entry"),
    })
    .map(({ cut, stickyTo }) => ({
      type: "random-split",
      config: {
        branches: [
          { id: "b1", share: cut / 10_000 },
          { id: "b2", share: (10_000 - cut) / 10_000 },
        ],
        stickyTo,
      },
      outcomes: ["b1", "b2"],
    })),
  email: fc
    .record({
      purpose: fc.constantFrom("marketing", "transactional"),
      subject: fc.constantFrom(
        "Hello",
        "Hi {{ profile.tier }}",
        "Cart {{ entry.properties.cart | default: 'none' }}",
      ),
    })
    .map(({ purpose, subject }) => ({
      type: "email",
      config: { purpose, subject, html: `<p>{{ profile.name | default: 'you' }}</p>${footer}`, tracking },
      outcomes: ["next", "suppressed", "failed"],
    })),
  webhook: fc
    .constantFrom(
      { body: { total: "{{ entry.properties.total }}" } },
      { body: { cart: "{{ entry.properties.cart | default: '' }}" } },
      {},
    )
    .map(body => ({
      type: "webhook",
      config: {
        url: "https://crm.example/leads",
        ...body,
        save: [
          { from: "/lead/id", to: "lead" },
          { from: "/nothing/here", to: "none" },
        ],
      },
      outcomes: ["succeeded", "failed"],
    })),
  "update-profile": fc
    .constantFrom(
      { set: [{ attribute: "mark", value: { ref: "context.lead" } }] },
      { set: [{ attribute: "tier", value: "gold" }], unset: ["mark"] },
      {
        set: [
          { attribute: "mark", value: { ref: "entry.properties.total" } },
          { attribute: "tier", value: { ref: "profile.nobody" } },
        ],
      },
      { set: [], unset: ["tier", "unsubscribed"] },
    )
    .map(config => ({ type: "update-profile", config, outcomes: ["next"] })),
  exit: fc
    .constantFrom("done", "won", "lost")
    .map(reason => ({ type: "exit", config: { reason }, outcomes: [] })),
}

const anyDraft = fc.oneof(
  { weight: 2, arbitrary: drafts.delay! },
  { weight: 4, arbitrary: drafts["wait-for-event"]! },
  { weight: 2, arbitrary: drafts.split! },
  { weight: 2, arbitrary: drafts["random-split"]! },
  { weight: 2, arbitrary: drafts.email! },
  { weight: 2, arbitrary: drafts.webhook! },
  { weight: 2, arbitrary: drafts["update-profile"]! },
  { weight: 1, arbitrary: drafts.exit! },
)

/** Ways lead on to later nodes; a delay may lead back, which makes rounds that always take time. */
const journeysOf = (number: number): fc.Arbitrary<Journey> =>
  fc
    .record({
      nodes: fc.array(anyDraft, { minLength: 4, maxLength: 10 }),
      picks: fc.array(fc.nat({ max: 99 }), { minLength: 24, maxLength: 24 }),
      where: fc.option(wheres, { nil: undefined, freq: 1 }),
      reentry: fc.constantFrom(
        { mode: "once" },
        { mode: "always" },
        { mode: "after-exit", cooldown: "PT0S" },
        { mode: "after-exit", cooldown: "PT6H" },
      ),
    })
    .map(({ nodes, picks, where, reentry }) => {
      let used = 0
      const pick = () => picks[used++ % picks.length]!
      const edges = nodes.flatMap(({ type, outcomes }, index) =>
        outcomes.flatMap(outcome => {
          const drawn = pick()
          // Some ways stay open; what may fall through does so half of the time.
          const openOnes = outcome === "suppressed" || outcome === "failed" ? 50 : 4
          if (drawn < openOnes) return []
          const back = type === "delay" && drawn > 90 && index > 0
          const to = back ? pick() % index : index + 1 + (pick() % 2)
          return to < nodes.length && to !== index ? [{ from: `n${index}`, outcome, to: `n${to}` }] : []
        }),
      )
      const parsed = parseJourney({
        format: 1,
        key: `case-${number}`,
        name: `Case ${number}`,
        settings: { reentry },
        nodes: [
          {
            id: "in",
            type: "event-entry",
            config: {
              event: `Start ${number}`,
              maxAge: "P30D",
              ...(where === undefined ? {} : { where }),
            },
          },
          ...nodes.map(({ type, config }, index) => ({ id: `n${index}`, type, config })),
        ],
        edges: [{ from: "in", outcome: "next", to: "n0" }, ...edges],
      })
      if (!parsed.ok) throw new Error(parsed.problems.map(found => found.text).join(" "))
      return parsed.value
    })
    .filter(journey => compile(journey).ok)

const happenings = fc.array(
  fc.record({
    slot: fc.nat({ max: GRID - 1 }),
    what: fc.constantFrom("start", "start", "event", "event", "event", "event", "traits"),
    name: events,
    total: fc.option(totals, { nil: undefined, freq: 5 }),
    cart: fc.option(fc.constantFrom("c1", "c2"), { nil: undefined, freq: 3 }),
    traits: fc.constantFrom<JsonObject>(
      { email: "ann@example.com" },
      { email: "ann@example.com", tier: "gold" },
      { tier: "tin", unsubscribed: true },
      { tier: null, email: "bob@example.com" },
      { mark: 7 },
    ),
  }),
  { minLength: 10, maxLength: 24 },
)

/**
 * Cases of one seed. `spread`: nothing happens on the grid, and no two things of a customer at one offset from it,
 * so that no wait ends at the instant of an event.
 */
export const casesOf = (seed: number, first: number, count: number, { spread = false } = {}): Case[] =>
  Array.from({ length: count }, (_, index) => {
    const number = first + index
    const [journey] = fc.sample(journeysOf(number), { seed: seed + number, numRuns: 1 })
    const lives = fc.sample(happenings, { seed: seed - number, numRuns: 2 })
    const customers = lives.map((life, person) => ({
      id: `case-${number}-${person}`,
      happenings: life
        // The first thing is said at the start, so that most customers can be written to.
        .map((one, order) => (order === 0 ? { ...one, slot: 0, what: "traits" } : one))
        .map(({ slot, what, name, total, cart, traits }, order) => ({
          at: START + slot * GRID_MS + (spread ? (order + 1) * 61_000 : 0),
          name: what === "start" ? `Start ${number}` : name,
          properties: {
            ...(total === undefined ? {} : { total }),
            ...(cart === undefined ? {} : { cart }),
          },
          messageId: `case-${number}-${person}-${order}`,
          ...(what === "traits" ? { traits } : {}),
        }))
        .sort((a, b) => a.at - b.at),
    }))
    return { number, journey: journey!, customers }
  })
