import { BaseEdge, type EdgeProps, getSmoothStepPath, useStore } from "@xyflow/react"
import { memo } from "react"
import { useTranslation } from "react-i18next"
import { thinnest, useEdgeLive } from "../../live/use-edge-live.ts"
import { useWalkedEdge } from "../../simulation/walk-context.ts"
import { useSessionState } from "../session/session-context.ts"
import { useCanvasState, useCanvasStore } from "./canvas-store.ts"
import classes from "./edge.module.css"
import type { OutcomeEdge as OutcomeEdgeType } from "./flow-elements.ts"
import { loopSide } from "./loop-side.ts"

const arrow = "url(#journey-arrow)"

/** One connection. A way back is dashed, goes round the side and carries a loop label. */
export const OutcomeEdge = memo(function OutcomeEdge(props: EdgeProps<OutcomeEdgeType>) {
  const { id, source, data, selected } = props
  const { t } = useTranslation("editor")
  const canvas = useCanvasStore()
  const outcome = data?.outcome ?? "next"
  const back = data?.back ?? false
  const far = useStore(state => state.transform[2] < 0.45)
  const dropping = useCanvasState(state => state.dropEdge === id)
  const live = useEdgeLive(source, outcome)
  const walked = useWalkedEdge(id)
  const side = useSessionState(state => (back ? loopSide(state.history.journey, source, props.target) : 0))
  const [path, labelX, labelY] = back ? loopPath(props, side) : forwardPath(props)
  return (
    <g
      className={classes.edge}
      data-edge={id}
      data-selected={selected || undefined}
      data-drop={dropping || undefined}
      data-back={back || undefined}
      data-walked={walked || undefined}
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
        <text {...countPlace(props, { back, labelX, labelY })} className={classes.count}>
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

type Ends = Pick<
  EdgeProps,
  "sourceX" | "sourceY" | "targetX" | "targetY" | "sourcePosition" | "targetPosition"
>

/** Where the count stands: beside the "+", or, where the edge runs across there, on the free side of its end. */
function countPlace(
  { sourceX, targetX, targetY }: Ends,
  { back, labelX, labelY }: { back: boolean; labelX: number; labelY: number },
) {
  const across = targetX - sourceX
  if (back || Math.abs(across) < 40) return { x: labelX + 15, y: labelY + (back ? 20 : 4) }
  return across > 0
    ? { x: targetX + 12, y: targetY - 8 }
    : { x: targetX - 12, y: targetY - 8, textAnchor: "end" as const }
}

function forwardPath(ends: Ends): [path: string, labelX: number, labelY: number] {
  // Its straight ends of 20 make a jog in the run across where two cards are closer than both together.
  const offset = Math.max(4, Math.min(20, (ends.targetY - ends.sourceY) / 2))
  const [path, labelX, labelY] = getSmoothStepPath({ ...ends, borderRadius: 12, offset })
  return [path, labelX, labelY]
}

const bend = 12
const stub = 18

/** Down out of the source, round the cards at `side`, and down into the target. */
function loopPath({ sourceX, sourceY, targetX, targetY }: Ends, side: number): [string, number, number] {
  const down = sourceY + stub
  const up = targetY - stub
  const out = side > sourceX ? bend : -bend
  const back = side > targetX ? bend : -bend
  const path = [
    `M ${sourceX} ${sourceY} V ${down - bend} Q ${sourceX} ${down} ${sourceX + out} ${down}`,
    `H ${side - out} Q ${side} ${down} ${side} ${down - bend}`,
    `V ${up + bend} Q ${side} ${up} ${side - back} ${up}`,
    `H ${targetX + back} Q ${targetX} ${up} ${targetX} ${up + bend} V ${targetY}`,
  ].join(" ")
  return [path, side, (down + up) / 2]
}
