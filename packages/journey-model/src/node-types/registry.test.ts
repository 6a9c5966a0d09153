import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { configs, noon, properties, views } from "../testing/arbitraries.ts"
import { eventOf, hourMs, momentOf } from "../testing/moment.ts"
import { sentenceIds } from "../values/sentence-ids.ts"
import { defineNodeType, type Moment } from "./definition.ts"
import { delay } from "./delay/delay.ts"
import { NodeType, nodeTypeOf, nodeTypes } from "./registry.ts"

const moments: fc.Arbitrary<Moment> = fc
  .record({
    view: views,
    cause: fc.constantFrom("arrived" as const, "event" as const, "time" as const),
    name: fc.constantFrom("Order", "View", "Login"),
    payload: properties,
    wakeInHours: fc.option(fc.integer({ min: -5, max: 48 }), { nil: undefined }),
    email: fc.option(fc.constantFrom("ann@example.com", ""), { nil: undefined }),
  })
  .map(({ view, cause, name, payload, wakeInHours, email }) =>
    momentOf({
      ...view,
      attributes: { ...view.attributes, ...(email === undefined ? {} : { email }) },
      cause,
      event: cause === "event" ? eventOf(name, noon, payload) : undefined,
      wakeAt: wakeInHours === undefined ? undefined : noon + wakeInHours * hourMs,
      base: noon,
      arrivedAt: view.enteredAt,
    }),
  )

describe.each(Object.values(NodeType))("%s keeps the contract of every node type", type => {
  const definition = nodeTypeOf(type)
  if (!definition) throw new Error(`${type} has no definition`)

  test("is registered under its own slug, with a name for screens", () => {
    expect(definition.type).toBe(type)
    expect(nodeTypes[type].type).toBe(type)
    expect(sentenceIds[`type.${type}`]).toEqual([])
  })
  test("its defaults parse as they are, and can be described and checked", () => {
    const defaults = definition.defaults()
    expect(definition.schema.parse(defaults)).toEqual(defaults)
    expect(sentenceIds[definition.describe(defaults).id]).toBeDefined()
    expect(() => definition.check(defaults, { node: "n", knowledge: {} })).not.toThrow()
  })
  test("parsing is stable: what was parsed parses to itself, keys in order", () => {
    fc.assert(
      fc.property(configs[type], input => {
        const config = definition.schema.parse(input)
        expect(JSON.stringify(definition.schema.parse(config))).toBe(JSON.stringify(config))
      }),
    )
  })
  test("decides only declared outcomes, never throws, and twice the same", () => {
    fc.assert(
      fc.property(configs[type], moments, (input, moment) => {
        const config = definition.schema.parse(input)
        const decide = definition.decide(config)
        const decision = decide(moment)
        if (decision.kind === "leave") expect(definition.outcomes(config)).toContain(decision.outcome)
        if (decision.kind === "park") expect(definition.waits).toBe(true)
        expect(decide(moment)).toEqual(decision)
        expect(definition.decide(config)(moment)).toEqual(decision)
      }),
      { numRuns: 300 },
    )
  })
  test("says which ways out may be taken at once, and they are its own", () => {
    fc.assert(
      fc.property(configs[type], moments, (input, moment) => {
        const config = definition.schema.parse(input)
        const quick = definition.passages(config).map(passage => passage.outcome)
        for (const outcome of quick) expect(definition.outcomes(config)).toContain(outcome)
        const decision = definition.decide(config)({ ...moment, cause: "arrived", event: undefined })
        if (decision.kind === "leave") expect(quick).toContain(decision.outcome)
      }),
    )
  })
  test("nothing that is thrown at its schema makes it throw", () => {
    fc.assert(
      fc.property(fc.anything(), input => {
        expect(() => definition.schema.safeParse(input)).not.toThrow()
      }),
    )
  })
})

test("a decision for an outcome that is not declared does not compile", () => {
  const wrong = defineNodeType({
    ...delay,
    outcomes: () => ["next"] as const,
    // @ts-expect-error: "sideways" is no way out of a delay
    decide: () => () => ({ kind: "leave", outcome: "sideways" }),
  })
  expect(wrong.outcomes({ for: "P1D" })).toEqual(["next"])
})
