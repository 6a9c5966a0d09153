import type { Journey, JourneyNode } from "@viaggio/journey-model"
import { type Edge, type Node, Position } from "@xyflow/react"
import { cardBox } from "../graph/card-boxes.ts"
import { cardSize, outcomeX } from "../graph/card-geometry.ts"
import { edgeId, graphOf } from "../graph/graph-index.ts"

export type CardNode = Node<{ node: JourneyNode; outcomes: readonly string[] }, "card">
export type OutcomeEdge = Edge<{ outcome: string; back: boolean }, "outcome">

/** Positions that are on the screen but not (yet) in the document: a drag, or the way to a tidy layout. */
export type MovingPositions = ReadonlyMap<string, { x: number; y: number }>

const handleSize = 12

/**
 * Turns the document into what React Flow draws. It keeps the objects of the call before for every node and
 * edge that did not change, so that a change of one node renders one card.
 */
export function createFlowElements() {
  let nodes = new Map<string, CardNode>()
  let edges = new Map<string, OutcomeEdge>()
  let lastNodes: CardNode[] = []
  let lastEdges: OutcomeEdge[] = []

  function toNodes(journey: Journey, selected: ReadonlySet<string>, moving: MovingPositions): CardNode[] {
    const graph = graphOf(journey)
    const next = new Map<string, CardNode>()
    let same = lastNodes.length === journey.nodes.length
    journey.nodes.forEach((node, index) => {
      const { x, y } = moving.get(node.id) ?? cardBox(journey, node.id)
      const outcomes = graph.outcomes.get(node.id) ?? []
      const isSelected = selected.has(node.id)
      const before = nodes.get(node.id)
      const kept =
        before &&
        before.data.node === node &&
        before.position.x === x &&
        before.position.y === y &&
        before.selected === isSelected &&
        sameList(before.data.outcomes, outcomes)
          ? before
          : toCardNode(node, outcomes, { x, y }, isSelected, before)
      next.set(node.id, kept)
      if (lastNodes[index] !== kept) same = false
    })
    nodes = next
    if (!same) lastNodes = [...next.values()]
    return lastNodes
  }

  function toEdges(journey: Journey, selected: string | undefined): OutcomeEdge[] {
    const { back, nodes: known } = graphOf(journey)
    const next = new Map<string, OutcomeEdge>()
    for (const { from, outcome, to } of journey.edges) {
      // React Flow cannot draw an edge into nothing; the checker names it.
      if (!known.has(from) || !known.has(to)) continue
      const id = edgeId(from, outcome)
      const before = edges.get(id)
      const isBack = back.has(id)
      const isSelected = selected === id
      next.set(
        id,
        before && before.target === to && before.data?.back === isBack && before.selected === isSelected
          ? before
          : {
              id,
              type: "outcome",
              // It holds a button, so it is no picture.
              ariaRole: "group",
              ariaLabel: `${id} → ${to}`,
              source: from,
              sourceHandle: outcome,
              target: to,
              selected: isSelected,
              data: { outcome, back: isBack },
            },
      )
    }
    const list = [...next.values()]
    const same = list.length === lastEdges.length && list.every((edge, index) => edge === lastEdges[index])
    edges = next
    if (!same) lastEdges = list
    return lastEdges
  }

  return { toNodes, toEdges }
}

const sameList = (a: readonly string[], b: readonly string[]): boolean =>
  a === b || (a.length === b.length && a.every((item, index) => item === b[index]))

// Sizes and handles are told to React Flow, not measured: an edge to a card outside of the view is drawn right
// without that card being in the page.
function toCardNode(
  node: JourneyNode,
  outcomes: readonly string[],
  position: { x: number; y: number },
  selected: boolean,
  before: CardNode | undefined,
): CardNode {
  const size = cardSize(outcomes)
  const half = handleSize / 2
  const box = { width: handleSize, height: handleSize }
  return {
    id: node.id,
    type: "card",
    position,
    selected,
    data:
      before && before.data.node === node && sameList(before.data.outcomes, outcomes)
        ? before.data
        : { node, outcomes },
    width: size.width,
    height: size.height,
    measured: size,
    handles: [
      ...(node.type === "event-entry"
        ? []
        : [
            {
              type: "target" as const,
              position: Position.Top,
              x: size.width / 2 - half,
              y: -half,
              ...box,
            },
          ]),
      ...outcomes.map((outcome, index) => ({
        id: outcome,
        type: "source" as const,
        position: Position.Bottom,
        x: outcomeX(node.type, outcomes, index) - half,
        y: size.height - half,
        ...box,
      })),
    ],
  }
}
