import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { printJourney } from "../journey/canonical.ts"
import type { Journey } from "../journey/document.ts"
import { configs, journeys } from "../testing/arbitraries.ts"
import { welcomeJourney } from "../testing/welcome.ts"
import { applyOperation } from "./apply.ts"
import {
  applyChange,
  type Change,
  createHistory,
  type History,
  historyFromJson,
  historyToJson,
  redo,
  undo,
} from "./history.ts"
import type { Operation, Position } from "./operations.ts"

const position: fc.Arbitrary<Position> = fc.tuple(
  fc.integer({ min: -999, max: 999 }),
  fc.integer({ min: -999, max: 999 }),
)

/** Operations on a journey's own nodes and edges, most of which can be done. */
const operationsOn = (journey: Journey): fc.Arbitrary<Operation> => {
  const node = fc.constantFrom(...journey.nodes)
  const id = node.map(found => found.id)
  const options: fc.Arbitrary<Operation>[] = [
    fc.record({
      op: fc.constant("addNode" as const),
      node: fc
        .record({ id: fc.constantFrom("new-1", "new-2"), config: configs.delay })
        .map(({ id: newId, config }) => ({
          id: newId,
          type: "delay",
          version: 1,
          config,
        })),
      at: fc.nat({ max: journey.nodes.length }),
    }),
    fc.tuple(id, position).map(([from, to]): Operation => ({ op: "moveNodes", positions: { [from]: to } })),
    id.map((from): Operation => ({ op: "moveNodes", positions: { [from]: null } })),
    id.map((from): Operation => ({ op: "removeNode", id: from })),
    fc
      .tuple(node, fc.constantFrom("", "A name"))
      .map(([{ id: named }, name]): Operation => ({ op: "setNode", id: named, name })),
    fc
      .tuple(node, configs.delay)
      .map(([{ id: changed }, config]): Operation => ({ op: "setNode", id: changed, config })),
    fc.constantFrom<Operation>(
      { op: "setJourney", name: "Other", tags: ["a"], description: "d" },
      { op: "setJourney", tags: [], description: "" },
      { op: "setJourney", settings: { reentry: { mode: "always" } } },
    ),
    fc
      .tuple(id, id, fc.nat({ max: journey.edges.length }))
      .map(([from, to, at]): Operation => ({ op: "addEdge", edge: { from, outcome: "next", to }, at })),
  ]
  if (journey.edges.length > 0) {
    options.push(
      fc
        .constantFrom(...journey.edges)
        .map(({ from, outcome }): Operation => ({ op: "removeEdge", from, outcome })),
    )
  }
  return fc.oneof(...options)
}

const edited = journeys.chain(journey =>
  fc
    .array(operationsOn(journey), { minLength: 1, maxLength: 12 })
    .map(operations => ({ journey, operations })),
)

const exactly = (a: Journey, b: Journey): void => {
  expect(a).toEqual(b)
  expect(printJourney(a)).toBe(printJourney(b))
  expect(a.nodes.map(node => node.id)).toEqual(b.nodes.map(node => node.id))
}

describe("operations", () => {
  test("an inverse restores the journey exactly, array positions included", () => {
    fc.assert(
      fc.property(edited, ({ journey, operations }) => {
        let current = journey
        for (const operation of operations) {
          const before = JSON.stringify(current)
          const applied = applyOperation(current, operation)
          expect(JSON.stringify(current)).toBe(before)
          if (!applied.ok) continue
          const back = applyOperation(applied.journey, applied.inverse)
          expect(back.ok).toBe(true)
          if (back.ok) exactly(back.journey, current)
          current = applied.journey
        }
      }),
      { numRuns: 300 },
    )
  })
  test("edits leave no edge without its nodes, and a journey that prints and parses", () => {
    fc.assert(
      fc.property(edited, ({ journey, operations }) => {
        let current = journey
        for (const operation of operations) {
          const applied = applyOperation(current, operation)
          if (applied.ok) current = applied.journey
        }
        const ids = new Set(current.nodes.map(node => node.id))
        for (const { from, to } of current.edges) expect(ids.has(from) && ids.has(to)).toBe(true)
        expect(new Set(current.edges.map(edge => `${edge.from}.${edge.outcome}`)).size).toBe(
          current.edges.length,
        )
        for (const id of Object.keys(current.layout ?? {})) expect(ids.has(id)).toBe(true)
      }),
    )
  })
  const refusals: [name: string, operation: Operation, reason: string][] = [
    [
      "an id that is taken",
      { op: "addNode", node: { id: "start", type: "exit", version: 1, config: {} }, at: 0 },
      "edit.node-exists",
    ],
    [
      "an index past the end",
      { op: "addNode", node: { id: "n", type: "exit", version: 1, config: {} }, at: 99 },
      "edit.index-out-of-range",
    ],
    ["a node that is connected", { op: "removeNode", id: "welcome" }, "edit.node-connected"],
    ["a node that is not there", { op: "setNode", id: "gone", name: "x" }, "edit.node-missing"],
    [
      "an edge to nowhere",
      { op: "addEdge", edge: { from: "start", outcome: "x", to: "gone" }, at: 0 },
      "edit.node-missing",
    ],
    [
      "a way out that is taken",
      { op: "addEdge", edge: { from: "start", outcome: "next", to: "done" }, at: 0 },
      "edit.outcome-connected",
    ],
    ["an edge that is not there", { op: "removeEdge", from: "start", outcome: "x" }, "edit.edge-missing"],
    ["a place for nobody", { op: "moveNodes", positions: { gone: [0, 0] } }, "edit.node-missing"],
  ]
  test.each(refusals)("refused: %s", (_, operation, reason) => {
    expect(applyOperation(welcomeJourney(), operation)).toMatchObject({ ok: false, reason: { id: reason } })
  })
})

const change = (operations: Operation[], at = 0, group?: string): Change => ({
  label: { id: "change.configure", values: {} },
  operations,
  at,
  ...(group === undefined ? {} : { group }),
})

const done = (history: History, next: Change): History => {
  const result = applyChange(history, next)
  if (!result.ok) throw new Error(result.reason.id)
  return result.value
}

const rename = (name: string): Operation[] => [{ op: "setNode", id: "welcome", name }]

describe("history", () => {
  test("undoing everything and redoing it comes back to the same journeys", () => {
    fc.assert(
      fc.property(edited, ({ journey, operations }) => {
        let history = createHistory(journey)
        const states = [journey]
        for (const operation of operations) {
          const result = applyChange(history, change([operation], states.length * 10_000))
          if (!result.ok) continue
          history = result.value
          states.push(history.journey)
        }
        for (let index = states.length - 1; index > 0; index--) {
          exactly(history.journey, states[index] as Journey)
          history = undo(history)
        }
        exactly(history.journey, journey)
        for (const state of states.slice(1)) {
          history = redo(history)
          exactly(history.journey, state)
        }
        expect(historyFromJson(historyToJson(history))?.journey).toEqual(history.journey)
      }),
    )
  })
  test("typing within a second is one step, and stays one over undo and redo", () => {
    let history = createHistory(welcomeJourney())
    history = done(history, change(rename("W"), 0, "name"))
    history = done(history, change(rename("We"), 900, "name"))
    history = done(history, change(rename("Wel"), 1900, "name"))
    expect(history.undo).toHaveLength(1)
    history = done(history, change(rename("Welc"), 2901, "name"))
    expect(history.undo).toHaveLength(2)
    history = undo(undo(history))
    expect(history.journey).toEqual(welcomeJourney())
    expect(redo(history).journey.nodes[1]?.name).toBe("Wel")
  })
  test("what follows an undo is a step of its own, and ends the redo", () => {
    let history = createHistory(welcomeJourney())
    history = done(history, change(rename("A"), 0, "name"))
    history = done(history, change(rename("B"), 5000, "name"))
    history = undo(history)
    history = done(history, change(rename("C"), 100, "name"))
    expect(history.redo).toEqual([])
    expect(undo(history).journey.nodes[1]?.name).toBe("A")
  })
  test("a change is done whole or not at all", () => {
    const history = createHistory(welcomeJourney())
    const result = applyChange(history, change([...rename("X"), { op: "removeNode", id: "welcome" }]))
    expect(result).toMatchObject({ ok: false, reason: { id: "edit.node-connected" } })
  })
  test("the oldest steps go when there are too many", () => {
    let history = createHistory(welcomeJourney(), { limit: 3 })
    for (let count = 0; count < 5; count++) history = done(history, change(rename(`N${count}`), count * 9999))
    expect(history.undo).toHaveLength(3)
    expect(undo(undo(undo(undo(history)))).journey.nodes[1]?.name).toBe("N1")
  })
  test("a kept history that does not fit its journey is not taken", () => {
    const history = done(createHistory(welcomeJourney()), change(rename("X")))
    const tampered = { ...history, undo: [change([{ op: "removeEdge", from: "start", outcome: "nope" }])] }
    expect(historyFromJson(JSON.parse(JSON.stringify(tampered)))).toBeUndefined()
    expect(historyFromJson({ journey: 1 })).toBeUndefined()
  })
})
