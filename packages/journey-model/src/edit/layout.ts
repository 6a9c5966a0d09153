import type { Journey } from "../journey/document.ts"
import { type Graph, graphOf, targetsOf } from "../journey/graph.ts"
import type { Position } from "./operations.ts"

/** Room that a node takes with its surroundings, in canvas units. */
export const columnWidth = 260
export const rowHeight = 140

export type Positions = { [id: string]: Position }

/** Room beside a card, and the card itself: one of ordinary width, or one that its ways out make wider. */
const gap = 40
const ordinaryWidth = columnWidth - gap
const outcomeWidth = 68

/** The width of a node's card with that many ways out, in canvas units. */
export const nodeWidth = (outcomes: number): number => Math.max(ordinaryWidth, outcomes * outcomeWidth)

/** Places whole numbers apart look drawn by hand; these are the steps in which a person drags. */
const grid = 10

/** The journey without its ways back, in an order in which every edge leads on. */
type Forward = { order: string[]; depth: Map<string, number>; before: Map<string, string[]>; roots: string[] }

const forwardOf = (graph: Graph): Forward => {
  const rootOf = new Map<string, string>()
  const order: string[] = []
  const roots: string[] = []
  const visit = (root: string): void => {
    // By hand instead of by recursion: a journey may be a chain of 2,000 nodes.
    const own: string[] = []
    const open = (id: string) => {
      rootOf.set(id, root)
      return { id, next: targetsOf(graph, id) }
    }
    const stack = [open(root)]
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const to = top.next.shift()
      if (to === undefined) {
        own.push(top.id)
        stack.pop()
      } else if (!rootOf.has(to)) stack.push(open(to))
    }
    // What a later start leads to comes after it: those nodes were found before.
    order.unshift(...own.reverse())
  }
  for (const id of [...(graph.entry ? [graph.entry.id] : []), ...graph.nodes.keys()]) {
    if (rootOf.has(id)) continue
    roots.push(id)
    visit(id)
  }
  const rank = new Map(order.map((id, index) => [id, index]))
  const depth = new Map(order.map(id => [id, 0]))
  const before = new Map<string, string[]>(order.map(id => [id, []]))
  for (const id of order) {
    for (const to of new Set(targetsOf(graph, id))) {
      if ((rank.get(to) ?? 0) <= (rank.get(id) ?? 0)) continue
      if (rootOf.get(to) === rootOf.get(id)) before.get(to)?.push(id)
      depth.set(to, Math.max(depth.get(to) ?? 0, (depth.get(id) ?? 0) + 1))
    }
  }
  return { order, depth, before, roots }
}

/**
 * For each node the last one that every path to it passes: where branches meet again, the node at which they
 * parted. A node is drawn below that one, so that what comes after a meeting does not hang on one branch.
 */
const partings = ({ order, before }: Forward): Map<string, string> => {
  const above = new Map<string, string>()
  const level = new Map<string, number>()
  for (const id of order) {
    let common: string | undefined
    for (const from of before.get(id) ?? []) {
      let other: string | undefined = from
      if (common === undefined) common = from
      while (common !== other && common !== undefined && other !== undefined) {
        if ((level.get(common) ?? 0) >= (level.get(other) ?? 0)) common = above.get(common)
        else other = above.get(other)
      }
    }
    if (common !== undefined) above.set(id, common)
    level.set(id, common === undefined ? 0 : (level.get(common) ?? 0) + 1)
  }
  return above
}

/**
 * A node with all that is drawn below it: how far it reaches to the left and right of the node in each row
 * (`reach` moved by `shift`), and how many rows it has.
 */
type Block = { reach: Map<number, [left: number, right: number]>; shift: number; rows: number }

const sides = (block: Block, row: number): [number, number] | undefined => {
  const own = block.reach.get(row)
  return own && [own[0] + block.shift, own[1] + block.shift]
}

/** How far `b` must stand to the right of `a` to be clear of it in all rows that both have. */
const clearance = (a: Block, b: Block): number => {
  const [less, more] = a.reach.size < b.reach.size ? [a, b] : [b, a]
  let far = Number.NEGATIVE_INFINITY
  for (const row of less.reach.keys()) {
    if (!more.reach.has(row)) continue
    far = Math.max(far, (sides(a, row)?.[1] ?? 0) - (sides(b, row)?.[0] ?? 0))
  }
  return far
}

/** Puts the smaller of two into the larger, which keeps the work small for long chains. */
const united = (a: Block, b: Block): Block => {
  const [less, more] = a.reach.size < b.reach.size ? [a, b] : [b, a]
  for (const row of less.reach.keys()) {
    const own = sides(less, row) as [number, number]
    const present = sides(more, row)
    const left = Math.min(own[0], present?.[0] ?? own[0])
    const right = Math.max(own[1], present?.[1] ?? own[1])
    more.reach.set(row, [left - more.shift, right - more.shift])
  }
  return { ...more, rows: Math.max(a.rows, b.rows) }
}

const moved = (block: Block, by: number): Block => ({ ...block, shift: block.shift + by })

/** A way that runs down beside its sisters to where they meet takes room like a card. */
const lane = (from: number, to: number): Block => ({
  reach: new Map(Array.from({ length: to - from }, (_, row) => [from + row, [-gap, gap]])),
  shift: 0,
  rows: 0,
})

/** One way that goes on much longer than its sisters is the way straight down; else the node stands in the middle. */
const middleOf = (slots: readonly { block: Block; x: number }[]): number => {
  const [longest, second] = [...slots].sort((a, b) => b.block.rows - a.block.rows)
  if (longest && longest.block.rows >= (second?.block.rows ?? 0) + 2) return longest.x
  return ((slots[0]?.x ?? 0) + (slots.at(-1)?.x ?? 0)) / 2
}

/**
 * Places every node anew: rows by the longest way from the entry, so that edges point down except where a path
 * goes back; branches from left to right in their order, close together; a node above the middle of its branches
 * or, where one goes on much longer than the others, straight above that one, so that a chain of waits runs down
 * and its exits stand beside it. The entry is at [0, 0].
 */
export function layoutJourney(journey: Journey): Positions {
  const graph = graphOf(journey)
  const forward = forwardOf(graph)
  const { order, depth, before, roots } = forward
  const above = partings(forward)
  const below = new Map<string, string[]>()
  for (const id of order) {
    const parent = above.get(id)
    if (parent !== undefined) below.set(parent, [...(below.get(parent) ?? []), id])
  }
  const offset = new Map<string, number>()
  const blocks = new Map<string, Block>()
  for (const id of [...order].reverse()) {
    const row = depth.get(id) ?? 0
    const children = new Set(below.get(id) ?? [])
    // Where branches meet is placed after them, below the middle.
    const meetings = [...children].filter(child => (before.get(child) ?? []).length > 1)
    const slots: { id?: string; block: Block; x: number }[] = []
    let packed: Block | undefined
    for (const to of new Set(targetsOf(graph, id))) {
      if (!children.has(to)) continue
      const isMeeting = meetings.includes(to)
      const block = isMeeting ? lane(row + 1, depth.get(to) ?? 0) : (blocks.get(to) as Block)
      // Without a row in common they cannot meet, and the order is all that is asked for.
      const apart = packed ? clearance(packed, block) : 0
      const x = Number.isFinite(apart) ? apart : (slots.at(-1)?.x ?? 0) + columnWidth
      slots.push({ block, x, ...(isMeeting ? {} : { id: to }) })
      packed = packed ? united(packed, moved(block, x)) : moved(block, x)
    }
    const middle = middleOf(slots)
    for (const slot of slots) if (slot.id !== undefined) offset.set(slot.id, slot.x - middle)
    let whole: Block = packed ? moved(packed, -middle) : { reach: new Map(), shift: 0, rows: 0 }
    for (const meeting of meetings) {
      const block = blocks.get(meeting) as Block
      const right = clearance(whole, block)
      const left = -clearance(block, whole)
      const isFree = right <= 0 || left >= 0
      const x = isFree ? 0 : right <= -left ? right : left
      offset.set(meeting, x)
      whole = united(whole, moved(block, x))
    }
    const half = (nodeWidth(graph.ways(id).length) + gap) / 2
    whole.reach.set(row, [-half - whole.shift, half - whole.shift])
    blocks.set(id, { ...whole, rows: whole.rows + 1 })
  }
  let all: Block | undefined
  for (const root of roots) {
    const block = blocks.get(root) as Block
    const x = all ? Math.max(0, clearance(all, block)) : 0
    offset.set(root, x)
    all = all ? united(all, moved(block, x)) : block
  }
  const columns = new Map<string, number>()
  for (const id of order) columns.set(id, (offset.get(id) ?? 0) + (columns.get(above.get(id) ?? "") ?? 0))
  return Object.fromEntries(
    journey.nodes.map(({ id }): [string, Position] => [
      id,
      [Math.round((columns.get(id) ?? 0) / grid) * grid, (depth.get(id) ?? 0) * rowHeight],
    ]),
  )
}

/** The nearest place to the right of the wanted one where no node stands yet. */
export function freePlace(taken: Iterable<Position>, wanted: Position): Position {
  const places = [...taken]
  let [x, y] = wanted
  while (places.some(place => Math.abs(place[0] - x) < columnWidth && Math.abs(place[1] - y) < rowHeight)) {
    x += columnWidth
  }
  return [x, y]
}

/**
 * Where every node stands: as the document says, and where it says nothing, below a node that leads there, or
 * beside everything else. A document without any layout is placed anew.
 */
export function positionsOf(journey: Journey): Positions {
  const { layout } = journey
  if (!layout) return layoutJourney(journey)
  const placed = new Map<string, Position>(
    journey.nodes.flatMap(({ id }) => {
      const position = Object.hasOwn(layout, id) ? layout[id] : undefined
      return position ? [[id, position] as const] : []
    }),
  )
  let waiting = journey.nodes.map(node => node.id).filter(id => !placed.has(id))
  while (waiting.length > 0) {
    const above = (id: string): Position | undefined => {
      const from = journey.edges.find(edge => edge.to === id && placed.has(edge.from))?.from
      return from === undefined ? undefined : placed.get(from)
    }
    const id = waiting.find(candidate => above(candidate)) ?? (waiting[0] as string)
    const parent = above(id)
    const lowest = Math.max(0, ...[...placed.values()].map(([, y]) => y + rowHeight))
    const wanted: Position = parent ? [parent[0], parent[1] + rowHeight] : [0, placed.size === 0 ? 0 : lowest]
    placed.set(id, freePlace(placed.values(), wanted))
    waiting = waiting.filter(other => other !== id)
  }
  return Object.fromEntries(placed)
}
