import {
  addDetached,
  appendAfter,
  type Command,
  connect,
  deleteNodes,
  disconnect,
  type Fix,
  insertOnEdge,
  type Journey,
  type JourneyEdge,
  moveNodes as moveNodesCommand,
  type NodeType,
  positionsOf,
  renameNode as renameCommand,
  replaceConfig as replaceConfigCommand,
  type Sentence,
  setJourney as setJourneyCommand,
  tidyUp as tidyCommand,
} from "@viaggio/journey-model"
import { graphOf } from "../graph/graph-index.ts"
import type { Session } from "./session.ts"

/** Where a new node goes: into a connection, after an open outcome, or free on the canvas. */
export type InsertTarget =
  | { kind: "edge"; from: string; outcome: string }
  | { kind: "after"; from: string; outcome: string; position?: [x: number, y: number] }
  | { kind: "free"; position: [x: number, y: number] }

// The edits of canvas, keyboard and inspector: each asks the model for a change, hands it to the session, and
// answers the model's reason where it refuses.

function run(session: Session, command: Command, group?: string): Sentence | undefined {
  if (!command.ok) return command.reason
  return session.apply(group === undefined ? command.change : { ...command.change, group })
}

/** Inserts a node, marks it and goes to its first field. */
export function insertNode(session: Session, target: InsertTarget, type: NodeType): Sentence | undefined {
  const command = insertCommand(session, target, type)
  const refusal = run(session, command)
  if (refusal || !command.ok) return refusal
  const [node] = command.created
  if (node !== undefined) session.focusOn({ node, at: "first" })
  return undefined
}

function insertCommand(session: Session, target: InsertTarget, type: NodeType): Command {
  const journey = session.journey()
  const at = session.now()
  switch (target.kind) {
    case "edge":
      return insertOnEdge(journey, target, type, { at })
    case "after":
      return appendAfter(journey, target.from, target.outcome, type, {
        at,
        ...(target.position ? { position: target.position } : {}),
      })
    case "free":
      return addDetached(journey, type, { at, position: target.position })
  }
}

export const connectNodes = (session: Session, edge: JourneyEdge): Sentence | undefined =>
  run(session, connect(session.journey(), edge, session.now()))

export const disconnectOutcome = (
  session: Session,
  edge: Pick<JourneyEdge, "from" | "outcome">,
): Sentence | undefined => run(session, disconnect(session.journey(), edge, session.now()))

/** Deletes the marked nodes or the marked connection; the entry stays, a journey cannot be without it. */
export function deleteSelected(
  session: Session,
  { heal, cut }: { heal: boolean; cut?: true },
): Sentence | undefined {
  const { selection } = session.store.getState()
  const journey = session.journey()
  if (selection.edge !== undefined) {
    const dot = selection.edge.indexOf(".")
    const refusal = disconnectOutcome(session, {
      from: selection.edge.slice(0, dot),
      outcome: selection.edge.slice(dot + 1),
    })
    session.select({ nodes: [] })
    return refusal
  }
  const { nodes, into } = graphOf(journey)
  const gone = selection.nodes.filter(id => nodes.get(id)?.type !== "event-entry")
  if (gone.length === 0) return undefined
  // The keyboard goes on from where the path came from.
  const before = into.get(gone[0] ?? "")?.[0]?.from
  const refusal = run(
    session,
    deleteNodes(journey, gone, { at: session.now(), heal, ...(cut ? { cut } : {}) }),
  )
  if (!refusal && before !== undefined && !gone.includes(before))
    session.select({ nodes: [before] }, { inspect: false })
  return refusal
}

/** Writes places, e.g. at the end of a drag; nothing where nothing has moved. */
export function moveNodes(session: Session, places: { [id: string]: [x: number, y: number] }): void {
  const now = positionsOf(session.journey())
  const moved = Object.entries(places).filter(([id, [x, y]]) => now[id]?.[0] !== x || now[id]?.[1] !== y)
  if (moved.length > 0)
    run(session, moveNodesCommand(session.journey(), Object.fromEntries(moved), session.now()))
}

/** Moves nodes by a distance; several presses in a row are one step of undo. */
export function nudgeNodes(
  session: Session,
  ids: readonly string[],
  [dx, dy]: [dx: number, dy: number],
): void {
  const places = positionsOf(session.journey())
  const moved = ids.map((id): [string, [number, number]] => {
    const [x, y] = places[id] ?? [0, 0]
    return [id, [x + dx, y + dy]]
  })
  run(
    session,
    moveNodesCommand(session.journey(), Object.fromEntries(moved), session.now()),
    `nudge ${ids.join(" ")}`,
  )
}

/** Lays the whole journey out anew, as one step; edits made while that is worked out are laid out too. */
export async function tidyUp(session: Session): Promise<Sentence | undefined> {
  for (;;) {
    const journey = session.journey()
    const positions = await session.layOut(journey)
    if (session.journey() === journey) return run(session, tidyCommand(journey, positions, session.now()))
  }
}

/** Mends a problem by its safe way out, as one step. */
export function mend(session: Session, fix: Fix): Sentence | undefined {
  const command = fix.command(session.now())
  if (!command.ok) return command.reason
  return session.apply({ ...command.change, label: { id: "change.fix", values: { fix: fix.label } } })
}

export const renameNode = (session: Session, id: string, name: string): Sentence | undefined =>
  run(session, renameCommand(session.journey(), id, name, session.now()))

/** Gives a node a new configuration; the letters typed into one field are one step of undo. */
export const replaceConfig = (
  session: Session,
  id: string,
  config: Record<string, unknown>,
  field: string,
): Sentence | undefined =>
  run(
    session,
    replaceConfigCommand(session.journey(), id, config, { at: session.now(), group: `${id}.${field}` }),
  )

export const setJourney = (
  session: Session,
  parts: Partial<Pick<Journey, "name" | "description" | "settings">>,
): Sentence | undefined => run(session, setJourneyCommand(parts, session.now()))
