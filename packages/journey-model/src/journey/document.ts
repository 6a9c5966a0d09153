import type { Where } from "../conditions/condition.ts"

/** A box on the canvas. `config` is the node type's own schema; a type that is not known here is kept as it is. */
export type JourneyNode = {
  id: string
  type: string
  version: number
  name?: string
  config: Record<string, unknown>
}

/** A connection from a named outcome; (from, outcome) is its key, at most one edge each. */
export type JourneyEdge = { from: string; outcome: string; to: string }

/** Whether and when the same customer may enter again. */
export type Reentry = { mode: "once" } | { mode: "after-exit"; cooldown: string } | { mode: "always" }

export type JourneySettings = {
  reentry: Reentry
  goal?: { event: string; where?: Where; within: string; exit: boolean }
  exitRules?: { id: string; event: string; where?: Where }[]
}

/** The one document of a journey: canvas, file, API and compiler hold this same thing (format 1). */
export type Journey = {
  format: 1
  key: string
  name: string
  description?: string
  tags?: string[]
  settings: JourneySettings
  nodes: JourneyNode[]
  edges: JourneyEdge[]
  layout?: Record<string, [x: number, y: number]>
  notes?: unknown[]
}
