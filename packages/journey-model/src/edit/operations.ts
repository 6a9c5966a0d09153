import type { JourneyEdge, JourneyNode, JourneySettings } from "../journey/document.ts"

/** A point on the canvas, whole numbers. */
export type Position = [x: number, y: number]

/**
 * One edit as data. Arrays are edited by index so that an inverse restores their order exactly. An empty name,
 * description or list of tags means absent; `null` as a position gives the node back to the layout.
 */
export type Operation =
  | { op: "addNode"; node: JourneyNode; at: number; position?: Position }
  | { op: "removeNode"; id: string }
  | { op: "addEdge"; edge: JourneyEdge; at: number }
  | { op: "removeEdge"; from: string; outcome: string }
  | { op: "setNode"; id: string; name?: string; config?: Record<string, unknown> }
  | { op: "moveNodes"; positions: { [id: string]: Position | null } }
  | {
      op: "setJourney"
      name?: string
      description?: string
      tags?: string[]
      settings?: JourneySettings
    }
