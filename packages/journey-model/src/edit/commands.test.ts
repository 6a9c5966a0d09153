import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { checkJourney } from "../journey/check.ts"
import type { Journey } from "../journey/document.ts"
import { newJourney } from "../journey/new-journey.ts"
import { outcomesOf } from "../journey/node-config.ts"
import { parseJourneyText } from "../journey/parse.ts"
import { journeys } from "../testing/arbitraries.ts"
import { welcomeJourney } from "../testing/welcome.ts"
import { sentenceIds } from "../values/sentence-ids.ts"
import { copyNodes, parseFragment, pasteNodes, printFragment } from "./clipboard.ts"
import {
  addDetached,
  appendAfter,
  type Command,
  connect,
  disconnect,
  insertOnEdge,
  moveNodes,
  nextNodeId,
  renameNode,
  replaceConfig,
  setJourney,
} from "./commands.ts"
import { deleteNodes } from "./delete.ts"
import { applyChange, createHistory, undo } from "./history.ts"
import { columnWidth, layoutJourney, positionsOf, rowHeight } from "./layout.ts"

const at = 0

/** Does a command, and undoes it again to see that nothing is left of it. */
const run = (journey: Journey, command: Command): Journey => {
  if (!command.ok) throw new Error(command.reason.id)
  expect(sentenceIds[command.change.label.id]).toBeDefined()
  const result = applyChange(createHistory(journey), command.change)
  if (!result.ok) throw new Error(result.reason.id)
  expect(undo(result.value).journey).toEqual(journey)
  return result.value.journey
}

const edgesOf = (journey: Journey, id: string): string[] =>
  journey.edges
    .filter(edge => edge.from === id || edge.to === id)
    .map(edge => `${edge.from}.${edge.outcome}>${edge.to}`)

describe("insertOnEdge", () => {
  const from = { from: "welcome", outcome: "next" }
  test("keeps both ends, makes room, and stands behind its predecessor", () => {
    const journey = run(welcomeJourney(), insertOnEdge(welcomeJourney(), from, "delay", { at }))
    expect(edgesOf(journey, "delay-1")).toEqual(["welcome.next>delay-1", "delay-1.next>first-order"])
    expect(journey.nodes.map(node => node.id).indexOf("delay-1")).toBe(2)
    expect(journey.layout?.["delay-1"]).toEqual([0, 280])
    expect(journey.layout?.["first-order"]).toEqual([0, 420])
    expect(journey.layout?.welcome).toEqual([0, 140])
    expect(checkJourney(journey)).toEqual([])
  })
  test.each([
    ["wait-for-event", "timeout"],
    ["split", "else"],
    ["email", "next"],
  ])("a %s goes on by %s", (type, outcome) => {
    const journey = run(welcomeJourney(), insertOnEdge(welcomeJourney(), from, type, { at }))
    expect(edgesOf(journey, `${type}-1`)).toContain(`${type}-1.${outcome}>first-order`)
  })
  test("an exit ends the path there", () => {
    const journey = run(welcomeJourney(), insertOnEdge(welcomeJourney(), from, "exit", { at }))
    expect(edgesOf(journey, "exit-1")).toEqual(["welcome.next>exit-1"])
  })
  test("an entry cannot stand there, nor a type that is not known", () => {
    expect(insertOnEdge(welcomeJourney(), from, "event-entry", { at })).toMatchObject({
      reason: { id: "edge-into-entry" },
    })
    expect(insertOnEdge(welcomeJourney(), from, "teleport", { at })).toMatchObject({
      reason: { id: "edit.type-unknown" },
    })
  })
})

describe("adding and connecting", () => {
  test("a journey grows from its entry, without one node upon another", () => {
    let journey = newJourney({ key: "k", name: "K" })
    journey = run(journey, appendAfter(journey, "start", "next", "split", { at }))
    journey = run(journey, appendAfter(journey, "split-1", "branch-1", "exit", { at }))
    journey = run(journey, appendAfter(journey, "split-1", "else", "exit", { at }))
    journey = run(journey, addDetached(journey, "delay", { at }))
    const places = Object.values(journey.layout ?? {}).map(String)
    expect(new Set(places).size).toBe(5)
    expect(appendAfter(journey, "split-1", "else", "exit", { at })).toMatchObject({
      reason: { id: "edit.outcome-connected" },
    })
  })
  test("connecting re-points a way out, and refuses what is not legal", () => {
    const journey = welcomeJourney()
    const edge = { from: "interested", outcome: "else", to: "done" }
    expect(edgesOf(run(journey, connect(journey, edge, at)), "interested")).toContain("interested.else>done")
    expect(connect(journey, { ...edge, to: "start" }, at)).toMatchObject({
      reason: { id: "edge-into-entry" },
    })
    expect(connect(journey, { ...edge, to: "cold" }, at)).toMatchObject({ reason: { id: "edit.nothing" } })
    expect(run(journey, disconnect(journey, edge, at)).edges).toHaveLength(6)
  })
  test("ids go on past the highest", () => {
    expect(nextNodeId([{ id: "delay-7" }, { id: "delay-x" }, { id: "other-9" }], "delay")).toBe("delay-8")
  })
})

describe("deleteNodes", () => {
  test("heals where there is one way to go", () => {
    const journey = run(welcomeJourney(), deleteNodes(welcomeJourney(), ["welcome"], { at, heal: true }))
    expect(edgesOf(journey, "start")).toEqual(["start.next>first-order"])
    expect(journey.edges[0]).toEqual({ from: "start", outcome: "next", to: "first-order" })
  })
  test("leaves open what could go two ways, and everything when told not to heal", () => {
    const open = run(welcomeJourney(), deleteNodes(welcomeJourney(), ["interested"], { at, heal: true }))
    expect(edgesOf(open, "first-order")).not.toContain("first-order.timeout>reminder")
    const cut = run(welcomeJourney(), deleteNodes(welcomeJourney(), ["welcome"], { at, heal: false }))
    expect(edgesOf(cut, "start")).toEqual([])
  })
  test("heals over a whole chain", () => {
    const ids = ["welcome", "first-order", "interested", "bought", "cold", "reminder"]
    const journey = run(welcomeJourney(), deleteNodes(welcomeJourney(), ids, { at, heal: true }))
    expect(edgesOf(journey, "start")).toEqual(["start.next>done"])
  })
})

describe("configuring", () => {
  test("a branch that goes takes its connection along", () => {
    const config = { branches: [{ id: "vip", when: { kind: "profile", path: "vip", is: "exists" } }] }
    const journey = run(welcomeJourney(), replaceConfig(welcomeJourney(), "interested", config, { at }))
    expect(edgesOf(journey, "interested")).toEqual(["first-order.timeout>interested", "interested.else>cold"])
  })
  test("a name can be given and taken", () => {
    const named = run(welcomeJourney(), renameNode(welcomeJourney(), "welcome", "Hello", at))
    expect(named.nodes[1]?.name).toBe("Hello")
    expect(run(named, renameNode(named, "welcome", "", at)).nodes[1]).not.toHaveProperty("name")
  })
  test("settings", () => {
    const journey = run(
      welcomeJourney(),
      setJourney({ settings: { reentry: { mode: "always" } }, tags: ["x"] }, at),
    )
    expect(journey).toMatchObject({ tags: ["x"], settings: { reentry: { mode: "always" } } })
  })
})

describe("clipboard", () => {
  test("a piece is pasted under new ids, with its inner connections and look-backs", () => {
    const journey = welcomeJourney()
    const back = run(
      journey,
      replaceConfig(
        journey,
        "first-order",
        { ...journey.nodes[2]?.config, since: { node: "welcome" } },
        { at },
      ),
    )
    const piece = parseFragment(JSON.stringify(copyNodes(back, ["welcome", "first-order"])))
    if (!piece) throw new Error("no piece")
    const pasted = run(back, pasteNodes(back, piece, { at }))
    expect(edgesOf(pasted, "email-1")).toEqual(["email-1.next>wait-for-event-1"])
    expect(pasted.nodes.at(-1)?.config).toMatchObject({ since: { node: "email-1" } })
    expect(pasted.layout?.["email-1"]).toEqual([40, 180])
    expect(parseFragment("hello")).toBeUndefined()
  })
  test("in another journey a wait that looks back to a node which stayed behind names it as missing", () => {
    const piece = parseFragment(printFragment(copyNodes(welcomeJourney(), ["first-order"])))
    const lookingBack = piece && {
      ...piece,
      nodes: piece.nodes.map(node => ({ ...node, config: { ...node.config, since: { node: "welcome" } } })),
    }
    if (!lookingBack) throw new Error("it is a piece")
    // The other journey has a node `welcome` too, which is another one.
    const other = { ...welcomeJourney(), key: "other" }
    const pasted = run(other, pasteNodes(other, lookingBack, { at }))
    expect(pasted.nodes.at(-1)?.config.since).toEqual({ node: "missing-welcome" })
    expect(checkJourney(pasted).filter(({ severity }) => severity === "error")).toMatchObject([
      { id: "since-node-missing", values: { since: "missing-welcome" } },
    ])
    const own = run(welcomeJourney(), pasteNodes(welcomeJourney(), lookingBack, { at }))
    expect(own.nodes.at(-1)?.config.since).toEqual({ node: "welcome" })
  })
  test("a whole journey pasted into a new one hangs on the entry that is there", () => {
    const all = copyNodes(
      welcomeJourney(),
      welcomeJourney().nodes.map(({ id }) => id),
    )
    const empty = newJourney({ key: "empty", name: "Empty" })
    const pasted = run(empty, pasteNodes(empty, all, { at }))
    expect(pasted.nodes.filter(({ type }) => type === "event-entry")).toHaveLength(1)
    expect(pasted.nodes).toHaveLength(welcomeJourney().nodes.length)
    expect(edgesOf(pasted, pasted.nodes[0]?.id ?? "")).toEqual([`${pasted.nodes[0]?.id}.next>email-1`])
  })
})

describe("layout", () => {
  test("nodes never lie upon each other, edges point down, branches keep their order", () => {
    fc.assert(
      fc.property(journeys, journey => {
        const positions = layoutJourney(journey)
        const places = Object.values(positions)
        expect(places).toHaveLength(journey.nodes.length)
        for (const [index, [x, y]] of places.entries()) {
          for (const [otherX, otherY] of places.slice(index + 1)) {
            expect(Math.abs(x - otherX) >= columnWidth / 2 || Math.abs(y - otherY) >= rowHeight).toBe(true)
          }
        }
        for (const { from, to } of journey.edges) {
          expect(positions[to]?.[1]).toBeGreaterThan(positions[from]?.[1] ?? 0)
        }
      }),
    )
    const [left, right] = ["reminder", "cold"].map(id => layoutJourney(welcomeJourney())[id]?.[0] ?? 0)
    expect(left).toBeLessThan(right ?? 0)
  })
  test("a long chain of waits runs straight down, its exits beside it", () => {
    const waits = 30
    const nodes = Array.from({ length: waits }, (_, index) => [
      {
        id: `wait-${index}`,
        type: "wait-for-event",
        version: 1,
        config: { branches: [{ id: "ordered", event: "Order" }], timeout: "P1D", since: "arrival" },
      },
      { id: `exit-${index}`, type: "exit", version: 1, config: { reason: "bought" } },
    ]).flat()
    const edges = Array.from({ length: waits }, (_, index) => [
      { from: `wait-${index}`, outcome: "ordered", to: `exit-${index}` },
      ...(index + 1 < waits ? [{ from: `wait-${index}`, outcome: "timeout", to: `wait-${index + 1}` }] : []),
    ]).flat()
    const journey = { ...welcomeJourney(), nodes, edges }
    const positions = layoutJourney(journey)
    for (let index = 0; index < waits - 2; index += 1) {
      expect(positions[`wait-${index}`]?.[0], `wait-${index}`).toBe(0)
      expect(positions[`exit-${index}`], `exit-${index}`).toEqual([-columnWidth, (index + 1) * rowHeight])
    }
  })
  test("what follows a meeting of branches stands below where they parted, between them", () => {
    const delay = (id: string) => ({ id, type: "delay", version: 1, config: { for: "P1D" } })
    const branches = ["a", "b"].map(id => ({ id, when: { kind: "profile", path: id, is: "exists" } }))
    const journey = {
      ...welcomeJourney(),
      nodes: [
        { id: "split", type: "split", version: 1, config: { branches } },
        ...["a", "b", "rest", "all"].map(delay),
      ],
      edges: [
        ...["a", "b"].flatMap(id => [
          { from: "split", outcome: id, to: id },
          { from: id, outcome: "next", to: "all" },
        ]),
        { from: "split", outcome: "else", to: "rest" },
        { from: "rest", outcome: "next", to: "all" },
      ],
    }
    expect(layoutJourney(journey)).toEqual({
      split: [0, 0],
      a: [-columnWidth, rowHeight],
      b: [0, rowHeight],
      rest: [columnWidth, rowHeight],
      all: [0, 2 * rowHeight],
    })
  })
  test("places that are written down are kept, the rest finds room", () => {
    const journey = { ...welcomeJourney(), layout: { start: [5, 5] as [number, number] } }
    const positions = positionsOf(journey)
    expect(positions.start).toEqual([5, 5])
    expect(new Set(Object.values(positions).map(String)).size).toBe(8)
  })
  test("the first place that is written down writes down the others", () => {
    const { layout: _, ...bare } = welcomeJourney()
    const moved = run(bare, moveNodes(bare, { cold: [900, 900] }, at))
    expect(moved.layout).toEqual({ ...layoutJourney(bare), cold: [900, 900] })
  })
  test("a chain of two thousand nodes is no trouble", () => {
    const nodes = Array.from({ length: 2000 }, (_, index) => ({
      id: `d${index}`,
      type: "delay",
      version: 1,
      config: { for: "P1D" },
    }))
    const edges = nodes.slice(1).map((node, index) => ({ from: `d${index}`, outcome: "next", to: node.id }))
    const parsed = parseJourneyText(JSON.stringify({ format: 1, key: "k", name: "K", nodes, edges }))
    expect(parsed.ok && layoutJourney(parsed.value).d1999).toEqual([0, 1999 * rowHeight])
  })
})

test("whatever command is given, no edge hangs loose and no way out is used twice", () => {
  const given = fc.record({
    journey: journeys,
    type: fc.constantFrom("delay", "split", "email", "exit"),
    pick: fc.nat(),
    heal: fc.boolean(),
  })
  fc.assert(
    fc.property(given, ({ journey, type, pick, heal }) => {
      const edge = journey.edges[pick % Math.max(1, journey.edges.length)]
      const inserted = edge ? run(journey, insertOnEdge(journey, edge, type, { at })) : journey
      const victim = inserted.nodes[pick % inserted.nodes.length]?.id ?? ""
      const left = run(inserted, deleteNodes(inserted, [victim], { at, heal }))
      const nodes = new Map(left.nodes.map(node => [node.id, node]))
      for (const { from, outcome, to } of left.edges) {
        const source = nodes.get(from)
        expect(nodes.has(to)).toBe(true)
        expect(source && outcomesOf(source)).toContain(outcome)
      }
      expect(new Set(left.edges.map(({ from, outcome }) => `${from}.${outcome}`)).size).toBe(
        left.edges.length,
      )
    }),
  )
})
