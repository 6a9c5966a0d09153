import { useReactFlow } from "@xyflow/react"
import { useEffect } from "react"
import { useRefusal } from "../canvas/use-refusal.ts"
import { copySelected, cutSelected, isFragment, paste } from "../session/clipboard.ts"
import type { Session } from "../session/session.ts"
import { isInField } from "./in-field.ts"

/** Copy, cut and paste of steps through the system's clipboard, wherever no field and no marked text has a claim. */
export function useClipboard(session: Session): void {
  const refuse = useRefusal()
  const middleOfView = useMiddleOfView()
  useEffect(() => {
    const listening = new AbortController()
    const on = (type: "copy" | "cut" | "paste", act: (data: DataTransfer) => boolean) =>
      document.addEventListener(
        type,
        event => {
          if (isInField(document.activeElement) || isInField(event.target as Element | null)) return
          if (type !== "paste" && window.getSelection()?.isCollapsed === false) return
          if (event.clipboardData && act(event.clipboardData)) event.preventDefault()
        },
        { signal: listening.signal },
      )
    on("copy", data => {
      const text = copySelected(session)
      if (text !== undefined) data.setData("text/plain", text)
      return text !== undefined
    })
    on("cut", data => {
      const { text, refusal } = cutSelected(session)
      if (text !== undefined) data.setData("text/plain", text)
      if (refusal) refuse(refusal)
      return text !== undefined
    })
    on("paste", data => {
      const text = data.getData("text/plain")
      if (!isFragment(text)) return false
      const refusal = paste(session, text, middleOfView())
      if (refusal) refuse(refusal)
      return true
    })
    return () => listening.abort()
  }, [session, refuse, middleOfView])
}

/** The place in the middle of what is seen of the canvas; undefined in the outline, which has no places. */
export function useMiddleOfView(): () => [x: number, y: number] | undefined {
  const flow = useReactFlow()
  return () => {
    const box = document.querySelector("[data-journey-canvas]")?.getBoundingClientRect()
    if (!box) return undefined
    const { x, y } = flow.screenToFlowPosition({ x: box.left + box.width / 2, y: box.top + box.height / 2 })
    return [Math.round(x), Math.round(y)]
  }
}
