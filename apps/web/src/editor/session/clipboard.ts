import {
  copyNodes,
  type Fragment,
  type Position,
  parseFragment,
  pasteNodes,
  printFragment,
  type Sentence,
} from "@viaggio/journey-model"
import { graphOf } from "../graph/graph-index.ts"
import { deleteSelected } from "./commands.ts"
import type { Session } from "./session.ts"

/** The marked nodes as clipboard text; undefined when none is marked. */
export function copySelected(session: Session): string | undefined {
  const { nodes } = session.store.getState().selection
  return nodes.length > 0 ? printFragment(copyNodes(session.journey(), nodes)) : undefined
}

/** The same, and the nodes are gone; what led into them leads on. */
export function cutSelected(session: Session): { text?: string; refusal?: Sentence } {
  const text = copySelected(session)
  if (text === undefined) return {}
  const refusal = deleteSelected(session, { heal: true, cut: true })
  return refusal ? { text, refusal } : { text }
}

/** Whether clipboard text is a piece of a journey. */
export const isFragment = (text: string): boolean => parseFragment(text) !== undefined

/** Puts clipboard text in, its middle at a place, else beside where it came from; marks what is new. */
export function paste(session: Session, text: string, middle?: Position): Sentence | undefined {
  const piece = parseFragment(text)
  return piece && put(session, piece, middle ? { offset: offsetTo(piece, middle) } : {})
}

/** Copies the marked nodes beside themselves. */
export function duplicateSelected(session: Session): Sentence | undefined {
  const { nodes } = session.store.getState().selection
  if (nodes.length === 0) return undefined
  return put(session, copyNodes(session.journey(), nodes), { duplicate: true })
}

function put(
  session: Session,
  piece: Fragment,
  how: { offset?: Position; duplicate?: true },
): Sentence | undefined {
  const command = pasteNodes(session.journey(), piece, { at: session.now(), ...how })
  if (!command.ok) return command.reason
  const refusal = session.apply(command.change)
  if (!refusal) session.select({ nodes: command.created })
  return refusal
}

function offsetTo({ nodes, layout }: Fragment, [x, y]: Position): Position {
  const places = nodes.map(({ id }): Position => layout[id] ?? [0, 0])
  const middleOf = (axis: 0 | 1) => {
    const values = places.map(place => place[axis])
    return (Math.min(...values) + Math.max(...values)) / 2
  }
  const grid = 10
  return [Math.round((x - middleOf(0)) / grid) * grid, Math.round((y - middleOf(1)) / grid) * grid]
}

/** Marks everything that can come after the marked nodes, and them. */
export function selectDownstream(session: Session): void {
  const { out } = graphOf(session.journey())
  const found = new Set(session.store.getState().selection.nodes)
  for (const id of found) for (const to of out.get(id)?.values() ?? []) found.add(to)
  session.select({ nodes: [...found] })
}
