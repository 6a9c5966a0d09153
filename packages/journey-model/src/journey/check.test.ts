import { describe, expect, test } from "vitest"
import {
  delay,
  draftOf as draw,
  type DraftEdge as Edge,
  entryBy,
  exit,
  type DraftNode as Node,
  splitBy,
} from "../testing/drafts.ts"
import { welcomeJourney } from "../testing/welcome.ts"
import { checkJourney } from "./check.ts"
import type { Journey } from "./document.ts"

const entry = entryBy("Signup")
const split = (id: string): Node => splitBy(id, { kind: "profile", path: "vip", is: "exists" })
const wait = (id: string, more: object = {}): Node => ({
  id,
  type: "wait-for-event",
  config: { branches: [{ id: "ordered", event: "Order" }], timeout: "P1D", ...more },
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
