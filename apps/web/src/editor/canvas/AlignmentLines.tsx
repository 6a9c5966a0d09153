import { ViewportPortal } from "@xyflow/react"
import classes from "./canvas.module.css"
import { useCanvasState } from "./canvas-store.ts"

/** The lines along which a dragged card stands with others. */
export function AlignmentLines() {
  const lines = useCanvasState(state => state.alignment)
  if (lines.length === 0) return null
  return (
    <ViewportPortal>
      {lines.map(({ axis, at, from, to }) => (
        <div
          key={`${axis} ${at}`}
          className={classes.alignment}
          data-alignment={axis}
          style={
            axis === "x"
              ? { left: at, top: from - 12, height: to - from + 24, borderLeftWidth: 1 }
              : { top: at, left: from - 12, width: to - from + 24, borderTopWidth: 1 }
          }
        />
      ))}
    </ViewportPortal>
  )
}
