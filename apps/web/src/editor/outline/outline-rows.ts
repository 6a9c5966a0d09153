import { type Journey, mainOutcome } from "@viaggio/journey-model"
import { fallsThrough } from "../graph/card-geometry.ts"
import { type GraphIndex, graphOf } from "../graph/graph-index.ts"

/**
 * One line of the outline. A way stands above the steps that follow it: `open` leads nowhere yet, `jump` names a
 * step that is listed elsewhere. Levels count from 1.
 */
export type OutlineRow =
  | { kind: "node"; key: string; level: number; id: string }
  | { kind: "way"; key: string; level: number; from: string; outcome: string; open: boolean; jump?: string }

/** The journey as an indented list, in the order of the paths: what is a branch on the canvas is indented here. */
export function outlineRows(journey: Journey): readonly OutlineRow[] {
  const graph = graphOf(journey)
  const rows: OutlineRow[] = []
  const listed = new Set<string>()
  // By hand instead of by recursion: a journey may be a chain of 2,000 nodes.
  type Task =
    | { kind: "node"; id: string; level: number }
    | { kind: "way"; from: string; outcome: string; level: number; alone: boolean }
  const roots = [
    ...graph.order.filter(id => graph.nodes.get(id)?.type === "event-entry"),
    ...graph.order.filter(id => !graph.into.has(id)),
    ...graph.order,
  ]
  for (const root of roots) {
    if (listed.has(root)) continue
    const tasks: Task[] = [{ kind: "node", id: root, level: 1 }]
    for (let task = tasks.pop(); task; task = tasks.pop()) {
      if (task.kind === "node") {
        listed.add(task.id)
        rows.push({ kind: "node", key: task.id, level: task.level, id: task.id })
        tasks.push(...waysOf(graph, task.id, task.level).reverse())
        continue
      }
      const { from, outcome, level, alone } = task
      const to = graph.out.get(from)?.get(outcome)
      const leads = to !== undefined && graph.nodes.has(to)
      const jump = leads && listed.has(to) ? to : undefined
      if (!alone || !leads || jump !== undefined)
        rows.push({
          kind: "way",
          key: `${from}.${outcome}`,
          level,
          from,
          outcome,
          open: !leads,
          ...(jump === undefined ? {} : { jump }),
        })
      if (leads && jump === undefined) tasks.push({ kind: "node", id: to, level })
    }
  }
  return rows
}

/** A step's ways: one alone goes on at the same level, several are indented; what falls through is not said. */
function waysOf({ nodes, outcomes, out }: GraphIndex, id: string, level: number) {
  const node = nodes.get(id)
  const shown = (outcomes.get(id) ?? []).filter(
    outcome => out.get(id)?.has(outcome) || !fallsThrough(node?.type ?? "", outcome),
  )
  const main = node && mainOutcome(node)
  // The way of those for whom nothing happened goes on below, so that a row of waits does not run out of the page.
  const goesOn = (outcome: string) => shown.length === 1 || (outcome === main && outcome !== "else")
  return [...shown.filter(outcome => !goesOn(outcome)), ...shown.filter(goesOn)].map(outcome => ({
    kind: "way" as const,
    from: id,
    outcome,
    level: goesOn(outcome) ? level : level + 1,
    alone: shown.length === 1,
  }))
}
