import { BaseEdge, type EdgeProps } from "@xyflow/react"
import { memo } from "react"
import { useTranslation } from "react-i18next"
import { useNumbers } from "../../live/numbers.ts"
import { thinnest, useEdgeLive } from "../../live/use-edge-live.ts"
import { useWalkedEdge } from "../../simulation/walk-context.ts"
import { useSessionState } from "../session/session-context.ts"
import { useCanvasState, useCanvasStore } from "./canvas-store.ts"
import classes from "./edge.module.css"
import { levelOf } from "./edge-level.ts"
import { type Ends, forwardPath, lanePath } from "./edge-paths.ts"
import { runOf } from "./edge-route.ts"
import type { OutcomeEdge as OutcomeEdgeType } from "./flow-elements.ts"

const arrow = "url(#journey-arrow)"

/** One connection. A way back is dashed, goes round the side and carries a loop label. */
export const OutcomeEdge = memo(function OutcomeEdge(props: EdgeProps<OutcomeEdgeType>) {
  const { id, source, data, selected } = props
  const { t } = useTranslation("editor")
  const canvas = useCanvasStore()
  const numbers = useNumbers()
  const outcome = data?.outcome ?? "next"
  const back = data?.back ?? false
  const far = useCanvasState(state => state.detail !== "near")
  const dropping = useCanvasState(state => state.dropEdge === id)
  const live = useEdgeLive(source, outcome, far)
  const walked = useWalkedEdge(id)
  const lane = useSessionState(({ history: { journey } }) =>
    runOf(journey, { from: source, outcome, to: props.target }),
  )
  const level = useSessionState(({ history: { journey } }) => levelOf(journey, source, outcome))
  const shown = useSessionState(({ shownPath }) =>
    shownPath.some((node, index) => node === source && shownPath[index + 1] === props.target),
  )
  const [path, labelX, labelY] = lane === undefined ? forwardPath(props, level) : lanePath(props, lane, level)
  return (
    <g
      className={classes.edge}
      data-edge={id}
      data-selected={selected || undefined}
      data-drop={dropping || undefined}
      data-back={back || undefined}
      data-walked={walked || undefined}
      data-shown={shown || undefined}
      data-flow={(live && live.width > thinnest) || undefined}
      style={live ? { ["--edge-width" as string]: `${live.width}px` } : {}}
    >
      <BaseEdge id={id} path={path} interactionWidth={24} markerEnd={arrow} className={classes.path ?? ""} />
      {back && !far && (
        <text x={labelX + 16} y={labelY + 4} className={classes.loop}>
          {t("edge.loop")}
        </text>
      )}
      {live && !far && (
        // biome-ignore lint/a11y/noStaticElementInteractions: the inspector has the same numbers for the keyboard
        <text
          {...countPlace(props, { around: back, level: lane === undefined ? level : 0, labelX, labelY })}
          className={`${classes.count} nopan nodrag`}
          data-opens={live.isOwn || undefined}
          onClick={event => {
            if (!live.isOwn) return
            event.stopPropagation()
            numbers.open({ kind: "outcome", node: source, outcome })
          }}
        >
          {live.label}
        </text>
      )}
      {!far && (
        // biome-ignore lint/a11y/useSemanticElements: a button element cannot stand inside an SVG edge
        <g
          role="button"
          tabIndex={-1}
          aria-label={t("edge.insert")}
          className={`${classes.plus} nopan nodrag`}
          transform={`translate(${labelX} ${labelY})`}
          onClick={event => {
            event.stopPropagation()
            const box = event.currentTarget.getBoundingClientRect()
            canvas.setState({
              picker: {
                x: box.left + box.width / 2,
                y: box.bottom,
                target: { kind: "edge", from: source, outcome },
              },
            })
          }}
          onKeyDown={() => {}}
        >
          <circle r={10} />
          <path d="M -4 0 H 4 M 0 -4 V 4" />
        </g>
      )}
    </g>
  )
})

/** Where the count stands: beside the "+" and clear of its own edge, whichever way that runs. */
function countPlace(
  { sourceX, sourceY, targetX }: Ends,
  { around, level, labelX, labelY }: { around: boolean; level: number; labelX: number; labelY: number },
) {
  if (around) return { x: labelX + 15, y: labelY + 20 }
  if (Math.abs(targetX - sourceX) < 40) return { x: labelX + 15, y: labelY + 4 }
  // To the left the place below the way out is free; to the right it is where the "+" stands.
  // Below a way that it passes: above stands that one's count.
  if (level > 0 && targetX > sourceX) return { x: labelX + 14, y: labelY + 13 }
  return targetX < sourceX ? { x: sourceX + 9, y: sourceY + 16 } : { x: labelX + 14, y: labelY - 7 }
}
