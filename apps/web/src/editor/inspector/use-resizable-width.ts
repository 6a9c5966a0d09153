import { useLocalStorage } from "@mantine/hooks"
import type { PointerEvent } from "react"

const narrowest = 320
const widest = 720

/** The width of the right panel in pixels, dragged at its left edge and kept in this browser. */
export function useResizableWidth() {
  const [width, setWidth] = useLocalStorage({ key: "viaggio.inspector-width", defaultValue: 380 })
  const handlers = {
    onPointerDown(event: PointerEvent<HTMLElement>) {
      event.currentTarget.setPointerCapture(event.pointerId)
    },
    onPointerMove(event: PointerEvent<HTMLElement>) {
      if (!event.currentTarget.hasPointerCapture(event.pointerId)) return
      const right = event.currentTarget.parentElement?.getBoundingClientRect().right ?? window.innerWidth
      setWidth(Math.round(Math.min(widest, Math.max(narrowest, right - event.clientX))))
    },
  }
  return { width, handlers }
}
