import type { Journey } from "../journey/document.ts"
import { journeyOf } from "./welcome.ts"

export type DraftNode = { id: string; type: string; config: object; version?: number; name?: string }
export type DraftEdge = [from: string, outcome: string, to: string]

/** A journey of those nodes and edges; `more` goes over the document's other members. */
export const draftOf = (
  nodes: readonly DraftNode[],
  edges: readonly DraftEdge[],
  more: object = {},
): Journey =>
  journeyOf({
    format: 1,
    key: "k",
    name: "K",
    nodes,
    edges: edges.map(([from, outcome, to]) => ({ from, outcome, to })),
    ...more,
  })

export const entryBy = (event: string, more: object = {}): DraftNode => ({
  id: "start",
  type: "event-entry",
  config: { event, ...more },
})

export const delay = (id: string, duration = "P1D"): DraftNode => ({
  id,
  type: "delay",
  config: { for: duration },
})

export const exit = (id: string, reason = "done"): DraftNode => ({ id, type: "exit", config: { reason } })

export const splitBy = (id: string, when: object): DraftNode => ({
  id,
  type: "split",
  config: { branches: [{ id: "yes", when }] },
})
