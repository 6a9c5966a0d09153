import type { Journey, JourneyEdge, JourneyNode } from "../journey/document.ts"
import type { Json } from "../values/json.ts"
import { toPointer } from "../values/pointer.ts"

/** One value that is not the same: where it is, and what it was and is; absent where there was or is none. */
export type ValueChange = { at: string; before?: Json; after?: Json }

/** What became of a node; `same` though other nodes around it changed. Places on the canvas are no change. */
export type NodeDiff =
  | { kind: "added"; id: string; after: JourneyNode }
  | { kind: "removed"; id: string; before: JourneyNode }
  | { kind: "changed"; id: string; before: JourneyNode; after: JourneyNode; values: ValueChange[] }
  | { kind: "same"; id: string; after: JourneyNode }

/** What became of the connection of a way out; `rewired` leads elsewhere now. */
export type EdgeDiff = {
  kind: "added" | "removed" | "rewired" | "same"
  from: string
  outcome: string
  before?: string
  after?: string
}

/** `nodes`: those of the newer journey in its order, then removed ones. */
export type JourneyDiff = { nodes: NodeDiff[]; edges: EdgeDiff[]; journey: ValueChange[] }

/** What changed from one journey to another: nodes by id, their values path by path, connections by way out. */
export function diffJourneys(before: Journey, after: Journey): JourneyDiff {
  const old = new Map(before.nodes.map(node => [node.id, node]))
  const present = new Set(after.nodes.map(node => node.id))
  const nodes = after.nodes.map((node): NodeDiff => {
    const was = old.get(node.id)
    if (!was) return { kind: "added", id: node.id, after: node }
    const values = changesOf(meaningOf(was), meaningOf(node))
    return values.length === 0
      ? { kind: "same", id: node.id, after: node }
      : { kind: "changed", id: node.id, before: was, after: node, values }
  })
  const gone = before.nodes
    .filter(node => !present.has(node.id))
    .map((node): NodeDiff => ({ kind: "removed", id: node.id, before: node }))
  return {
    nodes: [...nodes, ...gone],
    edges: diffEdges(before.edges, after.edges),
    journey: changesOf(headOf(before), headOf(after)),
  }
}

/** Whether anything is different at all. */
export function isSameJourney({ nodes, edges, journey }: JourneyDiff): boolean {
  return [...nodes, ...edges].every(({ kind }) => kind === "same") && journey.length === 0
}

const meaningOf = ({ type, version, name, config }: JourneyNode): Json =>
  ({ type, version, ...(name === undefined ? {} : { name }), config }) as Json

const headOf = ({ name, description = "", tags = [], settings }: Journey): Json =>
  ({ name, description, tags, settings }) as unknown as Json

const keyOf = ({ from, outcome }: JourneyEdge): string => JSON.stringify([from, outcome])

function diffEdges(before: readonly JourneyEdge[], after: readonly JourneyEdge[]): EdgeDiff[] {
  const old = new Map(before.map(edge => [keyOf(edge), edge]))
  const present = new Set(after.map(keyOf))
  const now = after.map((edge): EdgeDiff => {
    const { from, outcome, to } = edge
    const was = old.get(keyOf(edge))
    if (!was) return { kind: "added", from, outcome, after: to }
    return { kind: was.to === to ? "same" : "rewired", from, outcome, before: was.to, after: to }
  })
  const gone = before
    .filter(edge => !present.has(keyOf(edge)))
    .map(({ from, outcome, to }): EdgeDiff => ({ kind: "removed", from, outcome, before: to }))
  return [...now, ...gone]
}

type Step = string | number

/** Lists whose items have ids are compared item by item, so that a branch in front changes only itself. */
function changesOf(before: Json | undefined, after: Json | undefined, path: Step[] = []): ValueChange[] {
  if (isRecord(before) && isRecord(after)) {
    const names = new Set([...Object.keys(before), ...Object.keys(after)])
    return [...names].flatMap(name => changesOf(before[name], after[name], [...path, name]))
  }
  if (isNamedList(before) && isNamedList(after)) return changesOfList(before, after, path)
  if (JSON.stringify(before) === JSON.stringify(after)) return []
  return [
    {
      at: toPointer(path),
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
    },
  ]
}

type Named = { [name: string]: Json } & { id: string }

function changesOfList(before: readonly Named[], after: readonly Named[], path: Step[]): ValueChange[] {
  const ids = new Set([...before, ...after].map(({ id }) => id))
  const changes = [...ids].flatMap(id =>
    changesOf(
      before.find(item => item.id === id),
      after.find(item => item.id === id),
      [...path, id],
    ),
  )
  const order = (list: readonly Named[], other: readonly Named[]) =>
    list.map(({ id }) => id).filter(id => other.some(item => item.id === id))
  const was = order(before, after)
  const is = order(after, before)
  return was.join() === is.join() ? changes : [...changes, { at: toPointer(path), before: was, after: is }]
}

const isRecord = (value: Json | undefined): value is { [name: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const isNamedList = (value: Json | undefined): value is Named[] =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every(item => isRecord(item) && typeof item.id === "string")
