import { connectionRule } from "../journey/connection-rule.ts"
import type { Journey, JourneyEdge } from "../journey/document.ts"
import { sentence } from "../values/problem.ts"
import type { EpochMs } from "../values/time.ts"
import { type Command, changed, nodeWord, refused } from "./commands.ts"
import type { Operation } from "./operations.ts"

/** Where paths come out again that run through the removed nodes only. */
const waysOut = (journey: Journey, start: string, removed: ReadonlySet<string>): Set<string> => {
  const through = new Set([start])
  const out = new Set<string>()
  for (const id of through) {
    for (const edge of journey.edges) {
      if (edge.from !== id) continue
      if (removed.has(edge.to)) through.add(edge.to)
      else out.add(edge.to)
    }
  }
  return out
}

/** The connection that takes the place of one into a removed node, where there is only one way it can go. */
const healed = (
  journey: Journey,
  edge: JourneyEdge,
  removed: ReadonlySet<string>,
): JourneyEdge | undefined => {
  const [to, ...others] = waysOut(journey, edge.to, removed)
  if (to === undefined || others.length > 0) return undefined
  const mended = { ...edge, to }
  return connectionRule(journey, mended) ? undefined : mended
}

/**
 * Removes nodes with their connections. With `heal`, what led into them leads on to where they led, wherever
 * that is just one node; else those ways out stay open. `cut`: they go on in the clipboard, and the step says so.
 */
export function deleteNodes(
  journey: Journey,
  ids: readonly string[],
  options: { at: EpochMs; heal: boolean; cut?: true },
): Command {
  const removed = new Set(ids.filter(id => journey.nodes.some(node => node.id === id)))
  if (removed.size === 0) return refused(sentence("edit.nothing"))
  const operations: Operation[] = []
  let index = 0
  for (const edge of journey.edges) {
    if (!removed.has(edge.from) && !removed.has(edge.to)) {
      index++
      continue
    }
    operations.push({ op: "removeEdge", from: edge.from, outcome: edge.outcome })
    const mended = options.heal && !removed.has(edge.from) ? healed(journey, edge, removed) : undefined
    if (mended) operations.push({ op: "addEdge", edge: mended, at: index++ })
  }
  for (const id of removed) operations.push({ op: "removeNode", id })
  const [only, ...more] = removed
  const verb = options.cut ? "cut" : "delete"
  const label =
    only !== undefined && more.length === 0
      ? sentence(`change.${verb}-one`, { node: nodeWord(journey, only) })
      : sentence(`change.${verb}`, { count: removed.size })
  return changed(label, operations, options.at)
}
