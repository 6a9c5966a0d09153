import { useSession } from "../session/session-context.ts"
import classes from "./canvas.module.css"
import { JourneyMap } from "./JourneyMap.tsx"
import { Palette } from "./Palette.tsx"
import { ZoomControls } from "./ZoomControls.tsx"

const canvasElement = (): HTMLElement | null => document.querySelector("[data-journey-canvas]")

/** The column beside the canvas: the steps to drag from, the map, and the view. */
export function CanvasSide() {
  const { readOnly } = useSession()
  return (
    <div className={classes.side}>
      <div className={classes.sideGrow}>{!readOnly && <Palette canvasElement={canvasElement} />}</div>
      <JourneyMap />
      <ZoomControls />
    </div>
  )
}
