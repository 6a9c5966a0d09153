import type { Journey, WalkEntry } from "@viaggio/journey-model"

/** What lights up on the canvas: nodes that were left, the node where the customer stands, edges that were taken. */
export type Marks = {
  passed: ReadonlySet<string>
  here: string | undefined
  edges: ReadonlySet<string>
}

export const noMarks: Marks = { passed: new Set(), here: undefined, edges: new Set() }

/** The path that the told part of a walk's log describes. */
export function marksOf(journey: Journey, told: readonly WalkEntry[]): Marks {
  const connected = new Set(journey.edges.map(edge => `${edge.from}.${edge.outcome}`))
  const passed = new Set<string>()
  const edges = new Set<string>()
  let here: string | undefined
  for (const entry of told) {
    if (entry.kind === "parked") here = entry.node
    if (entry.kind !== "step") continue
    passed.add(entry.node)
    here = entry.ended === undefined ? undefined : entry.node
    if (entry.outcome === undefined) continue
    const own = `${entry.node}.${entry.outcome}`
    // An outcome that is not connected falls through by the main way.
    const main = ["next", "succeeded"].map(way => `${entry.node}.${way}`)
    edges.add([own, ...main].find(way => connected.has(way)) ?? own)
  }
  return { passed, here, edges }
}
