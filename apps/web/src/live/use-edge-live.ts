import { useFormat } from "../app/format.ts"
import { fallsThrough } from "../editor/graph/card-geometry.ts"
import { graphOf } from "../editor/graph/graph-index.ts"
import { useSessionState } from "../editor/session/session-context.ts"
import { useLiveState } from "./live-context.ts"
import { edgeCount } from "./live-store.ts"

/** Width of an edge that nobody has taken, in canvas units. */
export const thinnest = 1.5
const widest = 10

/** What an edge shows while the overlay is on: its count, its share of the node's leavers, and a width for that. */
export function useEdgeLive(from: string, outcome: string): { label: string; width: number } | undefined {
  const format = useFormat()
  const falling = useSessionState(state => {
    if (outcome !== "next") return ""
    const graph = graphOf(state.history.journey)
    const type = graph.nodes.get(from)?.type ?? ""
    return (graph.outcomes.get(from) ?? [])
      .filter(other => fallsThrough(type, other) && !graph.out.get(from)?.has(other))
      .join(" ")
  })
  const count = useLiveState(state =>
    state.stats
      ? edgeCount(state.stats.nodes[from], outcome, falling === "" ? [] : falling.split(" "))
      : undefined,
  )
  const total = useLiveState(state => {
    const left = state.stats?.nodes[from]?.left
    return left ? Object.values(left).reduce((sum, each) => sum + each, 0) : 0
  })
  if (count === undefined) return undefined
  const share = total > 0 ? count / total : 0
  const label =
    share > 0 && share < 1 ? `${format.number(count)} · ${format.percent(share)}` : format.number(count)
  return { label, width: thinnest + share * (widest - thinnest) * (count > 0 ? 1 : 0) }
}
