import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { journeys } from "../testing/arbitraries.ts"
import { journeyOf, welcomeDocument } from "../testing/welcome.ts"
import { contentHash, printJourney } from "./canonical.ts"
import { newJourney } from "./new-journey.ts"
import { describeNode, outcomesOf } from "./node-config.ts"
import { parseJourney, parseJourneyText } from "./parse.ts"

const minimal = { format: 1, key: "k", nodes: [], edges: [] }

describe("laws", () => {
  test("parse after print gives the journey back, print after parse the text", () => {
    fc.assert(
      fc.property(journeys, journey => {
        const text = printJourney(journey)
        const back = parseJourneyText(text)
        expect(back).toMatchObject({ ok: true, value: journey })
        expect(back.ok && printJourney(back.value)).toBe(text)
      }),
    )
  })
  test("the hash does not see layout, names and order, and sees every configuration", () => {
    fc.assert(
      fc.property(journeys, fc.nat(), (journey, pick) => {
        const { layout: _, ...rest } = journey
        const dressed = {
          ...rest,
          name: "Other",
          nodes: [...journey.nodes].reverse().map(({ name: __, ...node }) => node),
          edges: [...journey.edges].reverse(),
        }
        expect(contentHash(dressed)).toBe(contentHash(journey))
        const changed = journey.nodes.map((node, index) =>
          index === pick % journey.nodes.length ? { ...node, config: { ...node.config, more: 1 } } : node,
        )
        expect(contentHash({ ...journey, nodes: changed })).not.toBe(contentHash(journey))
      }),
    )
  })
  test("nothing that is thrown at it makes it throw", () => {
    const survives = (input: unknown): void => {
      expect(() => parseJourney(input)).not.toThrow()
    }
    fc.assert(fc.property(fc.anything(), survives))
    const almost = fc.record({
      format: fc.constant(1),
      key: fc.constant("k"),
      name: fc.anything(),
      settings: fc.anything(),
      nodes: fc.array(
        fc.record({ id: fc.string(), type: fc.constantFrom("delay", "split", "x"), config: fc.anything() }),
      ),
      edges: fc.anything(),
      layout: fc.anything(),
    })
    fc.assert(fc.property(almost, survives))
  })
})

describe("what is no journey", () => {
  const table: [name: string, input: unknown, problem: object][] = [
    ["text", "hello", { id: "not-a-journey" }],
    ["a list", [], { id: "not-a-journey" }],
    ["no format", { key: "k", nodes: [] }, { id: "not-a-journey", at: "/format" }],
    ["another format", { ...minimal, format: 2 }, { id: "format-unsupported", at: "/format" }],
    ["no key", { format: 1, nodes: [] }, { id: "not-a-journey", at: "/key" }],
    [
      "a node without an id",
      { ...minimal, nodes: [{ type: "delay" }] },
      { id: "not-a-journey", at: "/nodes/0/id" },
    ],
    [
      "an edge to nowhere named",
      { ...minimal, edges: [{ from: "a" }] },
      { id: "not-a-journey", at: "/edges/0/outcome" },
    ],
  ]
  test.each(table)("%s", (_, input, problem) => {
    expect(parseJourney(input)).toMatchObject({ ok: false, problems: [problem] })
  })
  test("text that is no JSON", () => {
    expect(parseJourneyText("{")).toMatchObject({ ok: false, problems: [{ id: "not-a-journey" }] })
  })
})

describe("what is kept", () => {
  test("a node of an unknown type, as it is, with a problem", () => {
    const node = { id: "x", type: "teleport", version: 3, config: { zulu: 1, alpha: [null] } }
    const parsed = parseJourney({ ...minimal, nodes: [node] })
    expect(parsed).toMatchObject({
      ok: true,
      value: { nodes: [node] },
      problems: [{ id: "node-unsupported", node: "x", values: { type: "teleport", version: 3 } }],
    })
    expect(parsed.ok && printJourney(parsed.value)).toContain('"zulu": 1,\n        "alpha"')
  })
  test("a configuration that cannot be read, with its branches as ways out", () => {
    const node = {
      id: "s",
      type: "split",
      version: 1,
      config: { branches: [{ id: "a", when: { kind: "odd" } }] },
    }
    const parsed = parseJourney({ ...minimal, nodes: [node] })
    expect(parsed).toMatchObject({
      ok: true,
      value: { nodes: [node] },
      problems: [{ id: "config-invalid", node: "s", at: "/branches/0/when/kind" }],
    })
    expect(outcomesOf(node)).toEqual(["a", "else"])
    expect(describeNode(node)).toEqual({ id: "node.invalid", values: {} })
  })
  test("settings that cannot be read", () => {
    const settings = { reentry: { mode: "after-exit", cooldown: "soon" } }
    expect(parseJourney({ ...minimal, settings })).toMatchObject({
      ok: true,
      value: { settings },
      problems: [{ id: "settings-invalid", at: "/settings/reentry/cooldown" }],
    })
  })
})

describe("what is filled in and brought into order", () => {
  test("defaults are written out, keys stand in the order of the types", () => {
    const journey = journeyOf({
      edges: [],
      nodes: [
        {
          config: { since: "entry", timeout: "P1D", branches: [{ event: "Order", id: "o" }] },
          type: "wait-for-event",
          id: "w",
        },
      ],
      name: "N",
      key: "k",
      format: 1,
    })
    expect(JSON.stringify(journey)).toBe(
      '{"format":1,"key":"k","name":"N","settings":{"reentry":{"mode":"once"}},"nodes":[{"id":"w","type":"wait-for-event","version":1,"config":{"branches":[{"id":"o","event":"Order"}],"timeout":"P1D","since":"entry"}}],"edges":[]}',
    )
  })
  test("positions are whole numbers of nodes that exist", () => {
    const journey = journeyOf({ ...welcomeDocument, layout: { start: [0.4, -0.4], gone: [1, 1] } })
    expect(journey.layout).toEqual({ start: [0, 0] })
    expect(journeyOf({ ...welcomeDocument, layout: { gone: [1, 1] } }).layout).toBeUndefined()
  })
  test("a new journey is canonical", () => {
    const journey = newJourney({ key: "k", name: "New" })
    expect(journeyOf(journey)).toEqual(journey)
  })
})

test("takes a value whose length cannot be compared for what it is: not a text, not a list", () => {
  const odd = JSON.parse('{ "length": { "toString": 1, "valueOf": 2 } }')
  const split = {
    id: "s",
    type: "split",
    version: 1,
    config: { branches: [{ id: "b", name: odd, when: odd }] },
  }
  const read = parseJourney({ format: 1, key: "odd", nodes: [split] })
  expect(read).toMatchObject({ ok: true, problems: [expect.objectContaining({ id: "config-invalid" })] })
  expect(parseJourney({ format: 1, key: odd, nodes: [] })).toMatchObject({ ok: false })
})
