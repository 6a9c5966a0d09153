import { BaseEdge, type EdgeProps, getSmoothStepPath, useStore } from "@xyflow/react"
import { memo } from "react"
import { useTranslation } from "react-i18next"
import { thinnest, useEdgeLive } from "../../live/use-edge-live.ts"
import { useWalkedEdge } from "../../simulation/walk-context.ts"
import { useCanvasState, useCanvasStore } from "./canvas-store.ts"
import classes from "./edge.module.css"
import type { OutcomeEdge as OutcomeEdgeType } from "./flow-elements.ts"

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
  const [path, labelX, labelY] = back ? loopPath(props) : forwardPath(props)
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
        <text x={labelX + 10} y={labelY + 4} className={classes.loop}>
          {t("edge.loop")}
        </text>
      )}
      {live && !far && (
        <text x={labelX + 15} y={labelY + 4} className={classes.count}>
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

function forwardPath(ends: Ends): [path: string, labelX: number, labelY: number] {
  const [path, labelX, labelY] = getSmoothStepPath({ ...ends, borderRadius: 12 })
  return [path, labelX, labelY]
}

const loopReach = 150

function loopPath({ sourceX, sourceY, targetX, targetY }: Ends): [string, number, number] {
  const side = Math.max(sourceX, targetX) + loopReach
  const r = 12
  const down = sourceY + 18
  const up = targetY - 18
  const path = [
    `M ${sourceX} ${sourceY} V ${down - r} Q ${sourceX} ${down} ${sourceX + r} ${down}`,
    `H ${side - r} Q ${side} ${down} ${side} ${down - r}`,
    `V ${up + r} Q ${side} ${up} ${side - r} ${up}`,
    `H ${targetX + r} Q ${targetX} ${up} ${targetX} ${up + r} V ${targetY}`,
  ].join(" ")
  return [path, side, (down + up) / 2]
}
