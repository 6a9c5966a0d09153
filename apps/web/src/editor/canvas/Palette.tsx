import type { NodeType } from "@viaggio/journey-model"
import { useReactFlow } from "@xyflow/react"
import { useRef, useState } from "react"
import { createPortal } from "react-dom"
import { useTranslation } from "react-i18next"
import { familyOf, iconOf, insertableTypes } from "../../node-types/registry.ts"
import { useNodeWords } from "../../node-types/words.ts"
import { cardWidth } from "../graph/card-geometry.ts"
import { graphOf } from "../graph/graph-index.ts"
import { toolbarTab, walkToolbar } from "../keyboard/toolbar-keys.ts"
import { insertNode } from "../session/commands.ts"
import { useSession } from "../session/session-context.ts"
import { useCanvasStore } from "./canvas-store.ts"
import { edgeUnder } from "./edge-under.ts"
import classes from "./palette.module.css"
import { useRefusal } from "./use-refusal.ts"

type Drag = { type: NodeType; x: number; y: number; startX: number; startY: number; moved: boolean }

// Less than this is a click with an unsteady hand.
const dragThreshold = 5

/** The node types to drag onto the canvas; a click puts one into the middle of what is seen. */
export function Palette({ canvasElement }: { canvasElement: () => HTMLElement | null }) {
  const { t } = useTranslation("editor")
  const words = useNodeWords()
  const session = useSession()
  const canvas = useCanvasStore()
  const flow = useReactFlow()
  const refuse = useRefusal()
  const [drag, setDrag] = useState<Drag | undefined>()
  const dragging = useRef<Drag | undefined>(undefined)
  const update = (next: Drag | undefined) => {
    dragging.current = next
    setDrag(next)
  }
  const insertAt = (type: NodeType, x: number, y: number, edge: string | undefined) => {
    const { zoom } = flow.getViewport()
    const point = flow.screenToFlowPosition({ x: x - (cardWidth / 2) * zoom, y: y - 20 * zoom })
    const way = edge === undefined ? undefined : splitEdgeId(edge)
    const connected = way && graphOf(session.journey()).out.get(way.from)?.has(way.outcome)
    const target = way
      ? { kind: connected ? ("edge" as const) : ("after" as const), ...way }
      : { kind: "free" as const, position: [Math.round(point.x), Math.round(point.y)] as [number, number] }
    const refusal = insertNode(session, target, type)
    if (refusal) refuse(refusal)
  }
  const finish = () => {
    update(undefined)
    canvas.setState({ dropEdge: undefined })
  }
  return (
    <div
      className={classes.palette}
      role="toolbar"
      aria-label={t("palette.title")}
      aria-orientation="vertical"
      onKeyDown={walkToolbar}
    >
      {insertableTypes.map((type, index) => {
        const Icon = iconOf(type)
        return (
          <button
            key={type}
            type="button"
            tabIndex={toolbarTab(index)}
            className={classes.entry}
            data-palette={type}
            title={`${words.typeName(type)}: ${words.typeAbout(type)}`}
            style={{
              ["--family" as string]: `var(--family-${familyOf(type)})`,
              ["--family-soft" as string]: `var(--family-${familyOf(type)}-soft)`,
            }}
            onPointerDown={event => {
              if (event.button !== 0) return
              event.currentTarget.setPointerCapture(event.pointerId)
              const { clientX: x, clientY: y } = event
              update({ type, x, y, startX: x, startY: y, moved: false })
            }}
            onPointerMove={event => {
              const now = dragging.current
              if (!now) return
              const { clientX: x, clientY: y } = event
              const moved = now.moved || Math.hypot(x - now.startX, y - now.startY) > dragThreshold
              update({ ...now, x, y, moved })
              if (moved) canvas.setState({ dropEdge: edgeUnder(x, y) })
            }}
            onPointerUp={event => {
              const now = dragging.current
              const edge = canvas.getState().dropEdge
              finish()
              const box = canvasElement()?.getBoundingClientRect()
              if (!now || !box) return
              const { clientX: x, clientY: y } = event
              if (!now.moved) insertAt(type, box.left + box.width / 2, box.top + box.height / 2, undefined)
              else if (x > box.left && x < box.right && y > box.top && y < box.bottom)
                insertAt(type, x, y, edge)
            }}
            onPointerCancel={finish}
            // A click by the keyboard has no pointer in it (detail 0); those of the mouse are handled above.
            onClick={event => {
              const box = canvasElement()?.getBoundingClientRect()
              if (event.detail === 0 && box)
                insertAt(type, box.left + box.width / 2, box.top + box.height / 2, undefined)
            }}
          >
            <span className={classes.icon} aria-hidden>
              <Icon size={18} stroke={1.8} />
            </span>
            <span className={classes.name}>{words.typeName(type)}</span>
          </button>
        )
      })}
      {drag?.moved && createPortal(<Ghost drag={drag} />, document.body)}
    </div>
  )
}

function Ghost({ drag }: { drag: Drag }) {
  const words = useNodeWords()
  const Icon = iconOf(drag.type)
  return (
    <div
      className={classes.ghost}
      data-ghost
      style={{
        left: drag.x,
        top: drag.y,
        ["--family" as string]: `var(--family-${familyOf(drag.type)})`,
        ["--family-soft" as string]: `var(--family-${familyOf(drag.type)}-soft)`,
      }}
    >
      <span className={classes.icon}>
        <Icon size={18} stroke={1.8} />
      </span>
      {words.typeName(drag.type)}
    </div>
  )
}

function splitEdgeId(edge: string): { from: string; outcome: string } {
  const dot = edge.indexOf(".")
  return { from: edge.slice(0, dot), outcome: edge.slice(dot + 1) }
}
