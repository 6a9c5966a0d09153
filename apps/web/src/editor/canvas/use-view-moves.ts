import { useReducedMotion } from "@mantine/hooks"
import { useReactFlow, useStoreApi } from "@xyflow/react"
import { useMemo } from "react"
import { wholeView } from "./whole-view.ts"

export type ViewMoves = ReturnType<typeof useViewMoves>

/** Movements of the canvas' view: they glide, but not for those who asked their system for less motion. */
export function useViewMoves() {
  const flow = useReactFlow()
  const store = useStoreApi()
  const still = useReducedMotion()
  return useMemo(() => {
    const glide = (durationMs: number) => (still ? {} : { duration: durationMs })
    return {
      fit: async () => {
        const canvas = store.getState().domNode?.parentElement
        const cards = flow
          .getNodes()
          .map(({ position, width = 0, height = 0 }) => ({ ...position, width, height }))
        if (canvas) await flow.setViewport(wholeView(canvas, cards), glide(200))
      },
      fitSelection: () =>
        flow.fitView({
          nodes: flow.getNodes().filter(node => node.selected),
          maxZoom: 1.2,
          padding: 0.4,
          ...glide(200),
        }),
      fitNodes: (ids: readonly string[]) =>
        flow.fitView({ nodes: ids.map(id => ({ id })), maxZoom: 1, padding: 0.2, ...glide(200) }),
      fullSize: () => flow.zoomTo(1, glide(200)),
      zoomIn: () => flow.zoomIn(glide(150)),
      zoomOut: () => flow.zoomOut(glide(150)),
      /** Brings a point of the canvas into the middle. */
      centre: (x: number, y: number, zoom: number) => flow.setCenter(x, y, { zoom, ...glide(180) }),
    }
  }, [flow, store, still])
}
