import type { Journey, JourneyStats } from "@viaggio/journey-model"
import { useFormat } from "../app/format.ts"
import { fallsThrough, mainWay } from "../editor/graph/card-geometry.ts"
import { edgeId, graphOf } from "../editor/graph/graph-index.ts"
import { useSessionState } from "../editor/session/session-context.ts"
import { useLiveState } from "./live-context.ts"
import { edgeCount, type NodeStats } from "./live-store.ts"

/** Width of an edge that nobody has taken, in canvas units. */
export const thinnest = 1.5
const widest = 10

/**
 * What an edge shows while the overlay is on: its count, its share of the node's leavers, and a width for that.
 * `isOwn`: all of it is this outcome's own, nothing falls through. From far away there is only the width, in steps of half a unit: hundreds of edges are in view then, and most
 * changes of a count change nothing that can be seen.
 */
export function useEdgeLive(
  from: string,
  outcome: string,
  far: boolean,
): { label: string; width: number; isOwn: boolean } | undefined {
  const format = useFormat()
  const falling = useSessionState(state => {
    const graph = graphOf(state.history.journey)
    const type = graph.nodes.get(from)?.type ?? ""
    if (outcome !== mainWay(type)) return ""
    return (graph.outcomes.get(from) ?? [])
      .filter(other => fallsThrough(type, other) && !graph.out.get(from)?.has(other))
      .join(" ")
  })
  const countIn = (stats: NodeStats | undefined) =>
    edgeCount(stats, outcome, falling === "" ? [] : falling.split(" "))
  const width = useLiveState(({ stats }) =>
    stats ? widthOf(countIn(stats.nodes[from]), leavers(stats.nodes[from])) : undefined,
  )
  const count = useLiveState(({ stats }) => (far || !stats ? 0 : countIn(stats.nodes[from])))
  const total = useLiveState(({ stats }) => (far || !stats ? 0 : leavers(stats.nodes[from])))
  if (width === undefined) return undefined
  const label =
    count > 0 && count < total
      ? `${format.number(count)} · ${format.percent(count / total)}`
      : format.number(count)
  return { label, width, isOwn: falling === "" }
}

/** The ways out of a node that fall through this one. */
function fallingInto(journey: Journey, from: string, outcome: string): string[] {
  if (outcome !== "next") return []
  const graph = graphOf(journey)
  const type = graph.nodes.get(from)?.type ?? ""
  return (graph.outcomes.get(from) ?? []).filter(
    other => fallsThrough(type, other) && !graph.out.get(from)?.has(other),
  )
}

/** The width of every edge, by its canvas id, for a drawing of all of them at once. */
export const edgeWidths = (journey: Journey, stats: JourneyStats): ReadonlyMap<string, number> =>
  new Map(
    journey.edges.map(({ from, outcome }) => {
      const own = stats.nodes[from]
      const count = edgeCount(own, outcome, fallingInto(journey, from, outcome))
      return [edgeId(from, outcome), widthOf(count, leavers(own))]
    }),
  )

const leavers = (stats: NodeStats | undefined): number =>
  Object.values(stats?.left ?? {}).reduce((sum, each) => sum + each, 0)

const widthOf = (count: number, total: number): number =>
  count === 0 ? thinnest : Math.max(2, Math.round((thinnest + (count / total) * (widest - thinnest)) * 2) / 2)
