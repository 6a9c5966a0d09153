import { type RefObject, useEffect } from "react"
import { useCanvasStore } from "../canvas/canvas-store.ts"
import { useReveal } from "../canvas/use-focus-requests.ts"
import { useViewMoves, type ViewMoves } from "../canvas/use-view-moves.ts"
import { graphOf } from "../graph/graph-index.ts"
import { type Direction, neighbour } from "../graph/graph-walk.ts"
import { nudgeNodes } from "../session/commands.ts"
import type { Session } from "../session/session.ts"
import { useSession } from "../session/session-context.ts"
import { editKey } from "./edit-keys.ts"
import { hasCommand, isInField } from "./in-field.ts"

const directions: { [key: string]: Direction } = {
  ArrowDown: "next",
  ArrowUp: "previous",
  ArrowLeft: "left",
  ArrowRight: "right",
}

const nudges: { [key: string]: [x: number, y: number] } = {
  ArrowDown: [0, 20],
  ArrowUp: [0, -20],
  ArrowLeft: [-20, 0],
  ArrowRight: [20, 0],
}

// On a button that stands on the canvas (palette, zoom) these belong to the button.
const buttonKeys = new Set(["Tab", "Enter", " ", ...Object.keys(directions), "Home", "End"])

/** The keys of the canvas, while it has the focus: whatever a drag does, these do. */
export function CanvasKeys({ box }: { box: RefObject<HTMLDivElement | null> }) {
  const session = useSession()
  const canvas = useCanvasStore()
  const view = useViewMoves()
  const reveal = useReveal(box)
  useEffect(() => {
    const element = box.current
    if (!element) return
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isInField(event.target)) return
      if (buttonKeys.has(event.key) && event.target !== element) return
      const handled =
        walkKey(session, event, reveal) || editKey(session, canvas, event) || zoomKey(view, event)
      if (handled) {
        event.preventDefault()
        event.stopPropagation()
      }
    }
    element.addEventListener("keydown", onKey)
    return () => element.removeEventListener("keydown", onKey)
  }, [box, session, canvas, view, reveal])
  return null
}

function walkKey(session: Session, event: KeyboardEvent, reveal: (node: string) => void): boolean {
  const journey = session.journey()
  const { active, selection } = session.store.getState()
  const go = (node: string | undefined) => {
    if (node === undefined) return true
    session.select({ nodes: [node] }, { inspect: false })
    reveal(node)
    return true
  }
  if (hasCommand(event)) return false
  if (event.key === "Home") return go(graphOf(journey).order[0])
  if (event.key === "End") return go(graphOf(journey).order.at(-1))
  const nudge = nudges[event.key]
  if (nudge && event.shiftKey) {
    if (selection.nodes.length > 0) nudgeNodes(session, selection.nodes, nudge)
    return true
  }
  const direction = directions[event.key]
  if (!direction) return false
  return go(active === undefined ? graphOf(journey).order[0] : neighbour(journey, active, direction))
}

function zoomKey(view: ViewMoves, event: KeyboardEvent): boolean {
  if (hasCommand(event) || event.altKey) return false
  switch (event.key) {
    case "0":
      void view.fit()
      return true
    case "1":
      void view.fullSize()
      return true
    case "2":
      void view.fitSelection()
      return true
    case "+":
    case "=":
      void view.zoomIn()
      return true
    case "-":
      void view.zoomOut()
      return true
    default:
      return false
  }
}
