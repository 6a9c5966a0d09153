import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { compile } from "../engine/compile.ts"
import { journeys } from "../testing/arbitraries.ts"
import { journeyOf, welcomeDocument, welcomeJourney } from "../testing/welcome.ts"
import { hasErrors } from "../values/problem.ts"
import { sentenceIds } from "../values/sentence-ids.ts"
import { checkJourney } from "./check.ts"
import type { Journey } from "./document.ts"

type Node = { id: string; type: string; config: object; version?: number; name?: string }
type Edge = [from: string, outcome: string, to: string]

const entry: Node = { id: "start", type: "event-entry", config: { event: "Signup" } }
const delay = (id: string): Node => ({ id, type: "delay", config: { for: "P1D" } })
const exit = (id: string): Node => ({ id, type: "exit", config: { reason: "done" } })
const split = (id: string): Node => ({
  id,
  type: "split",
  config: { branches: [{ id: "yes", when: { kind: "profile", path: "vip", is: "exists" } }] },
})
const wait = (id: string, more: object = {}): Node => ({
  id,
  type: "wait-for-event",
  config: { branches: [{ id: "ordered", event: "Order" }], timeout: "P1D", ...more },
})

const draw = (nodes: Node[], edges: Edge[], more: object = {}): Journey =>
  journeyOf({
    format: 1,
    key: "k",
    name: "K",
    nodes,
    edges: edges.map(([from, outcome, to]) => ({ from, outcome, to })),
    ...more,
  })

const plain: Edge[] = [
  ["start", "next", "d"],
  ["d", "next", "x"],
]

const table: { name: string; journey: Journey; expected: object[] }[] = [
  { name: "nothing wrong", journey: draw([entry, delay("d"), exit("x")], plain), expected: [] },
  { name: "the journey of the papers", journey: welcomeJourney(), expected: [] },
  {
    name: "no entry",
    journey: draw([delay("d"), exit("x")], [["d", "next", "x"]]),
    expected: [{ id: "entry-missing", severity: "error" }],
  },
  {
    name: "two entries",
    journey: draw(
      [entry, { ...entry, id: "again" }, delay("d"), exit("x")],
      [...plain, ["again", "next", "d"]],
    ),
    expected: [
      { id: "entry-several", node: "again" },
      { id: "node-unreachable", node: "again" },
    ].slice(0, 2),
  },
  {
    name: "a node that no path reaches",
    journey: draw([entry, delay("d"), exit("x"), exit("y")], plain),
    expected: [{ id: "node-unreachable", severity: "warning", node: "y" }],
  },
  {
    name: "an open way out",
    journey: draw([entry, delay("d")], [["start", "next", "d"]]),
    expected: [{ id: "outcome-unconnected", severity: "warning", node: "d", outcome: "next" }],
  },
  {
    name: "an open entry",
    journey: draw([entry], []),
    expected: [{ id: "outcome-unconnected", severity: "error", node: "start", outcome: "next" }],
  },
  {
    name: "an edge from nowhere, to nowhere, by no way out, into the entry, to itself",
    journey: draw(
      [entry, delay("d"), exit("x")],
      [...plain, ["gone", "next", "d"], ["d", "sideways", "x"], ["x", "next", "d"], ["d", "next", "start"]],
    ),
    expected: [
      { id: "edge-from-missing" },
      { id: "edge-outcome-unknown", node: "d", outcome: "sideways" },
      { id: "edge-outcome-unknown", node: "x" },
      { id: "edge-into-entry", values: { to: "start" } },
      { id: "edge-duplicate", node: "d", outcome: "next" },
    ],
  },
  {
    name: "an edge to a node that is gone",
    journey: draw(
      [entry, delay("d")],
      [
        ["start", "next", "d"],
        ["d", "next", "gone"],
      ],
    ),
    expected: [{ id: "edge-to-missing", node: "d" }, { id: "outcome-unconnected" }],
  },
  {
    name: "a loop onto itself",
    journey: draw(
      [entry, delay("d")],
      [
        ["start", "next", "d"],
        ["d", "next", "d"],
      ],
    ),
    expected: [{ id: "edge-to-itself", node: "d" }],
  },
  {
    name: "a cycle with a wait is fine",
    journey: draw(
      [entry, delay("d"), split("s"), exit("x")],
      [
        ["start", "next", "d"],
        ["d", "next", "s"],
        ["s", "yes", "d"],
        ["s", "else", "x"],
      ],
    ),
    expected: [],
  },
  {
    name: "a cycle without one is told with its path",
    journey: draw(
      [entry, split("s"), split("t"), exit("x")],
      [
        ["start", "next", "s"],
        ["s", "yes", "t"],
        ["s", "else", "x"],
        ["t", "yes", "s"],
        ["t", "else", "x"],
      ],
    ),
    expected: [{ id: "cycle-without-wait", severity: "error", node: "s", values: { path: ["s", "t", "s"] } }],
  },
  {
    name: "a cycle whose wait looks back past it stops nobody",
    journey: draw(
      [entry, wait("w", { since: "entry" }), split("s"), exit("x")],
      [
        ["start", "next", "w"],
        ["w", "ordered", "s"],
        ["w", "timeout", "x"],
        ["s", "yes", "w"],
        ["s", "else", "x"],
      ],
    ),
    expected: [{ id: "cycle-without-wait", node: "w" }],
  },
  {
    name: "a cycle by the timeout of such a wait is fine",
    journey: draw(
      [entry, wait("w", { since: "entry" }), split("s"), exit("x")],
      [
        ["start", "next", "w"],
        ["w", "timeout", "s"],
        ["w", "ordered", "x"],
        ["s", "yes", "w"],
        ["s", "else", "x"],
      ],
    ),
    expected: [],
  },
  {
    name: "a cycle whose wait looks back to a node in it is fine",
    journey: draw(
      [entry, split("s"), wait("w", { since: { node: "s" } }), exit("x")],
      [
        ["start", "next", "s"],
        ["s", "yes", "w"],
        ["s", "else", "x"],
        ["w", "ordered", "s"],
        ["w", "timeout", "x"],
      ],
    ),
    expected: [],
  },
  {
    name: "a wait for ever, with the path to it",
    journey: draw(
      [entry, wait("w", { timeout: "never" }), exit("x")],
      [
        ["start", "next", "w"],
        ["w", "ordered", "x"],
      ],
    ),
    expected: [{ id: "wait-for-ever", severity: "warning", node: "w", values: { path: ["start", "w"] } }],
  },
  {
    name: "a look back to a node that is gone",
    journey: draw(
      [entry, wait("w", { since: { node: "mail" } }), exit("x")],
      [
        ["start", "next", "w"],
        ["w", "ordered", "x"],
        ["w", "timeout", "x"],
      ],
    ),
    expected: [{ id: "since-node-missing", severity: "error", node: "w", values: { since: "mail" } }],
  },
  {
    name: "a look back to a node that is not on every path, with a path past it",
    journey: draw(
      [entry, split("s"), delay("d"), wait("w", { since: { node: "d" } }), exit("x")],
      [
        ["start", "next", "s"],
        ["s", "yes", "d"],
        ["s", "else", "w"],
        ["d", "next", "w"],
        ["w", "ordered", "x"],
        ["w", "timeout", "x"],
      ],
    ),
    expected: [{ id: "since-node-not-on-every-path", node: "w", values: { path: ["start", "s", "w"] } }],
  },
  {
    name: "names and ids",
    journey: draw(
      [entry, { ...delay("D 1"), name: "Wait" }, { ...exit("x"), name: "Wait" }],
      [
        ["start", "next", "D 1"],
        ["D 1", "next", "x"],
      ],
      { key: "No Key", name: " " },
    ),
    expected: [
      { id: "key-invalid" },
      { id: "name-missing" },
      { id: "node-id-invalid", node: "D 1" },
      { id: "node-name-duplicate", severity: "hint", node: "x" },
    ],
  },
  {
    name: "two nodes of one id",
    journey: draw([entry, delay("d"), exit("x"), exit("x")], plain),
    expected: [{ id: "node-id-duplicate", node: "x" }],
  },
  {
    name: "goals and exit rules",
    journey: draw([entry, delay("d"), exit("x")], plain, {
      settings: {
        reentry: { mode: "once" },
        goal: { event: "Order", within: "P7D", exit: true },
        exitRules: [{ id: "gone", event: "Account Deleted" }],
      },
    }),
    expected: [
      { id: "not-yet", severity: "error", at: "/settings/goal" },
      { id: "not-yet", at: "/settings/exitRules" },
    ],
  },
  {
    name: "an unsupported node keeps its connections",
    journey: draw(
      [entry, { id: "u", type: "teleport", version: 1, config: {} }, exit("x")],
      [
        ["start", "next", "u"],
        ["u", "beamed", "x"],
      ],
    ),
    expected: [{ id: "node-unsupported", severity: "error", node: "u" }],
  },
]

describe("checkJourney", () => {
  test.each(table)("$name", ({ journey, expected }) => {
    const found = checkJourney(journey)
    expect(found).toMatchObject(expected)
    expect(found.map(({ id }) => id)).toHaveLength(expected.length)
  })
  test("what the workspace has seen", () => {
    const found = checkJourney(welcomeJourney(), {
      events: { "Account Created": { properties: {} } },
      attributes: {},
    })
    expect(found.map(({ id, node, severity }) => [id, node, severity])).toEqual([
      ["attribute-never-seen", "welcome", "hint"],
      ["event-never-seen", "first-order", "warning"],
      ["event-never-seen", "interested", "warning"],
    ])
  })
  test("more nodes than fit", () => {
    const nodes = [entry, ...Array.from({ length: 2000 }, (_, index) => delay(`d${index}`))]
    const edges = nodes.slice(0, -1).map((node, index): Edge => [node.id, "next", nodes[index + 1]?.id ?? ""])
    const found = checkJourney(draw(nodes, edges))
    expect(found).toMatchObject([
      { id: "document-too-large", values: { size: 2001 } },
      { id: "outcome-unconnected" },
    ])
  })
})

test("more text than fits", () => {
  const html = `<p>${"x".repeat(499_000)}</p>{{ links.unsubscribe }}`
  const mails = ["a", "b", "c"].map(id => ({
    id,
    type: "email",
    config: { purpose: "marketing", subject: "S", html },
  }))
  const edges: Edge[] = [
    ["start", "next", "a"],
    ["a", "next", "b"],
    ["b", "next", "c"],
    ["c", "next", "x"],
  ]
  const found = checkJourney(draw([entry, ...mails, exit("x")], edges))
  expect(found).toMatchObject([
    { id: "document-too-large", values: { unit: { id: "word.bytes" }, limit: 1_048_576 } },
  ])
})

describe("laws", () => {
  test("a journey compiles exactly when its check finds no error", () => {
    fc.assert(
      fc.property(journeys, journey => {
        expect(compile(journey).ok).toBe(!hasErrors(checkJourney(journey)))
      }),
    )
  })
  test("every problem is in the list of sentences, with its values", () => {
    const broken = fc.tuple(journeys, fc.nat(), fc.nat()).map(
      ([journey, node, edge]): Journey => ({
        ...journey,
        nodes: journey.nodes.filter((_, index) => index !== node % journey.nodes.length),
        edges: journey.edges.map((found, index) =>
          index === edge % 9 ? { ...found, outcome: "odd" } : found,
        ),
      }),
    )
    fc.assert(
      fc.property(broken, journey => {
        for (const { id, values, text } of checkJourney(journey, { events: {}, attributes: {} })) {
          expect(Object.keys(values)).toEqual(expect.arrayContaining([...(sentenceIds[id] ?? ["?"])]))
          expect(text).not.toMatch(/[{}]/)
        }
      }),
    )
  })
  test("the fixture stays as it is written", () => {
    expect(JSON.stringify(welcomeJourney())).toBe(JSON.stringify(welcomeDocument))
  })
})

describe("names of the context", () => {
  const call = (id: string, name = "lead"): Node => ({
    id,
    type: "webhook",
    config: { url: "https://crm.example/", save: [{ from: "/id", to: name }] },
  })
  const reading = (id: string, path = "lead"): Node => ({
    id,
    type: "split",
    config: { branches: [{ id: "yes", when: { kind: "context", path, is: "exists" } }] },
  })
  const found = (nodes: Node[], edges: Edge[]) =>
    checkJourney(draw(nodes, edges))
      .filter(({ id }) => id.startsWith("context"))
      .map(({ id, node, at, values }) => ({ id, node, at, values }))

  test("set on every path: nothing to say, also about members of what is kept", () => {
    const nodes = [entry, call("c"), reading("r", "lead.id"), exit("x")]
    const edges: Edge[] = [
      ["start", "next", "c"],
      ["c", "succeeded", "r"],
      ["c", "failed", "x"],
      ["r", "yes", "x"],
      ["r", "else", "x"],
    ]
    expect(found(nodes, edges)).toEqual([])
  })
  test("set by no node", () => {
    const edges: Edge[] = [
      ["start", "next", "c"],
      ["c", "succeeded", "r"],
    ]
    expect(found([entry, call("c", "other"), reading("r")], edges)).toEqual([
      { id: "context-never-set", node: "r", at: "/branches/0/when/path", values: { path: "lead" } },
    ])
  })
  test("not set for those whose call failed, with their path", () => {
    // Nothing is connected at failed, so it leads where succeeded does, with empty hands.
    const edges: Edge[] = [
      ["start", "next", "c"],
      ["c", "succeeded", "r"],
    ]
    expect(found([entry, call("c"), reading("r")], edges)).toEqual([
      {
        id: "context-not-on-every-path",
        node: "r",
        at: "/branches/0/when/path",
        values: { name: "lead", path: ["start", "c", "r"] },
      },
    ])
  })
  test("not set on a path around the call; a template that reads it is told the same", () => {
    const mail: Node = {
      id: "m",
      type: "email",
      config: { purpose: "transactional", subject: "Hi", html: "{{ context.lead | default: '' }}" },
    }
    const edges: Edge[] = [
      ["start", "next", "s"],
      ["s", "yes", "c"],
      ["s", "else", "m"],
      ["c", "succeeded", "m"],
      ["c", "failed", "x"],
    ]
    expect(found([entry, split("s"), call("c"), mail, exit("x")], edges)).toEqual([
      {
        id: "context-not-on-every-path",
        node: "m",
        at: "/html",
        values: { name: "lead", path: ["start", "s", "m"] },
      },
    ])
  })
  test("set by either of two calls", () => {
    const edges: Edge[] = [
      ["start", "next", "s"],
      ["s", "yes", "c1"],
      ["s", "else", "c2"],
      ["c1", "succeeded", "r"],
      ["c1", "failed", "x"],
      ["c2", "succeeded", "r"],
      ["c2", "failed", "x"],
    ]
    expect(found([entry, split("s"), call("c1"), call("c2"), reading("r"), exit("x")], edges)).toEqual([])
  })
})

test("a round through web calls alone is refused: an answer may come at once", () => {
  const call = (id: string): Node => ({ id, type: "webhook", config: { url: "https://crm.example/" } })
  const edges: Edge[] = [
    ["start", "next", "a"],
    ["a", "succeeded", "b"],
    ["b", "succeeded", "a"],
  ]
  const ids = checkJourney(draw([entry, call("a"), call("b")], edges)).map(({ id }) => id)
  expect(ids).toContain("cycle-without-wait")
})
