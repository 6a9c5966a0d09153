import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { journeys } from "../testing/arbitraries.ts"
import { welcomeJourney } from "../testing/welcome.ts"
import { diffJourneys, isSameJourney } from "./diff.ts"
import { diffText } from "./diff-text.ts"

const welcome = welcomeJourney()
const without = (id: string) => ({
  ...welcome,
  nodes: welcome.nodes.filter(node => node.id !== id),
  edges: welcome.edges.filter(edge => edge.from !== id && edge.to !== id),
})

describe("the difference of two journeys", () => {
  test("a journey is the same as itself, wherever its cards stand", () => {
    fc.assert(
      fc.property(journeys, journey => {
        const { layout: _, ...moved } = journey
        expect(isSameJourney(diffJourneys(journey, moved))).toBe(true)
      }),
    )
  })
  test("a node that went and its connections are told, and the other way round a node that came", () => {
    const gone = diffJourneys(welcome, without("reminder"))
    expect(gone.nodes.filter(({ kind }) => kind !== "same")).toMatchObject([
      { kind: "removed", id: "reminder" },
    ])
    expect(gone.edges.filter(({ kind }) => kind !== "same")).toEqual([
      { kind: "removed", from: "interested", outcome: "browsing", before: "reminder" },
      { kind: "removed", from: "reminder", outcome: "next", before: "done" },
    ])
    const came = diffJourneys(without("reminder"), welcome)
    expect(came.nodes.filter(({ kind }) => kind !== "same")).toMatchObject([
      { kind: "added", id: "reminder" },
    ])
  })
  test("values are told path by path, branches by their id", () => {
    const changed = {
      ...welcome,
      settings: { reentry: { mode: "always" as const } },
      nodes: welcome.nodes.map(node =>
        node.id === "first-order"
          ? {
              ...node,
              config: {
                ...node.config,
                timeout: "P5D",
                branches: [
                  { id: "refunded", event: "Order Refunded" },
                  { id: "ordered", name: "Bought", event: "Order Completed" },
                ],
              },
            }
          : node,
      ),
      edges: welcome.edges.map(edge => (edge.outcome === "ordered" ? { ...edge, to: "done" } : edge)),
    }
    const { nodes, edges, journey } = diffJourneys(welcome, changed)
    const [wait] = nodes.filter(({ kind }) => kind === "changed")
    expect(wait?.kind === "changed" && wait.values.map(({ at }) => at)).toEqual([
      "/config/branches/ordered/name",
      "/config/branches/refunded",
      "/config/timeout",
    ])
    expect(edges.find(({ kind }) => kind === "rewired")).toMatchObject({ before: "bought", after: "done" })
    expect(journey).toEqual([{ at: "/settings/reentry/mode", before: "once", after: "always" }])
  })
})

describe("the difference of two texts", () => {
  test("is told word by word", () => {
    expect(diffText("Your 10 % is waiting", "Your 15 % is still waiting")).toEqual([
      { kind: "same", text: "Your " },
      { kind: "removed", text: "10" },
      { kind: "added", text: "15" },
      { kind: "same", text: " % is" },
      { kind: "added", text: " still" },
      { kind: "same", text: " waiting" },
    ])
  })
  test("holds both texts whole", () => {
    const text = fc.array(fc.constantFrom("a", "b", "c ", "è", "<p>", "\n", " ")).map(parts => parts.join(""))
    fc.assert(
      fc.property(text, text, (before, after) => {
        const parts = diffText(before, after)
        const without = (kind: string) =>
          parts.flatMap(part => (part.kind === kind ? [] : [part.text])).join("")
        expect(without("added")).toBe(before)
        expect(without("removed")).toBe(after)
      }),
    )
  })
})
