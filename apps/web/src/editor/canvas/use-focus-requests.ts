import { useReactFlow } from "@xyflow/react"
import { useEffect } from "react"
import { cardBox } from "../graph/card-boxes.ts"
import { useSession, useSessionState } from "../session/session-context.ts"

const closestZoom = 0.7

/** Brings the node that a focus request names into the middle of the view. */
export function useFocusRequests(): void {
  const flow = useReactFlow()
  const session = useSession()
  const focus = useSessionState(state => state.focus)
  useEffect(() => {
    if (!focus.pan || focus.node === undefined) return
    const box = cardBox(session.journey(), focus.node)
    void flow.setCenter(box.x + box.width / 2, box.y + box.height / 2, {
      zoom: Math.max(flow.getZoom(), closestZoom),
      duration: 200,
    })
  }, [focus, flow, session])
}
