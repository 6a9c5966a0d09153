import { type EdgeProps, getSmoothStepPath } from "@xyflow/react"

export type Ends = Pick<
  EdgeProps,
  "sourceX" | "sourceY" | "targetX" | "targetY" | "sourcePosition" | "targetPosition"
>

/** An SVG path, and where its "+" stands. */
export type EdgePath = [path: string, labelX: number, labelY: number]

const bend = 12
const stub = 21
// Room for the round corner between a card and the run across.
const corner = 6

/** Down, across, and down again, between two rows; `level` is how far below their middle it runs across. */
export function forwardPath(ends: Ends, level = 0): EdgePath {
  const half = (ends.targetY - ends.sourceY) / 2
  const down = Math.sign(level) * Math.min(Math.abs(level), Math.max(0, half - corner))
  // Its straight ends of 20 make a jog in the run across where two cards are closer than both together.
  const offset = Math.max(4, Math.min(20, half - Math.abs(down)))
  const [path, labelX, labelY] = getSmoothStepPath({
    ...ends,
    borderRadius: bend,
    offset,
    ...(down === 0 ? {} : { centerY: ends.sourceY + half + down }),
  })
  return [path, labelX, labelY]
}

/** Down out of the source, across to `lane`, down or up along it, across to the target, and down into it. */
export function lanePath({ sourceX, sourceY, targetX, targetY }: Ends, lane: number, level = 0): EdgePath {
  const first = sourceY + Math.max(corner, stub + level)
  const last = targetY - stub
  const along = Math.sign(last - first)
  const path = [
    `M ${sourceX} ${sourceY}`,
    ...across(sourceX, lane, first, { into: 1, out: along }),
    ...across(lane, targetX, last, { into: along, out: 1 }),
    `V ${targetY}`,
  ].join(" ")
  return [path, lane, (first + last) / 2]
}

/** A run at `y` between two vertical ones, with round corners; `into` and `out`: 1 down, -1 up. */
function across(fromX: number, toX: number, y: number, turn: { into: number; out: number }): string[] {
  const r = Math.min(bend, Math.abs(toX - fromX) / 2)
  if (r < 1) return [`V ${y} H ${toX}`]
  const side = Math.sign(toX - fromX)
  return [
    `V ${y - turn.into * r} Q ${fromX} ${y} ${fromX + side * r} ${y}`,
    `H ${toX - side * r} Q ${toX} ${y} ${toX} ${y + turn.out * r}`,
  ]
}
