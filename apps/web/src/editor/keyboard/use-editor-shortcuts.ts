import { useEffect } from "react"
import { tidyUp } from "../session/commands.ts"
import type { Panel, Session } from "../session/session.ts"
import { hasCommand, isInField } from "./in-field.ts"

const panelKeys: { [key: string]: Panel } = { o: "live", t: "walk", "?": "shortcuts" }

/** The shortcuts that hold wherever the focus is, except in a field. */
export function useEditorShortcuts(session: Session): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isInField(event.target)) return
      if (runShortcut(session, event)) event.preventDefault()
    }
    window.addEventListener("keydown", onKey)
    return () => window.removeEventListener("keydown", onKey)
  }, [session])
}

function runShortcut(session: Session, event: KeyboardEvent): boolean {
  const key = event.key.toLowerCase()
  if (hasCommand(event)) {
    if (key === "z") event.shiftKey ? session.redo() : session.undo()
    else if (key === "y") session.redo()
    else if (key === "m" && event.shiftKey) session.show("problems")
    else if (key === "enter" && !session.readOnly) session.show("publish", true)
    else return false
    return true
  }
  if (event.altKey) return false
  if (key === "l" && event.shiftKey && !session.readOnly) {
    tidyUp(session)
    return true
  }
  const panel = panelKeys[key]
  if (!panel || (event.shiftKey && key !== "?")) return false
  session.show(panel)
  return true
}
