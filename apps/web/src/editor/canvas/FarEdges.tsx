import type { Journey } from "@viaggio/journey-model"
import { useStore, ViewportPortal } from "@xyflow/react"
import { useMemo, useRef } from "react"
import { useLiveState } from "../../live/live-context.ts"
import { edgeWidths } from "../../live/use-edge-live.ts"
import { useWalkState } from "../../simulation/walk-context.ts"
import { edgeId, graphOf } from "../graph/graph-index.ts"
import { useSessionState } from "../session/session-context.ts"
import classes from "./edge.module.css"
import { edgeRoute, movingRoute } from "./edge-route.ts"
import type { MovingPositions } from "./flow-elements.ts"

const plainWidth = 1.5
const thinnestPx = 0.75

/**
 * All connections of a large journey seen from far away: a handful of paths, one for each width, in place of
 * hundreds of elements with labels and buttons that nobody could see.
 */
export function FarEdges({ moving }: { moving: MovingPositions }) {
  const journey = useSessionState(state => state.history.journey)
  const shownPath = useSessionState(state => state.shownPath)
  const selected = useSessionState(state => state.selection.edge)
  const walked = useWalkState(state => state.marks.edges)
  const widths = useWidths(journey)
  // In powers of two, so that a zoom seldom draws anew: a line never gets thinner than can be seen.
  const scale = useStore(state => 2 ** Math.floor(Math.log2(state.transform[2])))
  const groups = useMemo(() => {
    const { nodes } = graphOf(journey)
    const steps = new Set(shownPath.slice(1).map((id, index) => `${shownPath[index]} ${id}`))
    const found = new Map<string, { width: number; kind: string; parts: string[] }>()
    for (const edge of journey.edges) {
      if (!nodes.has(edge.from) || !nodes.has(edge.to)) continue
      const id = edgeId(edge.from, edge.outcome)
      const isMarked = id === selected || walked.has(id) || steps.has(`${edge.from} ${edge.to}`)
      const kind = isMarked ? "marked" : (widths?.get(id) ?? 0) > plainWidth ? "flow" : "plain"
      const width = Math.max(isMarked ? 3 : (widths?.get(id) ?? plainWidth), thinnestPx / scale)
      const key = `${kind} ${width}`
      const group = found.get(key) ?? { width, kind, parts: [] }
      found.set(key, group)
      const isMoving = moving.has(edge.from) || moving.has(edge.to)
      group.parts.push((isMoving ? movingRoute(journey, edge, moving) : edgeRoute(journey, edge))[0])
    }
    return [...found].map(([key, { parts, ...group }]) => ({ ...group, key, path: parts.join(" ") }))
  }, [journey, widths, scale, selected, walked, shownPath, moving])
  return (
    <ViewportPortal>
      <svg className={classes.far} width={1} height={1} aria-hidden data-far-edges>
        {groups.map(({ key, kind, width, path }) => (
          <path key={key} d={path} data-kind={kind} strokeWidth={width} />
        ))}
      </svg>
    </ViewportPortal>
  )
}

/** The width of every edge while the overlay is on; the same map as long as no width has changed. */
function useWidths(journey: Journey): ReadonlyMap<string, number> | undefined {
  const stats = useLiveState(state => state.stats)
  const last = useRef<ReadonlyMap<string, number> | undefined>(undefined)
  return useMemo(() => {
    const next = stats && edgeWidths(journey, stats)
    const isSame =
      next?.size === last.current?.size &&
      [...(next ?? [])].every(([id, width]) => last.current?.get(id) === width)
    if (!isSame) last.current = next
    return last.current
  }, [journey, stats])
}
