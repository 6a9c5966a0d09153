import { useReducedMotion } from "@mantine/hooks"
import { useReactFlow, useStoreApi } from "@xyflow/react"
import { useMemo } from "react"
import { fitAround } from "./fit-around.ts"

/** What lies over the canvas. */
const overCanvas = "[data-live-bar], [data-find-bar]"

export type ViewMoves = ReturnType<typeof useViewMoves>

/** Movements of the canvas' view: they glide, but not for those who asked their system for less motion. */
export function useViewMoves() {
  const flow = useReactFlow()
  const store = useStoreApi()
  const still = useReducedMotion()
  return useMemo(() => {
    const glide = (durationMs: number) => (still ? {} : { duration: durationMs })
    /** The view in which palette, live numbers and map cover no card. */
    const wholeView = () => {
      const { domNode, minZoom } = store.getState()
      const canvas = domNode?.parentElement
      if (!domNode || !canvas) return undefined
      const area = domNode.getBoundingClientRect()
      const covers = [...(canvas.parentElement ?? canvas).querySelectorAll(overCanvas)].map(element => {
        const { x, y, width, height } = element.getBoundingClientRect()
        return { x: x - area.x, y: y - area.y, width, height }
      })
      const cards = flow
        .getNodes()
        .map(({ position, width = 0, height = 0 }) => ({ ...position, width, height }))
      return fitAround(cards, area, covers, { min: minZoom, max: 1 })
    }
    const showWhole = async (motion: { duration?: number }) => {
      const view = wholeView()
      await (view ? flow.setViewport(view, motion) : flow.fitView({ maxZoom: 1, ...motion }))
    }
    return {
      fit: () => showWhole(glide(200)),
      /** The same at once, for a canvas that has just opened. */
      openOnWhole: () => showWhole({}),
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
