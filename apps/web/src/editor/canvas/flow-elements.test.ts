import { describe, expect, it } from "vitest"
import { SessionDriver } from "../session/session-driver.ts"
import { createFlowElements } from "./flow-elements.ts"

const none = new Set<string>()
const still = new Map<string, { x: number; y: number }>()

function drawn() {
  const driver = new SessionDriver()
  const entry = driver.journey.nodes[0]?.id ?? ""
  driver.append(entry, "next", "email").append("email-1", "next", "delay").append("delay-1", "next", "exit")
  return driver
}

describe("what React Flow is given", () => {
  it("stays the same objects where nothing changed", () => {
    const driver = drawn()
    const elements = createFlowElements()
    const nodes = elements.toNodes(driver.journey, none, still)
    const edges = elements.toEdges(driver.journey, undefined)
    driver.rename("email-1", "Hello")
    const after = elements.toNodes(driver.journey, none, still)
    expect(after.filter(node => !nodes.includes(node)).map(node => node.id)).toEqual(["email-1"])
    expect(elements.toEdges(driver.journey, undefined)).toBe(edges)
  })

  it("is the same list for the same document", () => {
    const driver = drawn()
    const elements = createFlowElements()
    expect(elements.toNodes(driver.journey, none, still)).toBe(elements.toNodes(driver.journey, none, still))
  })

  it("changes one card while it is dragged, and its data not at all", () => {
    const driver = drawn()
    const elements = createFlowElements()
    const before = elements.toNodes(driver.journey, none, still)
    const during = elements.toNodes(driver.journey, none, new Map([["delay-1", { x: 7, y: 9 }]]))
    const moved = during.filter(node => !before.includes(node))
    expect(moved.map(node => node.position)).toEqual([{ x: 7, y: 9 }])
    expect(moved[0]?.data).toBe(before.find(node => node.id === "delay-1")?.data)
  })

  it("leaves out an edge into nothing", () => {
    const driver = drawn()
    const broken = {
      ...driver.journey,
      edges: [...driver.journey.edges, { from: "email-1", outcome: "failed", to: "gone" }],
    }
    expect(createFlowElements().toEdges(broken, undefined)).toHaveLength(driver.journey.edges.length)
  })
})
