import type { CanvasStore } from "../canvas/canvas-store.ts"
import { cardElementId } from "../graph/card-element.ts"
import { graphOf } from "../graph/graph-index.ts"
import { deleteSelected } from "../session/commands.ts"
import type { Session } from "../session/session.ts"
import { hasCommand } from "./in-field.ts"

/** Keys that change the journey; where it may only be read they are the browser's own again. */
const editKeys = new Set(["Delete", "Backspace", "Tab", "F2", "e", "E"])

/** The keys that edit where the keyboard stands, on the canvas and in the outline alike. */
export function editKey(
  session: Session,
  canvas: CanvasStore,
  event: Pick<KeyboardEvent, "key" | "altKey" | "shiftKey" | "ctrlKey" | "metaKey">,
): boolean {
  if (hasCommand(event) || (session.readOnly && editKeys.has(event.key))) return false
  const { active, selection } = session.store.getState()
  switch (event.key) {
    case "Delete":
    case "Backspace":
      deleteSelected(session, { heal: !event.altKey })
      return true
    case "Escape":
      if (selection.nodes.length === 0 && selection.edge === undefined) session.show("inspector", false)
      session.select({ nodes: [] })
      return true
  }
  if (active === undefined) return false
  switch (event.key) {
    case "Tab":
      // Shift+Tab, and Tab after Esc, leave the canvas: it must not hold anybody.
      return !event.shiftKey && openPickerAfter(session, canvas, active)
    case "Enter":
      session.focusOn({ node: active, at: "first", pan: false })
      return true
    case "F2":
      session.focusOn({ node: active, at: "name", pan: false })
      return true
    case "e":
    case "E":
      canvas.setState({ connectFrom: active })
      return true
    default:
      return false
  }
}

/** Opens the picker for a step after a node: at its first open way out, else into its main way. */
export function openPickerAfter(session: Session, canvas: CanvasStore, node: string): boolean {
  const graph = graphOf(session.journey())
  const outcomes = graph.outcomes.get(node) ?? []
  const connected = graph.out.get(node)
  const outcome = outcomes.find(each => !connected?.has(each)) ?? outcomes[0]
  // Where only ways out that fall through are open, a new step belongs into the main way.
  const main = outcomes[0]
  const chosen = graph.nodes.get(node)?.type === "email" ? main : outcome
  if (chosen === undefined) return true
  const box = document.getElementById(cardElementId(node))?.getBoundingClientRect()
  canvas.setState({
    picker: {
      x: box ? box.left + box.width / 2 : window.innerWidth / 2,
      y: box ? box.bottom : window.innerHeight / 3,
      target: { kind: connected?.has(chosen) ? "edge" : "after", from: node, outcome: chosen },
    },
  })
  return true
}
