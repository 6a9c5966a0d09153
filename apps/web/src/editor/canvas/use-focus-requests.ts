import { useReactFlow } from "@xyflow/react"
import { type RefObject, useCallback, useEffect } from "react"
import { cardBox } from "../graph/card-boxes.ts"
import { useSession, useSessionState } from "../session/session-context.ts"
import { useViewMoves } from "./use-view-moves.ts"

const closestZoom = 0.7

/** Brings a node into view; a card that is seen already stays where it is, so that nothing jumps. */
export function useReveal(box: RefObject<HTMLElement | null>): (node: string) => void {
  const flow = useReactFlow()
  const moves = useViewMoves()
  const session = useSession()
  return useCallback(
    node => {
      if (!box.current) return
      const card = cardBox(session.journey(), node)
      const view = box.current.getBoundingClientRect()
      const from = flow.flowToScreenPosition({ x: card.x, y: card.y })
      const to = flow.flowToScreenPosition({ x: card.x + card.width, y: card.y + card.height })
      const zoom = flow.getZoom()
      const isSeen = from.x >= view.left && from.y >= view.top && to.x <= view.right && to.y <= view.bottom
      if (isSeen && zoom >= closestZoom / 2) return
      const middle = { x: card.x + card.width / 2, y: card.y + card.height / 2 }
      void moves.centre(middle.x, middle.y, Math.max(zoom, closestZoom))
    },
    [box, flow, moves, session],
  )
}

/** Brings the node that a focus request names into view. */
export function useFocusRequests(box: RefObject<HTMLElement | null>): void {
  const reveal = useReveal(box)
  const focus = useSessionState(state => state.focus)
  useEffect(() => {
    if (focus.pan && focus.node !== undefined) reveal(focus.node)
  }, [focus, reveal])
}
