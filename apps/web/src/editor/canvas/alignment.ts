import type { Rect } from "./fit-around.ts"

/** A line along which cards stand in one row or column, in canvas units. */
export type AlignmentLine = { axis: "x" | "y"; at: number; from: number; to: number }

/** By how much a dragged box should give way to stand in line, and the lines to show for it. */
export type Alignment = { dx: number; dy: number; lines: AlignmentLine[] }

type Axis = { axis: "x" | "y"; start: "x" | "y"; size: "width" | "height" }

const across: Axis = { axis: "x", start: "x", size: "width" }
const down: Axis = { axis: "y", start: "y", size: "height" }

const marksOf = (box: Rect, { start, size }: Axis): number[] => [
  box[start],
  box[start] + box[size] / 2,
  box[start] + box[size],
]

/** The smallest move that brings one of the box's edges or its middle into line with the same of another card. */
function nearest(box: Rect, others: readonly Rect[], axis: Axis, within: number): number | undefined {
  let best: number | undefined
  const own = marksOf(box, axis)
  for (const other of others)
    marksOf(other, axis).forEach((mark, index) => {
      const by = mark - (own[index] ?? 0)
      if (Math.abs(by) <= within && Math.abs(by) < Math.abs(best ?? Number.POSITIVE_INFINITY)) best = by
    })
  return best
}

function linesOf(box: Rect, others: readonly Rect[], along: Axis, cross: Axis): AlignmentLine[] {
  const own = marksOf(box, along)
  const lines = new Map<number, AlignmentLine>()
  for (const other of others)
    marksOf(other, along).forEach((mark, index) => {
      if (Math.abs(mark - (own[index] ?? 0)) > 0.5) return
      const line = lines.get(mark) ?? {
        axis: along.axis,
        at: mark,
        from: box[cross.start],
        to: box[cross.start],
      }
      for (const each of [box, other]) {
        line.from = Math.min(line.from, each[cross.start])
        line.to = Math.max(line.to, each[cross.start] + each[cross.size])
      }
      lines.set(mark, line)
    })
  // Cards of one size meet at both sides and in the middle; the middle says it all.
  const found = [...lines.values()]
  const middle = found.find(({ at }) => at === own[1])
  return middle && found.length === 3 ? [middle] : found
}

/** Brings a dragged box into line with the cards around it, where it is nearly there. */
export function align(box: Rect, others: readonly Rect[], within: number): Alignment {
  const dx = nearest(box, others, across, within) ?? 0
  const dy = nearest(box, others, down, within) ?? 0
  const moved = { ...box, x: box.x + dx, y: box.y + dy }
  return { dx, dy, lines: [...linesOf(moved, others, across, down), ...linesOf(moved, others, down, across)] }
}
