import {
  diffJourneys,
  type Journey,
  type JourneyDiff,
  layoutJourney,
  positionsOf,
} from "@viaggio/journey-model"
import { edgeId } from "../editor/graph/graph-index.ts"
import type { PictureProps } from "../editor/picture/JourneyPicture.tsx"

/** One picture of what was and what will be: steps and connections that go stand in it beside those that come. */
export type DiffPicture = Required<Pick<PictureProps, "journey" | "marks" | "edgeMarks" | "formerEdges">>

/** `before` undefined: nothing was, so nothing is marked as new. */
export function pictureOfDiff(
  before: Journey | undefined,
  after: Journey,
): { diff: JourneyDiff; picture: DiffPicture } {
  const diff = diffJourneys(before ?? after, after)
  const removed = diff.nodes.flatMap(node => (node.kind === "removed" ? [node.before] : []))
  const removedEdges = diff.edges.flatMap(edge =>
    edge.kind === "removed" ? [{ from: edge.from, outcome: edge.outcome, to: edge.before ?? "" }] : [],
  )
  const whole: Journey = {
    ...after,
    nodes: [...after.nodes, ...removed],
    edges: [...after.edges, ...removedEdges],
  }
  // Removed steps would lie upon what has taken their place, so a picture with such is laid out anew.
  const layout = removed.length > 0 ? layoutJourney(whole) : positionsOf(after)
  return {
    diff,
    picture: {
      journey: { ...whole, layout },
      marks: new Map(diff.nodes.flatMap(({ id, kind }) => (kind === "same" ? [] : [[id, kind] as const]))),
      edgeMarks: new Map(
        diff.edges.flatMap(({ from, outcome, kind }) =>
          kind === "same" ? [] : [[edgeId(from, outcome), kind === "rewired" ? "changed" : kind] as const],
        ),
      ),
      formerEdges: diff.edges.flatMap(({ kind, from, outcome, before: to }) =>
        kind === "rewired" && to !== undefined ? [{ from, outcome, to }] : [],
      ),
    },
  }
}
