import type { JourneyDocument } from "../journeys/welcome.ts"

type Node = JourneyDocument["nodes"][number]
type Edge = JourneyDocument["edges"][number]

export const startEvent = "Bench Started"

const nodesOfBlock = 6
const email = {
  purpose: "transactional",
  subject: "Hello {{ profile.first_name | default: 'you' }}",
  html: "<p>Something new has come in.</p>",
  tracking: { opens: false, clicks: false },
}
const lives = (country: string) => ({ kind: "profile", path: "country", is: "equals", value: country })

/**
 * A journey of about as many nodes as asked for, 500 being 83 times a split into a message, a delay, and a wait with two ways on, which meet again.
 * Every wait is over after a second, so that customers move all over it while somebody looks.
 */
export function fiveHundredNodes(key: string, size = 500): JourneyDocument {
  const blocks = Math.max(1, Math.round((size - 2) / nodesOfBlock))
  const nodes: Node[] = [
    { id: "start", type: "event-entry", version: 1, config: { event: startEvent, maxAge: "P1D" } },
  ]
  const edges: Edge[] = [{ from: "start", outcome: "next", to: "split-1" }]
  for (let block = 1; block <= blocks; block += 1) {
    const id = (name: string) => `${name}-${block}`
    const next = block === blocks ? "done" : `split-${block + 1}`
    const branches = [
      { id: "italy", name: "Lives in Italy", when: lives("IT") },
      { id: "france", name: "Lives in France", when: lives("FR") },
    ]
    const wait = {
      branches: [{ id: "ordered", event: "Order Completed" }],
      timeout: "PT1S",
      since: "arrival",
    }
    nodes.push(
      { id: id("split"), type: "split", version: 1, name: `Where they live, ${block}`, config: { branches } },
      { id: id("mail"), type: "email", version: 1, name: `News ${block}`, config: email },
      { id: id("pause"), type: "delay", version: 1, config: { for: "PT1S" } },
      { id: id("order"), type: "wait-for-event", version: 1, config: wait },
      { id: id("rest"), type: "delay", version: 1, config: { for: "PT1S" } },
      { id: id("reminder"), type: "email", version: 1, name: `Reminder ${block}`, config: email },
    )
    edges.push(
      { from: id("split"), outcome: "italy", to: id("mail") },
      { from: id("split"), outcome: "france", to: id("pause") },
      { from: id("split"), outcome: "else", to: id("order") },
      { from: id("order"), outcome: "ordered", to: id("rest") },
      { from: id("order"), outcome: "timeout", to: id("reminder") },
      ...["mail", "pause", "rest", "reminder"].map(from => ({ from: id(from), outcome: "next", to: next })),
    )
  }
  nodes.push({ id: "done", type: "exit", version: 1, config: { reason: "done" } })
  return {
    format: 1,
    key,
    name: "Five hundred steps",
    settings: { reentry: { mode: "always" } },
    nodes,
    edges,
  }
}
