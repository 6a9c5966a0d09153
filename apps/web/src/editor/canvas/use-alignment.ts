import { useReactFlow } from "@xyflow/react"
import { useCallback, useRef } from "react"
import { cardBox } from "../graph/card-boxes.ts"
import { useSession } from "../session/session-context.ts"
import { align } from "./alignment.ts"
import { useCanvasStore } from "./canvas-store.ts"
import type { Rect } from "./fit-around.ts"
import type { MovingPositions } from "./flow-elements.ts"

// On the screen; farther away a hand moves a card by more canvas units.
const withinPx = 6
const reach = 1_600

/**
 * Brings dragged cards into line with those that stand around them, and shows the lines. `end` takes them away.
 */
export function useAlignment(): { aligned: (moving: MovingPositions) => MovingPositions; end: () => void } {
  const session = useSession()
  const canvas = useCanvasStore()
  const flow = useReactFlow()
  const around = useRef<{ moving: string; boxes: Rect[] } | undefined>(undefined)
  const aligned = useCallback(
    (moving: MovingPositions) => {
      const journey = session.journey()
      const boxes = [...moving].map(([id, at]) => ({ ...cardBox(journey, id), ...at }))
      const whole = union(boxes)
      if (!whole) return moving
      const ids = [...moving.keys()].join(" ")
      if (around.current?.moving !== ids)
        around.current = {
          moving: ids,
          boxes: journey.nodes.filter(({ id }) => !moving.has(id)).map(({ id }) => cardBox(journey, id)),
        }
      const near = around.current.boxes.filter(
        box => Math.abs(box.x - whole.x) < reach && Math.abs(box.y - whole.y) < reach,
      )
      const { dx, dy, lines } = align(whole, near, withinPx / flow.getZoom())
      canvas.setState({ alignment: lines })
      return new Map([...moving].map(([id, { x, y }]) => [id, { x: x + dx, y: y + dy }]))
    },
    [session, canvas, flow],
  )
  const end = useCallback(() => {
    around.current = undefined
    canvas.setState({ alignment: [] })
  }, [canvas])
  return { aligned, end }
}

function union(boxes: readonly Rect[]): Rect | undefined {
  if (boxes.length === 0) return undefined
  const x = Math.min(...boxes.map(box => box.x))
  const y = Math.min(...boxes.map(box => box.y))
  return {
    x,
    y,
    width: Math.max(...boxes.map(box => box.x + box.width)) - x,
    height: Math.max(...boxes.map(box => box.y + box.height)) - y,
  }
}
