import { useReducedMotion } from "@mantine/hooks"
import { type FitViewOptions, useReactFlow } from "@xyflow/react"
import { useMemo } from "react"

/** Fits the whole journey beside palette, live numbers and map, so that none of them covers a card. */
export const wholeJourney: FitViewOptions = {
  maxZoom: 1,
  padding: { top: "76px", left: "176px", right: "226px", bottom: "36px" },
}

export type ViewMoves = ReturnType<typeof useViewMoves>

/** Movements of the canvas' view: they glide, but not for those who asked their system for less motion. */
export function useViewMoves() {
  const flow = useReactFlow()
  const still = useReducedMotion()
  return useMemo(() => {
    const glide = (durationMs: number) => (still ? {} : { duration: durationMs })
    return {
      fit: () => flow.fitView({ ...wholeJourney, ...glide(200) }),
      fitSelection: () =>
        flow.fitView({
          nodes: flow.getNodes().filter(node => node.selected),
          maxZoom: 1.2,
          padding: 0.4,
          ...glide(200),
        }),
      fullSize: () => flow.zoomTo(1, glide(200)),
      zoomIn: () => flow.zoomIn(glide(150)),
      zoomOut: () => flow.zoomOut(glide(150)),
      /** Brings a point of the canvas into the middle. */
      centre: (x: number, y: number, zoom: number) => flow.setCenter(x, y, { zoom, ...glide(180) }),
    }
  }, [flow, still])
}
